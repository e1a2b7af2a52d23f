#include "config/duration.h"

#include "base/num.h"

/* The first ones are only read. */
static const struct unit {
    sv word;
    int64_t seconds;
} units[] = {{SV_INIT("y"), 365 * 86400}, {SV_INIT("mo"), 30 * 86400}, {SV_INIT("d"), 86400},
             {SV_INIT("h"), 3600},        {SV_INIT("m"), 60},          {SV_INIT("s"), 1}};

enum { N_UNITS = COUNT_OF(units), FIRST_PRINTED = 2 };
static const uint64_t MOST = UINT64_C(365) * 1000000; /* of any unit: far from an overflow */

/* Digits at the start of *s, taken off. */
static sv take_digits(sv *s)
{
    size_t n = 0;
    while (n < s->n && ascii_is_digit(s->p[n]))
        n++;
    sv digits = sv_first(*s, n);
    *s = sv_skip(*s, n);
    return digits;
}

bool duration_parse(sv s, int64_t *out)
{
    int64_t sum = 0;
    size_t unit = 0;
    if (s.n == 0)
        return false;
    while (s.n) {
        uint64_t v;
        if (!num_u64(take_digits(&s), MOST, &v) || s.n == 0)
            return false;
        while (unit < N_UNITS && !sv_starts(s, units[unit].word))
            unit++;
        if (unit == N_UNITS)
            return false;
        s = sv_skip(s, units[unit].word.n);
        sum += (int64_t)v * units[unit++].seconds;
    }
    *out = sum;
    return true;
}

void duration_print(int64_t seconds, buf *out)
{
    if (seconds == 0)
        buf_puts(out, "0s");
    for (size_t i = FIRST_PRINTED; i < N_UNITS; i++) {
        int64_t n = seconds / units[i].seconds;
        if (n)
            buf_printf(out, "%lld%.*s", (long long)n, SV_ARG(units[i].word));
        seconds -= n * units[i].seconds;
    }
}
