#include "episode.h"

#include "base/num.h"
#include "figures.h"

enum { SMALL_DAYS = 2, SMALL_PASSED_BP = 9000 };

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

/* What a window of days holds. */
struct window {
    struct counts all, sure; /* sure: by verified reports */
    int64_t first;           /* the first day with mail that counts */
};

/* The window that ends with the i-th day. */
static struct window window_until(const struct days *days, size_t i, int64_t length, int64_t after)
{
    struct window w = {.first = days->p[i].day};
    for (size_t k = i + 1; k-- > 0;) {
        const struct day_sum *d = &days->p[k];
        if (d->day <= days->p[i].day - length || d->day <= after)
            break;
        counts_add(&w.all, &d->counts);
        counts_add(&w.sure, &d->sure);
        if (d->counts.failed > 0)
            w.first = d->day;
    }
    return w;
}

static bool week_matches(const struct rule *rule, uint64_t floor, const struct counts *week)
{
    return rule->week_messages > 0 && week->failed >= max_u64(rule->week_messages, floor);
}

/* Ten times as much as on the best of the days before. Without a week of history nothing has grown. */
static bool has_grown(const struct rule *rule, const struct days *days, size_t i)
{
    uint64_t most = 0;
    int64_t day = days->p[i].day;
    if (rule->growth == 0)
        return true;
    if (days->p[0].day > day - ALERT_WINDOW_DAYS)
        return false;
    for (size_t k = i; k-- > 0 && days->p[k].day >= day - ALERT_BASELINE_DAYS;)
        most = max_u64(most, days->p[k].counts.failed);
    return days->p[i].counts.failed / rule->growth >= most;
}

static bool window_matches(const struct rule *rule, uint64_t floor, const struct days *days, size_t i,
                           const struct counts *window)
{
    return window->failed >= max_u64(rule->messages, floor) &&
           is_share(window->failed, window->total, rule->share_bp) && has_grown(rule, days, i);
}

uint64_t episode_harm(const struct rule *rule, const struct counts *c)
{
    uint64_t harm = 0;
    for (unsigned fate = 0; fate < FATE_END; fate++) {
        if (rule->harmful >> fate & 1)
            harm = sat_add(harm, c->by_fate[fate]);
    }
    return harm;
}

static bool is_harmful(const struct rule *rule, const struct counts *c)
{
    uint64_t harm = episode_harm(rule, c);
    return harm >= rule->harm_messages && is_share(harm, c->total, rule->harm_share_bp);
}

bool episode_broke(const struct days *days, size_t i, int64_t after, uint64_t least, struct small_break *out)
{
    struct counts before = {0};
    size_t n = 0, k = i + 1;
    *out = (struct small_break){.first_day = days->p[i].day};
    for (; k > 0 && days->p[k - 1].day > after; k--) {
        const struct day_sum *d = &days->p[k - 1];
        if (d->counts.total != d->counts.failed)
            break;
        if (d->counts.total == 0)
            continue;
        n++;
        out->first_day = d->day;
        counts_add(&out->counts, &d->counts);
        counts_add(&out->sure, &d->sure);
    }
    for (; k > 0 && days->p[k - 1].day >= out->first_day - ALERT_BASELINE_DAYS; k--)
        counts_add(&before, &days->p[k - 1].counts);
    uint64_t passed = before.total - before.failed;
    if (n < SMALL_DAYS || out->counts.failed < least || before.total < least ||
        !is_share(passed, before.total, SMALL_PASSED_BP))
        return false;
    out->usual_bp = (uint32_t)figure_share(passed, before.total);
    return true;
}

/* One more day that matches: the episode goes on, or a new one begins. sure: it does so by verified reports
 * alone. What harms in a week is a little each day, and what harms in the rule's own window began today: good
 * days before it make its share no better. */
static void extend(struct episode *e, const struct rule *rule, int64_t day, int64_t from,
                   const struct window *week, const struct window *window, bool sure)
{
    if (!e->matched || day - e->last_day > ALERT_RESOLVE_DAYS)
        *e = (struct episode){.matched = true, .first_day = from, .first_match = day};
    e->last_day = day;
    e->harmful = e->harmful || is_harmful(rule, &week->all) || is_harmful(rule, &window->all);
    e->sure = e->sure || sure;
    e->sure_harmful =
        e->sure_harmful || (sure && (is_harmful(rule, &week->sure) || is_harmful(rule, &window->sure)));
}

/* All of it failed, so that its fate is that of the source's mail, however little it is. */
static void extend_small(struct episode *e, const struct rule *rule, int64_t day, const struct small_break *b)
{
    struct rule scaled = *rule;
    struct window window = {b->counts, b->sure, b->first_day};
    scaled.harm_messages = rule->small_messages;
    extend(e, &scaled, day, b->first_day, &window, &window, b->sure.failed >= rule->small_messages);
}

struct episode episode_find(const struct rule *rule, uint64_t floor, const struct days *days, int64_t after)
{
    struct episode e = {0};
    for (size_t i = 0; i < days->n; i++) {
        const struct day_sum *d = &days->p[i];
        if (d->day <= after || d->counts.failed == 0)
            continue;
        struct small_break small;
        struct window week = window_until(days, i, ALERT_WINDOW_DAYS, after);
        struct window window = window_until(days, i, rule->window_days, after);
        bool sure =
            week_matches(rule, floor, &week.sure) || window_matches(rule, floor, days, i, &window.sure);
        if (week_matches(rule, floor, &week.all))
            extend(&e, rule, d->day, week.first, &week, &window, sure);
        else if (window_matches(rule, floor, days, i, &window.all))
            extend(&e, rule, d->day, window.first, &week, &window, sure);
        else if (rule->small_messages &&
                 episode_broke(days, i, after, max_u64(rule->small_messages, floor), &small))
            extend_small(&e, rule, d->day, &small);
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
