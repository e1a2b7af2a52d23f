#include "period.h"

#include <stddef.h>

#include "base/clock.h"

/* Far enough from the ends of int64 that no later sum can overflow. */
static int64_t within_bounds(int64_t t)
{
    const int64_t edge = INT64_MAX / 4;
    return t > edge ? edge : t < -edge ? -edge : t;
}

void period_of(const int64_t *begin, const int64_t *end, int64_t *from, int64_t *to)
{
    int64_t b = begin ? within_bounds(*begin) : 0, e = end ? within_bounds(*end) : 0;
    if (begin == NULL)
        b = e - DAY_SECONDS;
    if (end == NULL)
        e = b + DAY_SECONDS;
    if (b > e) {
        int64_t t = b;
        b = e;
        e = t;
    }
    if (e % 60 == 59)
        e++;
    *from = b;
    *to = e > b ? e : b + 1;
}
