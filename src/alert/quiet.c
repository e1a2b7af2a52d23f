/* Reports that have stopped. */
#include <stdlib.h>
#include <string.h>

#include "alert/alert.h"
#include "base/attr.h"
#include "base/clock.h"
#include "life.h"
#include "model/route.h"

struct gaps {
    int64_t longest, middle; /* days */
};

struct silence {
    const struct alert_quiet *q;
    sv tenant;
    bool *heard; /* by which channels; n_channels of them */
    size_t n_channels;
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

static void choose(const struct alert_quiet_case *c, struct silence *s, arena *a)
{
    const struct route_subject subject = {RULE_no_reports, s->incident.severity, s->tenant, s->q->domain};
    s->n_channels = c->config->n_channels;
    s->heard = arena_array(a, s->n_channels, sizeof *s->heard);
    if (s->heard)
        (void)route_choose(c->config, &subject, s->heard);
}

/* False: it is told of already, or not to be told. */
static bool opens(const struct alert_quiet_case *c, const struct alert_quiet *q, arena *a, struct silence *s)
{
    const struct incident *was = last_of(q);
    if ((was && was->state == INCIDENT_firing) || !is_silent(c, q))
        return false;
    struct rule rule = rule_in_force(c->config, q->entry, RULE_no_reports);
    *s = (struct silence){
        .q = q, .tenant = c->config->domains[q->entry].tenant, .usual = (uint32_t)gaps_of(q).longest};
    if (was)
        s->incident = *was;
    else
        s->incident = (struct incident){.rule = RULE_no_reports, .domain = q->domain, .subject = q->domain};
    s->incident.state = INCIDENT_firing;
    s->incident.severity = life_severity(rule.mild);
    s->incident.episode++;
    s->incident.first_day = s->incident.last_day = q->days[q->n_days - 1];
    s->incident.opened = c->now;
    s->incident.told_at = 0;
    s->incident.repeats = 0;
    if (was == NULL)
        c->make_id(c->make_id_ctx, s->incident.id);
    choose(c, s, a);
    return true;
}

static int same_audience(const struct silence *x, const struct silence *y)
{
    int c = sv_cmp(x->tenant, y->tenant);
    return c ? c : memcmp(x->heard, y->heard, x->n_channels * sizeof *x->heard);
}

static int by_audience(const void *a, const void *b)
{
    const struct silence *x = a, *y = b;
    int c = same_audience(x, y);
    return c ? c : sv_cmp(x->q->domain, y->q->domain);
}

static bool is_carried(const struct alert_quiet_case *c, const struct silence *s)
{
    const struct alert_case one = {.config = c->config,
                                   .domain = s->q->domain,
                                   .entry = s->q->entry,
                                   .now = c->now,
                                   .silences = c->silences,
                                   .n_silences = c->n_silences};
    return life_is_carried(&one, &s->incident);
}

static struct notice_item item_of(const struct silence *s)
{
    const struct incident *i = &s->incident;
    struct notice_item item = {.rule = i->rule,
                               .severity = i->severity,
                               .state = i->state,
                               .news = i->episode > 1 ? NEWS_again : NEWS_first,
                               .episode = i->episode,
                               .domain = i->domain,
                               .subject = i->subject,
                               .first_day = i->first_day,
                               .last_day = i->last_day,
                               .reported = (i->last_day + 1) * DAY_SECONDS,
                               .usual_gap = s->usual};
    memcpy(item.incident, i->id, sizeof item.incident);
    return item;
}

/* One decision about silences of one tenant that the same channels hear of. */
static bool decide(const struct alert_quiet_case *c, struct silence *s, size_t n, arena *a,
                   struct decision *out)
{
    size_t max = c->config->limits.notice_items;
    struct notice *notice = &out->notice;
    *out = (struct decision){.incidents = arena_array(a, n, sizeof *out->incidents)};
    notice->items = arena_array(a, n > max ? max : n, sizeof *notice->items);
    if (!out->incidents || !notice->items)
        return false;
    for (size_t i = 0; i < n; i++) {
        bool told = is_carried(c, &s[i]);
        s[i].incident.told_at = told ? c->now : 0;
        s[i].incident.told_severity = s[i].incident.severity;
        out->incidents[out->n_incidents++] = s[i].incident;
        if (told && notice->n_items < max)
            notice->items[notice->n_items++] = item_of(&s[i]);
        else
            notice->more += told;
    }
    out->tells = notice->n_items > 0;
    notice->created = c->now;
    notice->severity = s[0].incident.severity;
    notice->tenant = s[0].tenant;
    notice->domain = n == 1 ? s[0].q->domain : SV_ABSENT;
    c->make_id(c->make_id_ctx, notice->id);
    return true;
}

/* Who hears of one domain need not hear of the others. */
static size_t together(const struct silence *s, size_t n)
{
    size_t same = 1;
    while (same < n && same_audience(&s[same], &s[0]) == 0)
        same++;
    return same >= ALERT_QUIET_MANY ? same : 1;
}

bool alert_decide_quiet(const struct alert_quiet_case *c, arena *a, struct decision **out, size_t *n,
                        struct err *e)
{
    struct silence *all = arena_array(a, c->n_domains, sizeof *all);
    size_t found = 0;
    *out = arena_array(a, c->n_domains, sizeof **out);
    *n = 0;
    bool ok = all && *out;
    for (size_t i = 0; ok && i < c->n_domains; i++)
        found += opens(c, &c->domains[i], a, &all[found]);
    ok = ok && !a->failed;
    if (ok && found > 1)
        qsort(all, found, sizeof *all, by_audience);
    for (size_t i = 0; ok && i < found;) {
        size_t n_together = together(all + i, found - i);
        ok = decide(c, all + i, n_together, a, &(*out)[(*n)++]);
        i += n_together;
    }
    return (ok && !a->failed) || err_set(e, ERR_MEMORY, "no memory to look for reports that stopped");
}
