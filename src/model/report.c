#include "model/report.h"

#include "base/clock.h"

bool record_passes(const struct record *r)
{
    return r->dkim.v == VERDICT_PASS || r->spf.v == VERDICT_PASS;
}

void report_period(const struct report *r, int64_t *begin, int64_t *end)
{
    int64_t b = r->has_begin ? r->begin : 0, e = r->has_end ? r->end : 0;
    /* Far enough from the ends of int64 that no later sum can overflow. */
    const int64_t edge = INT64_MAX / 4;
    b = b > edge ? edge : b < -edge ? -edge : b;
    e = e > edge ? edge : e < -edge ? -edge : e;
    if (!r->has_begin)
        b = e - DAY_SECONDS;
    if (!r->has_end)
        e = b + DAY_SECONDS;
    if (b > e) {
        int64_t t = b;
        b = e;
        e = t;
    }
    if (e % 60 == 59)
        e++;
    *begin = b;
    *end = e > b ? e : b + 1;
}
