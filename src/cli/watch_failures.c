/* Failure reports (RFC 6591, RFC 9991): each is about a mail or some, and anybody may write one. What they
 * name is told once a network, and of very many networks as one. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/num.h"
#include "model/domain.h"
#include "store/decide.h"
#include "store/watch.h"
#include "watching.h"

struct failure {
    sv domain, subject, detail;
    int64_t received;
    uint64_t mails;
    bool ours, verified;
};

struct failures {
    struct watch w;
    arena *all; /* of what is read */
    const struct judge *judge;
    struct failure *p;
    size_t n, room;
};

/* What leads to the mail: its address, which check failed, its id, the key; in strangers' words. */
static sv detail_of(arena *a, const struct failure_report *r)
{
    enum { LONGEST = 80 };
    char ip[IP_TEXT];
    sv key = r->dkim_selector.n && r->dkim_domain.n
                 ? arena_printf(a, "%.*s._domainkey.%.*s", SV_ARG(r->dkim_selector), SV_ARG(r->dkim_domain))
                 : r->dkim_domain;
    const sv parts[] = {r->auth_failure, r->message_id, key};
    sv text = arena_sv(a, sv_c(ip_text(&r->source_ip, ip)));
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].n)
            text = arena_printf(a, "%.*s, %.*s", SV_ARG(text), SV_ARG(sv_first(parts[i], LONGEST)));
    return text;
}

/* The address is that of a sender of ours. */
static bool is_ours(const struct judge *judge, sv domain, const struct store_failure *f)
{
    struct verdict v;
    const struct row row = {
        .day = day_of(f->received),
        .domain = domain,
        .record = {.source_ip = f->report.source_ip, .header_from = domain, .count = f->report.incidents}};
    judge_row(judge, &row, &v);
    return v.who == WHO_known;
}

static struct failure *add(struct failures *l)
{
    struct failure *p = arena_more(l->all, l->p, l->n, &l->room, sizeof *p);
    if (p == NULL)
        return NULL;
    l->p = p;
    return &p[l->n++];
}

static bool on_failure(void *ctx, const struct store_failure *f)
{
    struct failures *l = ctx;
    const struct failure_report *r = &f->report;
    char net[CIDR_TEXT];
    if (f->trust == TRUST_failed || !r->has_source_ip || !failure_is_authentication(r))
        return true;
    sv domain =
        domain_fold(l->all, r->header_from_domain.n ? r->header_from_domain : r->reported_domain, NULL);
    if (watch_entry(&l->w, l->judge, domain) == SIZE_MAX)
        return true;
    struct cidr from = ip_neighbourhood(&r->source_ip);
    struct failure *to = add(l);
    if (to)
        *to = (struct failure){.domain = domain,
                               .subject = arena_sv(l->all, sv_c(cidr_text(&from, net))),
                               .detail = detail_of(l->all, r),
                               .received = f->received,
                               .mails = r->incidents,
                               .ours = is_ours(l->judge, domain, f),
                               .verified = f->trust == TRUST_verified};
    return to != NULL;
}

static int by_source(const void *a, const void *b)
{
    const struct failure *x = a, *y = b;
    int order = sv_cmp(x->domain, y->domain);
    order = order ? order : sv_cmp(x->subject, y->subject);
    return order ? order : (x->received > y->received) - (x->received < y->received);
}

static void count_in(struct alert_plain *p, const struct failure *f)
{
    int64_t day = day_of(f->received);
    bool first = p->counts.failed == 0;
    p->first_day = first || day < p->first_day ? day : p->first_day;
    if (first || f->received >= p->reported) {
        p->last_day = day;
        p->reported = f->received;
        p->detail = f->detail;
    }
    p->counts.failed = p->counts.total = sat_add(p->counts.failed, f->mails);
    p->verified = p->verified || f->verified;
    p->harmful = p->harmful || f->ours;
}

/* The reports of one domain: a source each; `crowd`: strangers' are one. */
static size_t weigh(struct failures *l, size_t entry, const struct failure *p, size_t n, bool crowd)
{
    struct rule rule = rule_in_force(&l->w.run->config, entry, RULE_failure_report);
    struct alert_plain *many = NULL;
    size_t strangers = 0;
    l->w.n = 0;
    for (size_t i = 0, end; i < n; i = end) {
        struct alert_plain one = {.subject = p[i].subject};
        for (end = i; end < n && sv_eq(p[end].subject, p[i].subject); end++)
            count_in(&one, &p[end]);
        strangers += !one.harmful;
        if (crowd && !one.harmful && many == NULL)
            many = watch_add(&l->w, RULE_failure_report, SV("*"));
        struct alert_plain *to =
            crowd && !one.harmful ? many : watch_add(&l->w, RULE_failure_report, p[i].subject);
        for (size_t k = i; k < end; k++)
            count_in(to, &p[k]);
        to->much = crowd ? strangers : 1;
        to->stays = to->counts.failed < rule.messages;
    }
    return strangers;
}

/* Very many were told of as one: those of them that are left are no news. */
static bool is_crowd(struct failures *l, sv domain, bool *crowd, struct err *e)
{
    struct incident *in;
    size_t n;
    *crowd = false;
    if (!store_load_incidents(l->w.run->store, domain, l->w.a, &in, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        *crowd = *crowd || (in[i].rule == RULE_failure_report && in[i].state == INCIDENT_firing &&
                            sv_eq(in[i].subject, SV("*")));
    return true;
}

static bool hand_over(struct failures *l, sv domain, const struct failure *p, size_t n,
                      const struct watch_to *to, struct err *e)
{
    size_t entry = judge_domain(l->judge, domain);
    bool crowd;
    watch_next(&l->w);
    if (!is_crowd(l, domain, &crowd, e))
        return false;
    if (weigh(l, entry, p, n, false) > ALERT_BOTNET || crowd)
        (void)weigh(l, entry, p, n, true);
    return watch_hand_over(&l->w, domain, entry, UINT64_C(1) << RULE_failure_report, to, e);
}

static bool has_some(const struct failures *l, sv domain)
{
    for (size_t i = 0; i < l->n; i++)
        if (sv_eq(l->p[i].domain, domain))
            return true;
    return false;
}

bool watch_failures(struct run *r, const struct judge *judge, const struct watch_memory *m,
                    const struct watch_to *to, struct err *e)
{
    struct failures l = {.w = {.run = r, .a = m->one}, .all = m->all, .judge = judge};
    struct rule rule = rule_in_force(&r->config, SIZE_MAX, RULE_failure_report);
    sv *firing;
    size_t n_firing;
    if (!watch_start(&l.w, m->all, e) ||
        !store_failures(r->store, r->started - rule.window_days * DAY_SECONDS, on_failure, &l, e) ||
        !store_firing_domains(r->store, RULE_failure_report, m->all, &firing, &n_firing, e))
        return false;
    if (l.n > 1)
        qsort(l.p, l.n, sizeof *l.p, by_source);
    for (size_t i = 0, end; i < l.n; i = end) {
        for (end = i; end < l.n && sv_eq(l.p[end].domain, l.p[i].domain); end++)
            ;
        if (!hand_over(&l, l.p[i].domain, l.p + i, end - i, to, e))
            return false;
    }
    for (size_t i = 0; i < n_firing; i++)
        if (!has_some(&l, firing[i]) && !hand_over(&l, firing[i], NULL, 0, to, e))
            return false;
    return !m->all->failed || err_set(e, ERR_MEMORY, "out of memory");
}
