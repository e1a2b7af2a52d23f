/* What the agent learns from mails that are no reports about a domain of ours: those that it cannot read, and
 * those about domains that it does not know. Anybody may send them: many of them are one incident. */
#include <stdlib.h>

#include "base/clock.h"
#include "model/domain.h"
#include "store/decide.h"
#include "store/watch.h"
#include "watching.h"

static const sv many = SV_INIT("*");

/* What is known already of the agent itself. */
struct standing {
    struct incident *p;
    size_t n;
};

static bool load_standing(struct run *r, arena *a, struct standing *s, struct err *e)
{
    return store_load_incidents(r->store, SV(""), a, &s->p, &s->n, e);
}

static bool goes_on(const struct standing *s, enum rule_id rule, sv subject)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->p[i].rule == rule && s->p[i].state == INCIDENT_firing && sv_eq(s->p[i].subject, subject))
            return true;
    return false;
}

/* ---- mails that cannot be read ---- */

struct unread {
    sv domain, reason;
    int64_t since;
    bool verified;
};

struct unread_list {
    arena *a;
    struct unread *p;
    size_t n, room;
};

static bool on_unread(void *ctx, const struct store_unread *u)
{
    struct unread_list *l = ctx;
    if (u->trust == TRUST_failed)
        return true;
    struct unread *p = arena_more(l->a, l->p, l->n, &l->room, sizeof *p);
    if (p == NULL)
        return false;
    l->p = p;
    l->p[l->n++] = (struct unread){.domain = domain_fold(l->a, u->from_domain, NULL),
                                   .reason = arena_sv(l->a, u->reason),
                                   .since = u->since,
                                   .verified = u->trust == TRUST_verified};
    return true;
}

static int by_domain(const void *a, const void *b)
{
    const struct unread *x = a, *y = b;
    int order = sv_cmp(x->domain, y->domain);
    return order ? order : (x->since > y->since) - (x->since < y->since);
}

/* Mails of one sender, or of many. */
struct heap {
    uint64_t n;
    int64_t first, last;
    sv reason; /* code, of the last */
    bool verified;
};

static void heap_add(struct heap *h, const struct unread *u)
{
    h->first = h->n == 0 || u->since < h->first ? u->since : h->first;
    h->verified = u->verified && (h->n == 0 || h->verified);
    if (u->since >= h->last) {
        h->last = u->since;
        h->reason = u->reason;
    }
    h->n++;
}

static struct alert_plain *add_heap(struct watch *w, sv subject, const struct heap *h)
{
    struct alert_plain *p = watch_add(w, RULE_report_unusable, subject);
    p->first_day = day_of(h->first);
    p->last_day = day_of(h->last);
    p->detail = h->reason;
    p->verified = h->verified;
    p->much = h->n;
    return p;
}

struct unread_watch {
    struct watch w;
    struct standing standing;
    struct rule rule;
    struct heap fresh; /* of senders that become too many, */
    size_t n_told;     /* beside those that are told one by one */
    struct heap rest;  /* of this run, of nobody that is told one by one */
};

/* The mails of one sender, of which `all` may be told. */
static void weigh_sender(struct unread_watch *u, const struct unread *p, size_t n, bool crowd)
{
    struct heap h = {0};
    bool stands = goes_on(&u->standing, RULE_report_unusable, p->domain);
    for (size_t i = 0; i < n; i++)
        heap_add(&h, &p[i]);
    bool enough = p->domain.n && n >= u->rule.messages, single = stands || (enough && !crowd);
    if (single)
        add_heap(&u->w, p->domain, &h)->stays = !enough;
    for (size_t i = 0; i < n && !single; i++) {
        if (enough)
            heap_add(&u->fresh, &p[i]);
        else if (p[i].since >= u->w.run->started)
            heap_add(&u->rest, &p[i]);
    }
    u->n_told += single || enough;
}

static void weigh_all(struct unread_watch *u, const struct unread_list *l, bool crowd)
{
    u->n_told = u->w.n = 0;
    u->fresh = u->rest = (struct heap){0};
    for (size_t i = 0, end; i < l->n; i = end) {
        for (end = i; end < l->n && sv_eq(l->p[end].domain, l->p[i].domain); end++)
            ;
        weigh_sender(u, l->p + i, end - i, crowd);
    }
}

/* Of too many senders, or too large a share of what this run has read. */
static void add_many(struct unread_watch *u, const struct unread_list *l)
{
    const struct store_run_counts *read = &u->w.run->counts;
    uint64_t all = read->reports + read->known + u->rest.n;
    bool share = u->rest.n >= u->rule.messages && u->rest.n * 10000 > all * u->rule.share_bp;
    struct heap every = {0};
    for (size_t i = 0; i < l->n; i++)
        heap_add(&every, &l->p[i]);
    if (u->fresh.n || share)
        (void)add_heap(&u->w, many, u->fresh.n ? &u->fresh : &u->rest);
    else if (l->n && goes_on(&u->standing, RULE_report_unusable, many))
        add_heap(&u->w, many, &every)->stays = true;
}

bool watch_unread(struct run *r, arena *a, const struct watch_to *to, struct err *e)
{
    struct unread_watch u = {.w = {.run = r, .a = a},
                             .rule = rule_in_force(&r->config, SIZE_MAX, RULE_report_unusable)};
    struct unread_list l = {.a = a};
    if (!watch_start(&u.w, a, e) || !load_standing(r, a, &u.standing, e) ||
        !store_unread(r->store, r->started - u.rule.window_days * DAY_SECONDS, on_unread, &l, e))
        return false;
    if (l.n > 1)
        qsort(l.p, l.n, sizeof *l.p, by_domain);
    weigh_all(&u, &l, false);
    if (u.n_told > ALERT_BOTNET || goes_on(&u.standing, RULE_report_unusable, many))
        weigh_all(&u, &l, true);
    add_many(&u, &l);
    return watch_hand_over(&u.w, SV(""), SIZE_MAX, UINT64_C(1) << RULE_report_unusable, to, e);
}

/* ---- domains that the configuration does not know ---- */

static struct alert_plain *add_stranger(struct watch *w, sv domain, const struct watch_stranger *s)
{
    struct alert_plain *p = watch_add(w, RULE_unexpected_domain, domain);
    p->first_day = p->last_day = day_of(s->clock - 1);
    p->verified = s->verified;
    return p;
}

static size_t count_single(const struct standing *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->p[i].rule == RULE_unexpected_domain && s->p[i].state == INCIDENT_firing &&
             !sv_eq(s->p[i].subject, many);
    return n;
}

/* Who was told of goes on as long as the configuration does not know it; a crowd ends with any other one. */
static void add_standing(struct watch *w, const struct standing *s, const struct judge *judge)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->p[i].rule == RULE_unexpected_domain && s->p[i].state == INCIDENT_firing &&
            !sv_eq(s->p[i].subject, many) && judge_domain(judge, s->p[i].subject) == SIZE_MAX)
            watch_add(w, RULE_unexpected_domain, s->p[i].subject)->stays = true;
}

static void add_new(struct watch *w, const struct watch_strangers *s, const struct standing *standing)
{
    struct watch_stranger last = {.clock = 0};
    uint64_t fresh = s->more;
    for (size_t i = 0; i < s->n; i++)
        fresh += !goes_on(standing, RULE_unexpected_domain, s->p[i].domain);
    bool crowd =
        goes_on(standing, RULE_unexpected_domain, many) || fresh + count_single(standing) > ALERT_BOTNET;
    for (size_t i = 0; i < s->n; i++) {
        if (goes_on(standing, RULE_unexpected_domain, s->p[i].domain))
            continue;
        if (!crowd)
            (void)add_stranger(w, s->p[i].domain, &s->p[i]);
        else if (s->p[i].clock > last.clock)
            last = s->p[i];
    }
    if (crowd && last.clock)
        add_stranger(w, many, &last)->much = fresh;
}

bool watch_strangers(struct run *r, const struct judge *judge, const struct watch_strangers *s, arena *a,
                     const struct watch_to *to, struct err *e)
{
    struct watch w = {.run = r, .a = a};
    struct standing standing;
    if (s->n == 0 && !s->reconfigured)
        return true;
    if (!watch_start(&w, a, e) || !load_standing(r, a, &standing, e))
        return false;
    add_new(&w, s, &standing);
    if (s->reconfigured)
        add_standing(&w, &standing, judge);
    return watch_hand_over(&w, SV(""), SIZE_MAX, s->reconfigured ? UINT64_C(1) << RULE_unexpected_domain : 0,
                           to, e);
}
