#include "base/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

/* Folders and lists stand beside them. RFC 8536 3.1. */
static bool is_zone_file(const char *path)
{
    char magic[4];
    struct stat st;
    int fd CLEANUP(fd_cleanup) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
           read(fd, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
}

/* The C library takes any name and silently means UTC. */
bool zone_is_known(sv name)
{
    char path[ZONE_NAME_MAX + 32];
    if (sv_eq(name, SV("UTC")))
        return true;
    if (name.n == 0 || name.n > ZONE_NAME_MAX || name.p[0] == '/' || sv_find(name, SV(".."), 0) != SIZE_MAX ||
        sv_find_char(name, '\0', 0) != SIZE_MAX)
        return false;
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", SV_ARG(name));
    return is_zone_file(path);
}

bool zone_select(sv name)
{
    char text[ZONE_NAME_MAX + 1];
    const char *now = getenv("TZ");
    if (now && sv_eq(sv_c(now), name))
        return true;
    if (!zone_is_known(name))
        return false;
    (void)snprintf(text, sizeof text, "%.*s", SV_ARG(name));
    if (setenv("TZ", text, 1) != 0)
        return false;
    tzset();
    return true;
}

int64_t zone_offset(int64_t unix_seconds)
{
    time_t t = (time_t)unix_seconds;
    struct tm tm;
    return localtime_r(&t, &tm) ? tm.tm_gmtoff : 0;
}

int64_t zone_ahead(sv name, int64_t unix_seconds)
{
    return name.n && zone_select(name) ? zone_offset(unix_seconds) : 0;
}
