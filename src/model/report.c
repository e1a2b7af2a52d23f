#include "model/report.h"

#include "period.h"

bool record_passes(const struct record *r)
{
    return r->dkim.v == VERDICT_PASS || r->spf.v == VERDICT_PASS;
}

void report_period(const struct report *r, int64_t *begin, int64_t *end)
{
    period_of(r->has_begin ? &r->begin : NULL, r->has_end ? &r->end : NULL, begin, end);
}
