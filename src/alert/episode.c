#include "episode.h"

#include "base/num.h"

/* part >= whole * bp / 10000, without overflow. */
static bool is_share(uint64_t part, uint64_t whole, uint32_t bp)
{
    uint64_t least = whole / 10000 * bp + (whole % 10000 * bp + 9999) / 10000;
    return part >= least;
}

static uint64_t max_u64(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static bool day_matches(const struct alert_rule *rule, uint64_t floor, const struct counts *c)
{
    return c->failed >= max_u64(rule->day_messages, floor) && is_share(c->failed, c->total, rule->share_bp);
}

static bool week_matches(const struct alert_rule *rule, uint64_t floor, const struct counts *week)
{
    return rule->week_messages > 0 && week->failed >= max_u64(rule->week_messages, floor);
}

/* The 7 days that end with the i-th: sum, and the first of them with failed mail. */
static struct counts week_until(const struct days *days, size_t i, int64_t after, int64_t *first)
{
    struct counts sum = {0};
    for (size_t k = i + 1; k-- > 0;) {
        const struct day_sum *d = &days->p[k];
        if (d->day <= days->p[i].day - ALERT_WINDOW_DAYS || d->day <= after)
            break;
        counts_add(&sum, &d->counts);
        if (d->counts.failed > 0)
            *first = d->day;
    }
    return sum;
}

uint64_t episode_harm(const struct alert_rule *rule, const struct counts *c)
{
    uint64_t harm = 0;
    for (unsigned fate = 0; fate < FATE_END; fate++) {
        if (rule->harmful >> fate & 1)
            harm = sat_add(harm, c->by_fate[fate]);
    }
    return harm;
}

/* One more day that matches: the episode goes on, or a new one begins. */
static void extend(struct episode *e, const struct alert_rule *rule, int64_t day, int64_t from,
                   const struct counts *week)
{
    if (!e->matched || day - e->last_day > ALERT_RESOLVE_DAYS)
        *e = (struct episode){.matched = true, .first_day = from, .first_match = day};
    e->last_day = day;
    e->harmful = e->harmful || episode_harm(rule, week) >= rule->harm_messages;
}

struct episode episode_find(const struct alert_rule *rule, uint64_t floor, const struct days *days,
                            int64_t after)
{
    struct episode e = {0};
    for (size_t i = 0; i < days->n; i++) {
        const struct day_sum *d = &days->p[i];
        if (d->day <= after || d->counts.failed == 0)
            continue;
        int64_t from = d->day;
        struct counts week = week_until(days, i, after, &from);
        if (week_matches(rule, floor, &week))
            extend(&e, rule, d->day, from, &week);
        else if (day_matches(rule, floor, &d->counts))
            extend(&e, rule, d->day, d->day, &week);
    }
    return e;
}

struct counts episode_counts(const struct days *days, int64_t first, int64_t last)
{
    struct counts sum = {0};
    for (size_t i = 0; i < days->n; i++) {
        if (days->p[i].day >= first && days->p[i].day <= last)
            counts_add(&sum, &days->p[i].counts);
    }
    return sum;
}
