/* Reports that have stopped. */
#include <stdlib.h>

#include "alert/alert.h"
#include "base/attr.h"
#include "base/clock.h"
#include "life.h"

struct gaps {
    int64_t longest, middle; /* days */
};

struct silence {
    const struct alert_quiet *q;
    sv tenant;
    uint32_t usual; /* days, the longest gap that was */
    struct incident incident;
};

static int by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The days between its reports: the longest, and the middle one. */
static struct gaps gaps_of(const struct alert_quiet *q)
{
    int64_t gaps[ALERT_QUIET_DAYS + 1];
    size_t n = 0;
    for (size_t i = 1; i < q->n_days && n < COUNT_OF(gaps); i++)
        gaps[n++] = q->days[i] - q->days[i - 1];
    if (n == 0)
        return (struct gaps){0};
    qsort(gaps, n, sizeof *gaps, by_length);
    return (struct gaps){.longest = gaps[n - 1], .middle = gaps[n / 2]};
}

/* Where reports come irregularly, the longest silence so far is not the longest there will be: it may be
 * exceeded by as much as it exceeds the usual one. */
static int64_t allowed(struct gaps g)
{
    int64_t slack = g.longest - g.middle;
    int64_t days = g.longest + (slack > ALERT_QUIET_SLACK ? slack : ALERT_QUIET_SLACK);
    return days > ALERT_QUIET_LEAST ? days : ALERT_QUIET_LEAST;
}

/* Nobody sends as a parked domain: no reports are its good days. */
static bool is_silent(const struct alert_quiet_case *c, const struct alert_quiet *q)
{
    if (q->entry == SIZE_MAX || q->n_days < ALERT_QUIET_KNOWN ||
        rule_is_off(c->config, q->entry, RULE_no_reports))
        return false;
    const struct domain_cfg *d = &c->config->domains[q->entry];
    int64_t passed = day_of(c->now) - q->days[q->n_days - 1];
    return !d->unwatched && !d->parked && passed > allowed(gaps_of(q)) && passed <= ALERT_QUIET_DAYS;
}

static const struct incident *last_of(const struct alert_quiet *q)
{
    const struct incident *best = NULL;
    for (size_t i = 0; i < q->n_incidents; i++) {
        const struct incident *in = &q->incidents[i];
        if (in->rule == RULE_no_reports && (best == NULL || in->opened > best->opened))
            best = in;
    }
    return best;
}

/* False: it is told of already, or not to be told. */
static bool opens(const struct alert_quiet_case *c, const struct alert_quiet *q, struct silence *s)
{
    const struct incident *was = last_of(q);
    if ((was && was->state == INCIDENT_firing) || !is_silent(c, q))
        return false;
    struct rule rule = rule_in_force(c->config, q->entry, RULE_no_reports);
    *s = (struct silence){
        .q = q, .tenant = c->config->domains[q->entry].tenant, .usual = (uint32_t)gaps_of(q).longest};
