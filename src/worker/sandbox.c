#include "sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"

static bool stdio_to_null(void)
{
    int fd = open("/dev/null", O_RDWR);
    if (fd < 0)
        return false;
#if defined DW_SANITIZED || defined DW_TRAP
    const int last = 1;
#else
    const int last = 2;
#endif
    for (int i = 0; i <= last; i++)
        if (dup2(fd, i) < 0)
            return false;
    if (fd > 2)
        (void)close(fd);
    return true;
}

static bool close_all_but(int keep)
{
    return close_range((unsigned)keep + 1, ~0U, 0) == 0 &&
           (keep == 3 || close_range(3, (unsigned)keep - 1, 0) == 0);
}

/* A copy of a process does not inherit this. */
static bool die_with_parent(void)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0L, 0L, 0L) == 0;
}

bool sandbox_prepare(int keep)
{
    if (clearenv() != 0 || setenv("TZ", "UTC0", 1) != 0)
        return false;
    tzset();
    return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) == 0 && die_with_parent() && stdio_to_null() &&
           close_all_but(keep);
}

#ifdef DW_SANDBOX_OFF

bool sandbox_make(void)
{
    return true;
}

bool sandbox_confine(const struct limits *limits, bool best_effort, enum wire_sandbox *level)
{
    (void)limits, (void)best_effort;
    *level = WIRE_SANDBOX_off;
    return die_with_parent();
}

#else

/* Octets of address space in use: the first number of /proc/self/statm, in pages. */
static bool mapped(uint64_t *octets)
{
    char text[128];
    int fd CLEANUP(fd_cleanup) = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (n <= 0)
        return false;
    sv all = sv_of(text, (size_t)n), pages;
    uint64_t v;
    if (!sv_split(&all, ' ', &pages) || !num_u64(pages, UINT32_MAX, &v))
        return false;
    *octets = v * (uint64_t)sysconf(_SC_PAGESIZE);
    return true;
}

static bool limit(__rlimit_resource_t what, uint64_t value)
{
    const struct rlimit r = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(what, &r) == 0;
}

/* More than the parent allows: it is a backstop for a parent that does not look. */
static uint64_t cpu_seconds(const struct limits *l)
{
    return (l->worker_cpu + 2 * l->mail_cpu) / 1000 + 2;
}

static bool limit_resources(const struct limits *l)
{
#ifndef DW_SANITIZED
    uint64_t in_use;
    if (!mapped(&in_use) || !limit(RLIMIT_AS, in_use + l->worker_memory))
        return false;
#else
    (void)mapped; /* a sanitizer's shadow memory is no sensible measure */
#endif
    return limit(RLIMIT_CPU, cpu_seconds(l)) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
           limit(RLIMIT_CORE, 0);
}

bool sandbox_make(void)
{
    return filter_make();
}

bool sandbox_confine(const struct limits *limits, bool best_effort, enum wire_sandbox *level)
{
    /* The order matters: /proc is read for the limits, and a ruleset is a descriptor. Each step is tried,
     * also after one that failed. */
    if (!die_with_parent())
        return false;
    bool whole = prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0;
    whole &= limit_resources(limits);
    enum landlock landlock = landlock_deny_all();
    whole &= landlock != LANDLOCK_FAILED;
    whole &= limit(RLIMIT_NOFILE, 0);
    whole &= filter_load();
    if (!whole && !best_effort)
        return false;
    *level = landlock == LANDLOCK_ON ? WIRE_SANDBOX_full : WIRE_SANDBOX_no_landlock;
#ifdef DW_SANITIZED
    *level = WIRE_SANDBOX_wide;
#endif
    if (!whole)
        *level = WIRE_SANDBOX_weak;
    return true;
}

#endif
