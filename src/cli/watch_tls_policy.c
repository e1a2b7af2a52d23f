/* The TLS policies that reporters see. Each is held against what the same reporter saw before, as some know
 * MTA-STS alone, some DANE too, and all keep what they fetched for a while. */
#include <stdlib.h>

#include "base/clock.h"
#include "model/domain.h"
#include "model/tlsrpt.h"
#include "store/decide.h"
#include "store/watch.h"
#include "watching.h"

enum {
    WINDOW_DAYS = 7,     /* of receipt; a change that is as old is known by all, and goes on no longer */
    SIGHTS_MAX = 200000, /* the newest, of all domains */
    ASK_MAX = 50         /* reports of one reporter, whose mails are looked at */
};

/* What one report says that a domain asks for. */
struct sight {
    sv domain, reporter, policy;
    int64_t report, day, mail, received;
};

struct policy_watch {
    struct watch w;
    arena *all; /* of what is read */
    const struct judge *judge;
    struct sight *p;
    size_t n, room;
};

/* Those of one report are one: MTA-STS says more than DANE, and any more than none. */
static bool is_better(sv policy, sv than)
{
    bool sts = sv_starts(policy, SV("mode="));
    return sts || (sv_eq(than, SV("no-policy-found")) && !sv_eq(policy, than));
}

static struct sight *add(struct policy_watch *t)
{
    struct sight *p = arena_more(t->all, t->p, t->n, &t->room, sizeof *p);
    if (p == NULL)
        return NULL;
    t->p = p;
    return &p[t->n++];
}

static bool on_policy(void *ctx, const struct store_tls *s)
{
    struct policy_watch *t = ctx;
    struct sight *last = t->n ? &t->p[t->n - 1] : NULL;
    if (t->n == SIGHTS_MAX)
        return false;
    sv domain = domain_fold(t->all, s->of.domain, NULL);
    if (domain.n == 0 || s->end > s->received + DAY_SECONDS ||
        watch_entry(&t->w, t->judge, domain) == SIZE_MAX)
        return true;
    sv policy = tls_policy_asks(&s->of, t->all);
    if (policy.n == 0)
        return true;
    if (last && last->report == s->report && sv_eq(last->domain, domain)) {
        last->policy = is_better(policy, last->policy) ? policy : last->policy;
        return true;
    }
    struct sight *to = add(t);
    if (to)
        *to = (struct sight){.domain = domain,
                             .reporter = arena_sv(t->all, s->reporter),
                             .policy = policy,
                             .report = s->report,
                             .day = day_of(s->end - 1),
                             .mail = s->mail,
                             .received = s->received};
    return to != NULL;
}

/* The newest of a reporter first. */
static int by_reporter(const void *a, const void *b)
{
    const struct sight *x = a, *y = b;
    int order = sv_cmp(x->domain, y->domain);
    order = order ? order : sv_cmp(x->reporter, y->reporter);
    order = order ? order : (x->day < y->day) - (x->day > y->day);
    return order ? order : (x->report < y->report) - (x->report > y->report);
}

static const struct store_tls_seen *seen_by(const struct store_tls_seen *seen, size_t n, sv reporter)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(seen[i].reporter, reporter))
            return &seen[i];
    return NULL;
}

/* The newest verified one, else the newest that did not fail authentication; NULL: there is none. */
static bool choose(struct policy_watch *t, const struct sight *p, size_t n, const struct sight **best,
                   bool *verified, struct err *e)
{
    *best = NULL;
    *verified = false;
    for (size_t i = 0; i < n && i < ASK_MAX && !*verified; i++) {
        enum trust trust;
        sv from;
        if (!store_mail_trust(t->w.run->store, p[i].mail, t->w.a, &trust, &from, e))
            return false;
        *verified = trust == TRUST_verified;
        if (*verified || (trust != TRUST_failed && *best == NULL))
            *best = &p[i];
    }
    return true;
}

/* Nothing is new, so that nobody need be asked. */
static bool is_as_seen(const struct store_tls_seen *was, const struct sight *p, size_t n)
{
    if (was == NULL || p[0].day > was->day)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!sv_eq(p[i].policy, was->policy))
            return false;
    return true;
}

/* A reporter that knows both tells of DANE alone when nothing was sent under MTA-STS. */
static bool is_change(sv before, sv after)
{
    return !sv_eq(before, after) && !(sv_starts(before, SV("mode=")) && sv_eq(after, SV("tlsa")));
}

/* What is to be remembered of the domain at hand. */
struct memory {
    struct store_tls_seen *p;
    size_t n;
};

static void tell(struct policy_watch *t, const struct store_tls_seen *was, const struct sight *now,
                 bool verified)
{
    for (size_t i = 0; i < t->w.n; i++)
        if (sv_eq(t->w.list[i].subject, now->policy)) {
            t->w.list[i].verified = t->w.list[i].verified || verified;
            return;
        }
    struct alert_plain *to = watch_add(&t->w, RULE_tls_policy_changed, now->policy);
    to->first_day = to->last_day = now->day;
    to->detail = was->policy;
    to->after = now->policy;
    to->verified = verified;
    to->reported = now->received;
}

static bool look_at(struct policy_watch *t, const struct sight *p, size_t n, const struct store_tls_seen *was,
                    struct memory *m, struct err *e)
{
    const struct sight *now;
    bool verified;
    if (is_as_seen(was, p, n))
        return true;
    if (!choose(t, p, n, &now, &verified, e))
        return false;
    if (now == NULL || (was && now->day <= was->day))
        return true;
    if (was && is_change(was->policy, now->policy))
        tell(t, was, now, verified);
    else if (was && !sv_eq(was->policy, now->policy))
        return true;
    m->p[m->n++] = (struct store_tls_seen){now->reporter, now->policy, now->day};
    return true;
}

/* Told are those of this run; what was told before goes on for a week. */
static bool add_standing(struct policy_watch *t, sv domain, struct err *e)
{
    struct incident *in;
    size_t n;
    int64_t today = day_of(t->w.run->started);
    if (!store_load_incidents(t->w.run->store, domain, t->w.a, &in, &n, e))
        return false;
    for (size_t i = 0; t->w.n == 0 && i < n; i++)
        if (in[i].rule == RULE_tls_policy_changed && in[i].state == INCIDENT_firing &&
            today - day_of(in[i].opened) <= WINDOW_DAYS) {
            struct alert_plain *to = watch_add(&t->w, RULE_tls_policy_changed, in[i].subject);
            to->stays = true;
            to->first_day = in[i].first_day;
            to->last_day = in[i].last_day;
            to->detail = in[i].before;
            to->after = in[i].after;
            return true;
        }
    return true;
}

static bool hand_over(struct policy_watch *t, sv domain, const struct sight *p, size_t n,
                      const struct watch_to *to, struct err *e)
{
    struct store_tls_seen *seen;
    size_t n_seen;
    watch_next(&t->w);
    struct memory m = {.p = arena_array(t->w.a, n, sizeof *m.p)};
    if (!m.p)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (!store_load_tls_seen(t->w.run->store, domain, t->w.a, &seen, &n_seen, e))
        return false;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && sv_eq(p[end].reporter, p[i].reporter); end++)
            ;
        if (!look_at(t, p + i, end - i, seen_by(seen, n_seen, p[i].reporter), &m, e))
            return false;
    }
    if (!add_standing(t, domain, e) || !watch_hand_over(&t->w, domain, judge_domain(t->judge, domain),
                                                        UINT64_C(1) << RULE_tls_policy_changed, to, e))
        return false;
    for (size_t i = 0; i < m.n && !*to->waits; i++)
        if (!store_put_tls_seen(t->w.run->store, domain, &m.p[i], e))
            return false;
    return true;
}

static bool has_some(const struct policy_watch *t, sv domain)
{
    for (size_t i = 0; i < t->n; i++)
        if (sv_eq(t->p[i].domain, domain))
            return true;
    return false;
}

bool watch_tls_policy(struct run *r, const struct judge *judge, const struct watch_memory *m,
                      const struct watch_to *to, struct err *e)
{
    struct policy_watch t = {.w = {.run = r, .a = m->one}, .all = m->all, .judge = judge};
    sv *firing;
    size_t n_firing;
    if (!watch_start(&t.w, m->all, e) ||
        !store_tls_asked(r->store, r->started - WINDOW_DAYS * DAY_SECONDS, on_policy, &t, e) ||
        !store_firing_domains(r->store, RULE_tls_policy_changed, m->all, &firing, &n_firing, e))
        return false;
    if (t.n > 1)
        qsort(t.p, t.n, sizeof *t.p, by_reporter);
    for (size_t i = 0, end; i < t.n; i = end) {
        for (end = i; end < t.n && sv_eq(t.p[end].domain, t.p[i].domain); end++)
            ;
        if (!hand_over(&t, t.p[i].domain, t.p + i, end - i, to, e))
            return false;
    }
    for (size_t i = 0; i < n_firing; i++)
        if (!has_some(&t, firing[i]) && !hand_over(&t, firing[i], NULL, 0, to, e))
            return false;
    return !m->all->failed || err_set(e, ERR_MEMORY, "out of memory");
}
