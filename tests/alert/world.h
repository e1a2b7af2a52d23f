/* One policy domain over several runs: rows come in, alert_decide is asked, what it writes is kept. */
#ifndef TEST_ALERT_WORLD_H
#define TEST_ALERT_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "alert/alert.h"
#include "base/buf.h"
#include "base/clock.h"

enum { DAY0 = 20000, OWN = 0, NEWS_LETTER = 1, LIST = 2, ESP = 3 };

struct entry {
    struct row row;
    struct verdict verdict;
};

struct world {
    arena memory;
    struct config config;
    struct sender_cfg senders[4];
    struct domain_cfg domains[1];
    struct route_cfg routes[1];
    size_t channel;
    struct entry *rows;
    size_t n_rows, cap_rows;
    struct incident *incidents;
    size_t n_incidents;
    uint32_t ids;
    int64_t clock; /* event clock of the next run */
    int64_t later; /* seconds by which its run clock is later than else */
    bool reconfigured;
    int64_t late; /* seconds that the run clock is ahead of it */
    uint8_t published;
    struct alert_known known[256];
    size_t n_known;
    int walks;
    struct decision last;
};

static inline void world_open(struct world *w)
{
    *w = (struct world){0};
    arena_init(&w->memory, (size_t)512 << 20);
    w->senders[OWN] = (struct sender_cfg){.name = SV("own"), .owner = SV("ops@example.com")};
    w->senders[NEWS_LETTER] = (struct sender_cfg){.name = SV("newsletter")};
    w->senders[LIST] = (struct sender_cfg){.name = SV("lists"), .kind = SENDER_FORWARDER};
    w->senders[ESP] = (struct sender_cfg){.name = SV("esp"), .shared = true};
    w->domains[0] = (struct domain_cfg){.name = SV("example.com"), .tenant = SV("acme")};
    w->routes[0] =
        (struct route_cfg){.match = {.severities = 1U << SEVERITY_warning | 1U << SEVERITY_critical},
                           .channels = &w->channel,
                           .n_channels = 1};
    w->config = (struct config){.senders = w->senders,
                                .n_senders = 4,
                                .domains = w->domains,
                                .n_domains = 1,
                                .routes = w->routes,
                                .n_routes = 1,
                                .max_age = 7 * DAY_SECONDS,
                                .learn = 14 * DAY_SECONDS};
    limits_default(&w->config.limits);
    for (size_t i = 0; i < RULE_END; i++)
        w->config.rules[i].severity = SEVERITY_END;
    w->clock = (DAY0 + 1) * DAY_SECONDS;
    w->late = 7200;
}

static inline void world_close(struct world *w)
{
    free(w->rows);
    arena_free(&w->memory);
}

/* A failing, let through row of nobody we know, in a report of its day that came in at once. */
static inline struct entry stranger(const char *ip, int64_t day, uint64_t count)
{
    struct entry e = {
        .row = {.day = day,
                .report = 1,
                .reporter = SV("Alpha"),
                .begin = day * DAY_SECONDS,
                .end = (day + 1) * DAY_SECONDS,
                .received = (day + 1) * DAY_SECONDS + 3600,
                .domain = SV("example.com"),
                .record = {.count = count, .header_from = SV("example.com")}},
        .verdict = {.who = WHO_unknown,
                    .sender = SIZE_MAX,
                    .via = SIZE_MAX,
                    .unlisted = SIZE_MAX,
                    .dkim = LEG_ABSENT,
                    .spf = LEG_ABSENT,
                    .fate = FATE_let_through},
    };
    assert_true(ip_parse(sv_c(ip), &e.row.record.source_ip));
    return e;
}

static inline struct entry ours(size_t sender, int64_t day, uint64_t count, bool pass)
{
    struct entry e = stranger("192.0.2.10", day, count);
    e.verdict.who = WHO_known;
    e.verdict.sender = sender;
    e.verdict.pass = pass;
    e.verdict.dkim = pass ? LEG_PASSED : LEG_BROKEN;
    e.verdict.spf = LEG_UNALIGNED;
    e.verdict.fate = pass ? FATE_let_through : FATE_rejected;
    return e;
}

static inline struct entry with_fate(struct entry e, enum fate fate)
{
    e.verdict.fate = fate;
    return e;
}

/* In a report of the reporter's own, that is believed so far. */
static inline struct entry trusted(struct entry e, enum trust trust)
{
    e.row.trust = (struct trust_verdict){.trust = trust};
    if (trust == TRUST_verified) {
        e.row.trust.sender = TRUST_SENDER_own;
        e.row.trust.domain = SV("alpha.example");
    }
    return e;
}

static inline struct entry *world_add(struct world *w, struct entry e)
{
    if (w->n_rows == w->cap_rows) {
        w->cap_rows = w->cap_rows ? 2 * w->cap_rows : 64;
        w->rows = realloc(w->rows, w->cap_rows * sizeof *w->rows);
        assert_non_null(w->rows);
    }
    w->rows[w->n_rows] = e;
    if (e.row.end > w->clock && e.row.end <= e.row.received)
        w->clock = e.row.end;
    return &w->rows[w->n_rows++];
}

static inline bool world_walk(void *ctx, alert_row_fn *fn, void *sink, struct err *e)
{
    struct world *w = ctx;
    (void)e;
    w->walks++;
    for (size_t i = 0; i < w->n_rows; i++)
        fn(sink, &w->rows[i].row, &w->rows[i].verdict);
    return true;
}

static inline void world_id(void *ctx, uint8_t id[INCIDENT_ID])
{
    struct world *w = ctx;
    memset(id, 0, INCIDENT_ID);
    id[0] = (uint8_t)(++w->ids >> 16);
    id[1] = (uint8_t)(w->ids >> 8);
    id[2] = (uint8_t)w->ids;
}

static inline int world_by_key(const void *a, const void *b)
{
    const struct alert_known *x = a, *y = b;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : sv_cmp(x->key, y->key);
}

static inline void world_remember(struct world *w, const struct alert_known *k)
{
    size_t at = 0;
    while (at < w->n_known && world_by_key(&w->known[at], k) != 0)
        at++;
    assert_true(at < COUNT_OF(w->known));
    w->known[at] = *k;
    w->n_known += at == w->n_known;
    qsort(w->known, w->n_known, sizeof *w->known, world_by_key);
}

/* Keeps what a decision writes, as the store does. */
static inline void world_write(struct world *w, const struct decision *d)
{
    struct incident *all = arena_array(&w->memory, w->n_incidents + d->n_incidents, sizeof *all);
    assert_non_null(all);
    size_t n = w->n_incidents;
    if (n > 0)
        memcpy(all, w->incidents, n * sizeof *all);
    for (size_t i = 0; i < d->n_incidents; i++) {
        size_t at = 0;
        while (at < n && memcmp(all[at].id, d->incidents[i].id, INCIDENT_ID) != 0)
            at++;
        all[at] = d->incidents[i];
        n += at == n;
    }
    w->incidents = all;
    w->n_incidents = n;
    for (size_t i = 0; i < d->n_known; i++)
        world_remember(w, &d->known[i]);
}

static inline const struct decision *world_run(struct world *w)
{
    struct err e = {0};
    struct alert_case c = {.config = &w->config,
                           .domain = SV("example.com"),
                           .entry = 0,
                           .incidents = w->incidents,
                           .n_incidents = w->n_incidents,
                           .reconfigured = w->reconfigured,
                           .now = w->clock + w->late + w->later,
                           .event_clock = w->clock,
                           .published = w->published,
                           .known = w->known,
                           .n_known = w->n_known,
                           .make_id = world_id,
                           .make_id_ctx = w};
    struct alert_rows rows = {world_walk, w};
    w->walks = 0;
    assert_true(alert_decide(&c, &rows, &w->memory, &w->last, &e));
    assert_int_equal(w->walks, w->last.tells ? 2 : 1);
    world_write(w, &w->last);
    return &w->last;
}

/* The notice's one item after a run that must tell. */
static inline const struct notice_item *world_told(struct world *w)
{
    const struct decision *d = world_run(w);
    assert_true(d->tells);
    assert_int_equal(d->notice.n_items, 1);
    assert_int_equal(d->notice.severity, d->notice.items[0].severity);
    return &d->notice.items[0];
}

/* A run that must neither tell nor write. */
static inline void world_silent(struct world *w)
{
    const struct decision *d = world_run(w);
    if (d->tells)
        fail_msg("%s is told", rule_name(d->notice.items[0].rule));
    assert_int_equal(d->n_incidents, 0);
}

/* The world of a file of tests, anew for each of them. */
#define WORLD_FOR_EACH_TEST(name)                                                                            \
    static struct world name;                                                                                \
    static int set_up(void **state)                                                                          \
    {                                                                                                        \
        (void)state;                                                                                         \
        world_open(&name);                                                                                   \
        return 0;                                                                                            \
    }                                                                                                        \
    static int tear_down(void **state)                                                                       \
    {                                                                                                        \
        (void)state;                                                                                         \
        world_close(&name);                                                                                  \
        return 0;                                                                                            \
    }                                                                                                        \
    static int tear_down(void **state)

#endif
