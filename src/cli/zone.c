#include "zone.h"

#include "base/clock.h"

bool zone_set(const char *name, struct err *e)
{
    return zone_select(sv_c(name)) ||
           err_set(e, ERR_USAGE, "--tz=%s: no such time zone; write a name like Europe/Berlin, or UTC", name);
}

bool zone_parse(const char *text, int64_t *out)
{
    sv s = sv_trim(sv_c(text));
    int64_t t;
    if (!clock_parse_iso(s, &t))
        return false;
    bool own_zone = s.n > 10 && (s.p[s.n - 1] == 'Z' || sv_find_char(s, '+', 10) != SIZE_MAX ||
                                 sv_find_char(s, '-', 10) != SIZE_MAX);
    *out = own_zone ? t : t - zone_offset(t);
    return true;
}
