/* TLS reports (RFC 8460): sessions with our mail servers that failed. Each kind of failure at each server is
 * an incident, over when all who told of it have told of a later day without it. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/num.h"
#include "model/domain.h"
#include "model/tlsrpt.h"
#include "store/decide.h"
#include "store/watch.h"
#include "watching.h"

enum {
    WINDOW_DAYS = 7,
    REPORTERS_NAMED = 3,   /* of an incident */
    SAYINGS_MAX = 200000,  /* the newest, of all domains */
    DAYS = WINDOW_DAYS + 3 /* that are looked at: reports end before and after they come */
};

/* What one report says of one policy, or of one kind of failure under it. */
struct saying {
    sv domain, kind, reporter; /* kind: "certificate-expired at mx.example.com"; absent: nothing failed */
    enum sts_mode mode;
    int64_t report, policy, day, received, mail;
    uint64_t sessions, ok, all;
    int64_t well; /* the last day of which its reporter tells of sessions that succeeded */
    sv from;      /* the domain of which it is verified; absent: of none */
    bool verified;
};

struct tls_watch {
    struct watch w;
    arena *all; /* of what is read */
    const struct judge *judge;
    struct saying *p;
    size_t n, room;
    sv written, domain; /* of the last one, as written and folded; absent: not watched */
    int64_t first_day;
    /* of the domain at hand */
    const struct incident *incidents;
    size_t n_incidents;
    bool crowd_known;        /* it is handed over, or its kinds are proven to be over */
    uint64_t sessions[DAYS]; /* all, by day */
};

static sv watched_domain(struct tls_watch *t, sv written)
{
    if (t->written.p && sv_eq(t->written, written))
        return t->domain;
    t->written = arena_sv(t->all, written);
    t->domain = domain_fold(t->all, written, NULL);
    if (watch_entry(&t->w, t->judge, t->domain) == SIZE_MAX)
        t->domain = SV_ABSENT;
    return t->domain;
}

static struct saying *add(struct tls_watch *t)
{
    struct saying *p = arena_more(t->all, t->p, t->n, &t->room, sizeof *p);
    if (p == NULL)
        return NULL;
    t->p = p;
    return &p[t->n++];
}

/* The server is named where that helps: all have the same policy. Types that RFC 8460 has not are one: who
 * makes up a new one each day must not be told of each day. */
static sv kind_of(arena *a, const struct store_tls *s)
{
    enum { LONGEST = 100 };
    if (s->result_type.n == 0)
        return SV_ABSENT;
    sv known = tls_result_type_known(s->result_type);
    sv type = known.n ? known : SV("other");
    return s->mx.n ? arena_printf(a, "%.*s at %.*s", SV_ARG(type), SV_ARG(sv_first(s->mx, LONGEST)))
                   : arena_sv(a, type);
}

static bool on_saying(void *ctx, const struct store_tls *s)
{
    struct tls_watch *t = ctx;
    sv domain = watched_domain(t, s->of.domain);
    int64_t day = day_of(s->end - 1);
    if (t->n == SAYINGS_MAX)
        return false;
    if (domain.n == 0 || day < t->first_day || day >= t->first_day + DAYS)
        return true;
    struct saying *to = add(t);
    if (to)
        *to = (struct saying){.domain = domain,
                              .kind = kind_of(t->all, s),
                              .reporter = arena_sv(t->all, s->reporter),
                              .mode = tls_policy_mode(&s->of),
                              .report = s->report,
                              .policy = s->policy,
                              .day = day,
                              .received = s->received,
                              .mail = s->mail,
                              .sessions = s->sessions,
                              .ok = s->of.ok,
                              .all = sat_add(s->of.ok, s->of.failed)};
    return to != NULL;
}

static int by_domain(const void *a, const void *b)
{
    const struct saying *x = a, *y = b;
    int order = sv_cmp(x->domain, y->domain);
    order = order ? order : (x->report > y->report) - (x->report < y->report);
    return order ? order : (x->policy > y->policy) - (x->policy < y->policy);
}

/* Leaves those out that failed authentication. */
static bool ask_trust(struct tls_watch *t, struct saying *p, size_t *n, struct err *e)
{
    enum trust trust = TRUST_unknown;
    sv from = SV_ABSENT;
    size_t left = 0;
    for (size_t i = 0, mail = 0; i < *n; i++) {
        if ((i == 0 || p[i].mail != p[mail].mail) &&
            !store_mail_trust(t->w.run->store, p[i].mail, t->w.a, &trust, &from, e))
            return false;
        mail = i;
        p[i].from = from;
        p[i].verified = trust == TRUST_verified;
        if (trust != TRUST_failed)
            p[left++] = p[i];
    }
    *n = left;
    return true;
}

/* Each policy of each report once; they follow each other. */
static void sum_days(struct tls_watch *t, const struct saying *p, size_t n)
{
    memset(t->sessions, 0, sizeof t->sessions);
    for (size_t i = 0; i < n; i++) {
        uint64_t *day = &t->sessions[p[i].day - t->first_day];
        if (i == 0 || p[i].report != p[i - 1].report || p[i].policy != p[i - 1].policy)
            *day = sat_add(*day, p[i].all);
    }
}

static int by_reporter(const void *a, const void *b)
{
    const struct saying *x = a, *y = b;
    return sv_cmp(x->reporter, y->reporter);
}

static int by_from(const void *a, const void *b)
{
    const struct saying *x = a, *y = b;
    return sv_cmp(x->from, y->from);
}

/* Of sayings in that order, all of one reporter. */
static void share_well(struct saying *p, size_t n, int (*by)(const void *, const void *))
{
    for (size_t i = 0, end; i < n; i = end) {
        int64_t well = INT64_MIN;
        for (end = i; end < n && by(&p[end], &p[i]) == 0; end++)
            if (p[end].ok && p[end].day > well)
                well = p[end].day;
        for (size_t k = i; k < end; k++)
            p[k].well = well;
    }
}

/* Anybody may write under any name: to what is verified, only what is verified of the same domain belongs. */
static void find_well(struct saying *p, size_t n)
{
    size_t unsure = 0;
    qsort(p, n, sizeof *p, by_reporter);
    share_well(p, n, by_reporter);
    qsort(p, n, sizeof *p, by_from);
    while (unsure < n && !p[unsure].verified)
        unsure++;
    share_well(p + unsure, n - unsure, by_from);
}

static int by_kind(const void *a, const void *b)
{
    const struct saying *x = a, *y = b;
    int order = sv_cmp(x->kind, y->kind);
    order = order ? order : sv_cmp(x->reporter, y->reporter);
    return order ? order : (x->day > y->day) - (x->day < y->day);
}

/* All who told of the kind have told of a later day without it. */
static bool is_proven(const struct saying *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i].well <= p[i].day)
            return false;
    return true;
}

/* The sessions of one kind on one day. */
static struct alert_plain count_day(const struct tls_watch *t, const struct saying *p, size_t n, int64_t day)
{
    static const char *const modes[] = {[STS_MODE_UNKNOWN] = "",
                                        [STS_MODE_NONE] = "",
                                        [STS_MODE_TESTING] = "testing",
                                        [STS_MODE_ENFORCE] = "enforce"};
    enum sts_mode mode = STS_MODE_UNKNOWN;
    struct alert_plain to = {.first_day = day, .last_day = day};
    for (size_t i = 0; i < n; i++) {
        if (p[i].day != day)
            continue;
        to.counts.failed = sat_add(to.counts.failed, p[i].sessions);
        to.verified = to.verified || p[i].verified;
        mode = p[i].mode > mode ? p[i].mode : mode;
        if (p[i].received >= to.reported) {
            to.reported = p[i].received;
            to.after = p[i].reporter;
        }
    }
    uint64_t all = t->sessions[day - t->first_day];
    to.counts.total = all > to.counts.failed ? all : to.counts.failed;
    to.detail = sv_c(modes[mode]);
    to.harmful = mode == STS_MODE_ENFORCE;
    to.mere = mode == STS_MODE_TESTING;
    return to;
}

static bool is_enough(const struct rule *r, const struct counts *c)
{
    enum { ALL = 10000 };
    bool huge = c->total > UINT64_MAX / ALL;
    return c->failed >= r->messages &&
           (huge ? c->failed / r->share_bp >= c->total / ALL : c->failed * ALL >= c->total * r->share_bp);
}

/* Who tells of the kind on the day, those with the most sessions first. Sayings are by reporter. */
static void name_reporters(struct tls_watch *t, const struct saying *p, size_t n, struct alert_plain *to)
{
    struct notice_reporter most[REPORTERS_NAMED] = {0}, one = {0};
    to->reporters = arena_array(t->w.a, REPORTERS_NAMED, sizeof *to->reporters);
    for (size_t i = 0, end; to->reporters && i < n; i = end) {
        one = (struct notice_reporter){.name = p[i].reporter};
        bool tells = false;
        for (end = i; end < n && sv_eq(p[end].reporter, p[i].reporter); end++) {
            bool now = p[end].day == to->last_day;
            tells = tells || now;
            one.messages = sat_add(one.messages, now ? p[end].sessions : 0);
            one.verified = one.verified || (now && p[end].verified);
        }
        if (!tells)
            continue;
        to->all_reporters++;
        for (size_t k = 0; k < REPORTERS_NAMED; k++) {
            if (most[k].name.p && most[k].messages >= one.messages)
                continue;
            struct notice_reporter less = most[k];
            most[k] = one;
            one = less;
        }
    }
    to->n_reporters = to->all_reporters < REPORTERS_NAMED ? to->all_reporters : REPORTERS_NAMED;
    for (size_t k = 0; to->reporters && k < to->n_reporters; k++)
        to->reporters[k] = most[k];
}

/* The last day that is enough; or any, which is enough for it to go on. */
static struct alert_plain weigh(struct tls_watch *t, const struct rule *rule, const struct saying *p,
                                size_t n)
{
    struct alert_plain best = {.stays = true};
    for (int64_t day = t->first_day; day < t->first_day + DAYS; day++) {
        struct alert_plain one = count_day(t, p, n, day);
        one.stays = !is_enough(rule, &one.counts);
        if (one.counts.failed && one.stays <= best.stays)
            best = one;
    }
    name_reporters(t, p, n, &best);
    return best;
}

static bool goes_on(const struct tls_watch *t, sv kind)
{
    for (size_t i = 0; i < t->n_incidents; i++)
        if (t->incidents[i].rule == RULE_tls_failure && t->incidents[i].state == INCIDENT_firing &&
            sv_eq(t->incidents[i].subject, kind))
            return true;
    return false;
}

static void put(struct tls_watch *t, sv kind, const struct alert_plain *p)
{
    struct alert_plain *to = watch_add(&t->w, RULE_tls_failure, kind);
    sv subject = to->subject;
    *to = *p;
    to->rule = RULE_tls_failure;
    to->subject = subject;
}

/* Of what goes on, that it is over. */
static void put_proven(struct tls_watch *t, sv kind, bool verified)
{
    const struct alert_plain over = {.proven = true, .verified = verified};
    if (goes_on(t, kind))
        put(t, kind, &over);
}

/* All who told of the kind are verified. */
static bool is_sure(const struct saying *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!p[i].verified)
            return false;
    return true;
}

/* crowd: kinds that are new are one. The number of these. */
static size_t weigh_all(struct tls_watch *t, const struct rule *rule, const struct saying *p, size_t n,
                        bool crowd)
{
    struct alert_plain all = {.last_day = INT64_MIN};
    size_t fresh = 0, proven = 0, left = 0;
    bool sure = true;
    t->w.n = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && sv_eq(p[end].kind, p[i].kind); end++)
            ;
        if (p[i].kind.n == 0)
            continue;
        if (is_proven(p + i, end - i)) {
            proven++;
            sure = sure && is_sure(p + i, end - i);
            put_proven(t, p[i].kind, is_sure(p + i, end - i));
            continue;
        }
        struct alert_plain one = weigh(t, rule, p + i, end - i);
        bool on = goes_on(t, p[i].kind);
        left += !on;
        fresh += !on && !one.stays;
        if (on || (!one.stays && !crowd))
            put(t, p[i].kind, &one);
        else if (!one.stays && one.last_day > all.last_day)
            all = one;
    }
    t->crowd_known = fresh || (proven && !left);
    all.much = fresh;
    if (crowd && fresh)
        put(t, SV("*"), &all);
    else if (crowd && t->crowd_known)
        put_proven(t, SV("*"), sure);
    return fresh;
}

static bool is_told(const struct saying *p, size_t n, sv kind)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(p[i].kind, kind))
            return true;
    return false;
}

/* Those of which nobody tells any more: they may be over, but nobody says so. */
static void add_silent(struct tls_watch *t, const struct saying *p, size_t n)
{
    int64_t today = day_of(t->w.run->started);
    for (size_t i = 0; i < t->n_incidents; i++) {
        const struct incident *in = &t->incidents[i];
        bool known = sv_eq(in->subject, SV("*")) ? t->crowd_known : is_told(p, n, in->subject);
        if (in->rule != RULE_tls_failure || in->state != INCIDENT_firing || known)
            continue;
        const struct alert_plain silent = {.first_day = in->first_day,
                                           .last_day = in->last_day,
                                           .detail = in->before,
                                           .after = in->after,
                                           .counts = {.total = in->told_failed, .failed = in->told_failed},
                                           .stays = true,
                                           .fades = today - in->last_day > ALERT_FORGET_DAYS};
        put(t, in->subject, &silent);
    }
}

static bool hand_over(struct tls_watch *t, sv domain, struct saying *p, size_t n, const struct watch_to *to,
                      struct err *e)
{
    size_t entry = judge_domain(t->judge, domain);
    struct rule rule = rule_in_force(&t->w.run->config, entry, RULE_tls_failure);
    struct incident *incidents;
    watch_next(&t->w);
    if (!ask_trust(t, p, &n, e) ||
        !store_load_incidents(t->w.run->store, domain, t->w.a, &incidents, &t->n_incidents, e))
        return false;
    t->incidents = incidents;
    t->crowd_known = false;
    if (n > 0) {
        sum_days(t, p, n);
        find_well(p, n);
        qsort(p, n, sizeof *p, by_kind);
        if (weigh_all(t, &rule, p, n, false) > ALERT_BOTNET || goes_on(t, SV("*")))
            (void)weigh_all(t, &rule, p, n, true);
    }
    add_silent(t, p, n);
    return watch_hand_over(&t->w, domain, entry, UINT64_C(1) << RULE_tls_failure, to, e);
}

static bool has_some(const struct tls_watch *t, sv domain)
{
    for (size_t i = 0; i < t->n; i++)
        if (sv_eq(t->p[i].domain, domain))
            return true;
    return false;
}

static bool has_failures(const struct saying *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i].kind.n)
            return true;
    return false;
}

static bool is_among(sv domain, const sv *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(domain, list[i]))
            return true;
    return false;
}

bool watch_tls(struct run *r, const struct judge *judge, const struct watch_memory *m,
               const struct watch_to *to, struct err *e)
{
    struct tls_watch t = {.w = {.run = r, .a = m->one},
                          .all = m->all,
                          .judge = judge,
                          .first_day = day_of(r->started) - WINDOW_DAYS - 1};
    sv *firing;
    size_t n_firing;
    if (!watch_start(&t.w, m->all, e) ||
        !store_tls(r->store, r->started - WINDOW_DAYS * DAY_SECONDS, on_saying, &t, e) ||
        !store_firing_domains(r->store, RULE_tls_failure, m->all, &firing, &n_firing, e))
        return false;
    if (t.n > 1)
        qsort(t.p, t.n, sizeof *t.p, by_domain);
    for (size_t i = 0, end; i < t.n; i = end) {
        for (end = i; end < t.n && sv_eq(t.p[end].domain, t.p[i].domain); end++)
            ;
        if ((has_failures(t.p + i, end - i) || is_among(t.p[i].domain, firing, n_firing)) &&
            !hand_over(&t, t.p[i].domain, t.p + i, end - i, to, e))
            return false;
    }
    for (size_t i = 0; i < n_firing; i++)
        if (!has_some(&t, firing[i]) && !hand_over(&t, firing[i], NULL, 0, to, e))
            return false;
    return !m->all->failed || err_set(e, ERR_MEMORY, "out of memory");
}
