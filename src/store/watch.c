#include "store/watch.h"

#include "db.h"
#include "delivery.h"
#include "incident.h"
#include "model/domain.h"

/* Of so many, the newest; who sends more is not heard the better for it. */
enum {
    AHEAD_REPORTS = 1000,
    UNREAD_MAILS = 10000,
    FAILURE_REPORTS = 10000,
    TLS_REPORTS = 50000,
    TLS_REPORTERS = 100
};

bool store_failing_mailboxes(struct store *s, store_failing_fn *fn, void *ctx, struct err *e)
{
    struct query q = query_start(s, SQL_mailbox_streaks);
    while (query_row(&q)) {
        const struct store_failing f = {.name = col_text(&q, 0),
                                        .runs = (uint32_t)col_int(&q, 1),
                                        .since = col_int(&q, 2),
                                        .error = col_text(&q, 3)};
        if (!fn(ctx, &f))
            break;
    }
    return query_end(&q, e);
}

bool store_bad_channels(struct store *s, store_bad_channel_fn *fn, void *ctx, struct err *e)
{
    struct query q = query_start(s, SQL_channel_bad);
    while (query_row(&q)) {
        const struct store_bad_channel c = {.name = col_text(&q, 0),
                                            .parked = col_int(&q, 1),
                                            .gave_up = col_int(&q, 2),
                                            .failed_since = col_int(&q, 3),
                                            .error = col_text(&q, 4),
                                            .waiting = (uint64_t)col_int(&q, 5)};
        if (!fn(ctx, &c))
            break;
    }
    return query_end(&q, e);
}

bool store_past_runs(struct store *s, int64_t run, struct store_past_runs *out, struct err *e)
{
    struct query q = query_start(s, SQL_run_past);
    bind_int(&q, run);
    *out = (struct store_past_runs){0};
    if (query_row(&q))
        *out = (struct store_past_runs){.last = col_int(&q, 0), .latest = col_int(&q, 1)};
    return query_end(&q, e);
}

/* why: what went wrong beside the query. */
static bool end_asking(struct query *q, const struct err *why, struct err *e)
{
    if (!query_end(q, e))
        return false;
    if (why->cls != ERR_NONE)
        *e = *why;
    return why->cls == ERR_NONE;
}

bool store_ahead(struct store *s, int64_t after, arena *a, unsigned *reporters, int64_t *time, struct err *e)
{
    struct err why = {.cls = ERR_NONE};
    sv first = SV_ABSENT;
    struct query q = query_start(s, SQL_report_ahead);
    bind_int(&q, after);
    bind_int(&q, AHEAD_REPORTS);
    *reporters = 0;
    while (*reporters < 2 && why.cls == ERR_NONE && query_row(&q)) {
        struct trust_verdict v;
        sv domain = domain_fold(a, domain_of_address(col_text(&q, 2)), NULL);
        if (!delivery_trust(s, col_int(&q, 0), domain, a, &v, &why) || v.trust != TRUST_verified ||
            (*reporters && sv_eq(v.domain, first)))
            continue;
        first = v.domain;
        *time = col_int(&q, 1);
        ++*reporters;
    }
    return end_asking(&q, &why, e);
}

bool store_unread(struct store *s, int64_t from, store_unread_fn *fn, void *ctx, struct err *e)
{
    struct err why = {.cls = ERR_NONE};
    struct query q = query_start(s, SQL_unread_list);
    bind_int(&q, from);
    bind_int(&q, UNREAD_MAILS);
    while (why.cls == ERR_NONE && query_row(&q)) {
        struct trust_verdict v;
        if (!delivery_row_trust(s, &q, SV_ABSENT, &v, &why))
            break;
        const struct store_unread u = {col_text(&q, 1), col_text(&q, 3), col_int(&q, 4), v.trust};
        if (!fn(ctx, &u))
            break;
    }
    return end_asking(&q, &why, e);
}

static bool read_ip(sv octets, struct ip *ip)
{
    enum { V4_AT = 12 };
    *ip = (struct ip){.b = {[10] = 0xFF, [11] = 0xFF}};
    if (octets.n == 4)
        memcpy(ip->b + V4_AT, octets.p, 4);
    else if (octets.n == sizeof ip->b)
        memcpy(ip->b, octets.p, sizeof ip->b);
    return octets.n == 4 || octets.n == sizeof ip->b;
}

/* Columns from 3 on. */
static struct store_failure read_failure(struct query *q)
{
    struct store_failure f = {.received = col_int(q, 3)};
    f.report = (struct failure_report){.feedback_type = col_text(q, 4),
                                       .auth_failure = col_text(q, 5),
                                       .reported_domain = col_text(q, 6),
                                       .dkim_domain = col_text(q, 7),
                                       .dkim_selector = col_text(q, 8),
                                       .header_from_domain = col_text(q, 9),
                                       .message_id = col_text(q, 10),
                                       .incidents = (uint64_t)col_int(q, 12)};
    f.report.has_source_ip = read_ip(col_blob(q, 11), &f.report.source_ip);
    return f;
}

bool store_failures(struct store *s, int64_t from, store_failure_fn *fn, void *ctx, struct err *e)
{
    struct err why = {.cls = ERR_NONE};
    struct query q = query_start(s, SQL_failure_list);
    bind_int(&q, from);
    bind_int(&q, FAILURE_REPORTS);
    while (why.cls == ERR_NONE && query_row(&q)) {
        struct trust_verdict v;
        struct store_failure f = read_failure(&q);
        if (!delivery_row_trust(s, &q, SV_ABSENT, &v, &why))
            break;
        f.trust = v.trust;
        if (!fn(ctx, &f))
            break;
    }
    return end_asking(&q, &why, e);
}

static bool walk_tls(struct store *s, enum statement what, int64_t from, store_tls_fn *fn, void *ctx,
                     struct err *e)
{
    struct query q = query_start(s, what);
    bind_int(&q, from);
    bind_int(&q, TLS_REPORTS);
    while (query_row(&q)) {
        const struct store_tls t = {.report = col_int(&q, 0),
                                    .policy = col_int(&q, 1),
                                    .of = {.domain = col_text(&q, 2),
                                           .type = col_text(&q, 3),
                                           .text = col_text(&q, 4),
                                           .ok = (uint64_t)col_int(&q, 6),
                                           .failed = (uint64_t)col_int(&q, 7)},
                                    .end = col_int(&q, 5),
                                    .reporter = col_text(&q, 8),
                                    .received = col_int(&q, 9),
                                    .mail = col_int(&q, 10),
                                    .result_type = col_text(&q, 11),
                                    .mx = col_text(&q, 12),
                                    .sessions = (uint64_t)col_int(&q, 13)};
        if (!fn(ctx, &t))
            break;
    }
    return query_end(&q, e);
}

bool store_tls(struct store *s, int64_t from, store_tls_fn *fn, void *ctx, struct err *e)
{
    return walk_tls(s, SQL_tls_list, from, fn, ctx, e);
}

bool store_tls_asked(struct store *s, int64_t from, store_tls_fn *fn, void *ctx, struct err *e)
{
    return walk_tls(s, SQL_tls_asked, from, fn, ctx, e);
}

bool store_load_tls_seen(struct store *s, sv domain, arena *a, struct store_tls_seen **out, size_t *n,
                         struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(struct store_tls_seen)};
    struct query q = query_start(s, SQL_tls_seen_list);
    bind_text(&q, domain);
    for (struct store_tls_seen *one; query_row(&q) && (one = growing_add(&list));)
        *one = (struct store_tls_seen){.reporter = arena_sv(a, col_text(&q, 0)),
                                       .policy = arena_sv(a, col_text(&q, 1)),
                                       .day = col_int(&q, 2)};
    *out = list.items;
    *n = list.n;
    return query_end(&q, e) &&
           (!a->failed || err_set(e, ERR_MEMORY, "%s: out of memory while reading", s->path));
}

bool store_put_tls_seen(struct store *s, sv domain, const struct store_tls_seen *seen, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_tls_seen_put);
    bind_text(&q, domain);
    bind_text(&q, seen->reporter);
    bind_text(&q, seen->policy);
    bind_int(&q, seen->day);
    if (!query_run(&q, e))
        return false;
    q = query_start(s, SQL_tls_seen_thin);
    bind_text(&q, domain);
    bind_int(&q, TLS_REPORTERS);
    return query_run(&q, e);
}

bool store_mail_trust(struct store *s, int64_t mail, arena *a, enum trust *out, sv *verified, struct err *e)
{
    struct err why = {.cls = ERR_NONE};
    struct trust_verdict v = {.trust = TRUST_unknown};
    struct query q = query_start(s, SQL_mail_origin);
    bind_int(&q, mail);
    if (query_row(&q) && !delivery_row_trust(s, &q, SV_ABSENT, &v, &why))
        v.trust = TRUST_failed;
    *out = v.trust;
    *verified = v.trust == TRUST_verified ? arena_sv(a, v.domain) : SV_ABSENT;
    return end_asking(&q, &why, e);
}

bool store_firing_domains(struct store *s, enum rule_id rule, arena *a, sv **out, size_t *n, struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(sv)};
    struct query q = query_start(s, SQL_incident_domains);
    bind_text(&q, sv_c(rule_name(rule)));
    for (sv *domain; query_row(&q) && (domain = growing_add(&list));)
        *domain = arena_sv(a, col_text(&q, 0));
    *out = list.items;
    *n = list.n;
    return query_end(&q, e) &&
           (!a->failed || err_set(e, ERR_MEMORY, "%s: out of memory while reading", s->path));
}
