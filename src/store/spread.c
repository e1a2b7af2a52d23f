#include "spread.h"

#include "base/clock.h"

struct spread spread_of(int64_t begin, int64_t end, uint64_t max_days)
{
    int64_t last = day_of(end - 1);
    int64_t earliest = (last - (int64_t)max_days + 1) * DAY_SECONDS;
    if (begin < earliest)
        begin = earliest;
    return (struct spread){.begin = begin, .end = end, .first_day = day_of(begin), .last_day = last};
}

/* Messages until the moment t, rounded: a single message falls on the day that has more of the period.
 * Differences of it add up to the count by themselves. */
static uint64_t until(const struct spread *s, uint64_t count, int64_t t)
{
    if (t <= s->begin)
        return 0;
    if (t >= s->end)
        return count;
    __extension__ typedef unsigned __int128 u128;
    u128 total = (u128)(s->end - s->begin);
    return (uint64_t)(((u128)count * (u128)(t - s->begin) * 2 + total) / (total * 2));
}

uint64_t spread_share(const struct spread *s, uint64_t count, int64_t day)
{
    return until(s, count, (day + 1) * DAY_SECONDS) - until(s, count, day * DAY_SECONDS);
}
