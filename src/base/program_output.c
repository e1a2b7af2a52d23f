/* What a program prints that gives us a secret. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/program.h"

/* What such programs need to find their own files; secrets of ours in the environment stay here. */
static const char *const passed_on[] = {
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};

enum { MEMORY = 1024 * 1024 }; /* arguments and environment of one program */

static char **make_environment(arena *a)
{
    char **env = arena_array(a, COUNT_OF(passed_on) + 1, sizeof *env);
    size_t n = 0;
    for (size_t i = 0; env && i < COUNT_OF(passed_on); i++) {
        const char *value = getenv(passed_on[i]);
        char *line = value ? arena_alloc(a, strlen(passed_on[i]) + strlen(value) + 2) : NULL;
        if (line) {
            (void)snprintf(line, strlen(passed_on[i]) + strlen(value) + 2, "%s=%s", passed_on[i], value);
            env[n++] = line;
        }
    }
    return env;
}

/* False: the time is over, or it prints more than fits. */
static bool read_all(int fd, int64_t deadline, buf *out)
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int64_t left = deadline - clock_mono_ms();
        if (left <= 0)
            return false;
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        char octets[4096];
        ssize_t n = read(fd, octets, sizeof octets);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            return n == 0;
        buf_put(out, octets, (size_t)n);
        explicit_bzero(octets, sizeof octets);
        if (out->failed)
            return false;
    }
}

/* Its whole group goes; a program that has closed its output has said what it has to say. */
static int stop(pid_t pid, bool at_once)
{
    int status = 0;
    if (at_once)
        (void)kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

bool program_output(const sv *argv, size_t n, uint64_t ms, buf *out, struct err *e)
{
    struct program program;
    struct err why;
    arena a CLEANUP(arena_free);
    arena_init(&a, MEMORY);
    char **env = make_environment(&a);
    if (env == NULL || a.failed)
        return err_set(e, ERR_RETRY, "out of memory");
    if (!program_start(&program, argv, n, env, PROGRAM_HEAR, &a, &why))
        return err_set(e, why.cls, "cannot be run: %s", why.msg);
    int ours CLEANUP(fd_cleanup) = program.out;
    bool whole = read_all(ours, clock_mono_ms() + (int64_t)ms, out);
    int status = stop(program.pid, !whole);
    if (!whole)
        return err_set(e, ERR_UNREACHABLE, "did not end in time, or printed too much");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(e, ERR_LOGIN, "ended with %s %d; run it as this user to see why",
                       WIFEXITED(status) ? "status" : "signal",
                       WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    return true;
}
