#include "zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

bool zone_set(const char *name, struct err *e)
{
    char path[512];
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    /* The C library takes any name and silently means UTC. */
    bool known = strcmp(name, "UTC") == 0 ||
                 (name[0] != '\0' && name[0] != '/' && strstr(name, "..") == NULL && access(path, R_OK) == 0);
    if (!known)
        return err_set(e, ERR_USAGE, "--tz=%s: no such time zone; write a name like Europe/Berlin, or UTC",
                       name);
    if (setenv("TZ", name, 1) != 0)
        return err_set(e, ERR_MEMORY, "out of memory");
    tzset();
    return true;
}

int64_t zone_offset(int64_t unix_seconds)
{
    time_t t = (time_t)unix_seconds;
    struct tm tm;
    return localtime_r(&t, &tm) ? tm.tm_gmtoff : 0;
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
