#include "imap_date.h"

#include "base/attr.h"
#include "base/clock.h"
#include "base/num.h"

static bool number(sv s, uint64_t max, int *out)
{
    uint64_t n;
    if (!num_u64(s, max, &n))
        return false;
    *out = (int)n;
    return true;
}

static bool month(sv s, int *out)
{
    static const sv names[] = {SV_INIT("Jan"), SV_INIT("Feb"), SV_INIT("Mar"), SV_INIT("Apr"),
                               SV_INIT("May"), SV_INIT("Jun"), SV_INIT("Jul"), SV_INIT("Aug"),
                               SV_INIT("Sep"), SV_INIT("Oct"), SV_INIT("Nov"), SV_INIT("Dec")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (sv_eq_nocase(s, names[i])) {
            *out = (int)i + 1;
            return true;
        }
    }
    return false;
}

/* "+hhmm", in seconds. */
static bool zone(sv s, int64_t *out)
{
    int hours, minutes;
    if (s.n != 5 || (s.p[0] != '+' && s.p[0] != '-') || !number(sv_of(s.p + 1, 2), 23, &hours) ||
        !number(sv_of(s.p + 3, 2), 59, &minutes))
        return false;
    *out = (hours * 3600 + minutes * 60) * (s.p[0] == '-' ? -1 : 1);
    return true;
}

bool imap_date(sv s, int64_t *out)
{
    struct civil c = {0};
    int64_t offset;
    int year;
    sv date, clock, part;
    s = sv_trim(s);
    if (!sv_split(&s, ' ', &date) || !sv_split(&s, ' ', &clock) || !zone(s, &offset))
        return false;
    if (!sv_split(&date, '-', &part) || !number(part, 31, &c.day) || !sv_split(&date, '-', &part) ||
        !month(part, &c.month) || !number(date, 9999, &year))
        return false;
    if (!sv_split(&clock, ':', &part) || !number(part, 23, &c.hour) || !sv_split(&clock, ':', &part) ||
        !number(part, 59, &c.minute) || !number(clock, 60, &c.second) || c.day < 1)
        return false;
    c.year = year;
    *out = civil_to_unix(c) - offset;
    return true;
}
