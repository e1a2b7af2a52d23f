#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/program.h"
#include "tokens.h"

/* What programs that get tokens need to find their own files; secrets of ours in the environment stay here.
 */
static const char *const passed_on[] = {
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};

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

static void keep_first_line(buf *out)
{
    sv line = sv_trim(buf_view(out));
    size_t end = sv_find_char(line, '\n', 0);
    line = sv_trim(sv_first(line, end == SIZE_MAX ? line.n : end));
    if (line.n)
        memmove(out->p, line.p, line.n);
    out->n = line.n;
}

bool command_run(const struct tokens *t, const struct oauth_cfg *cfg, buf *out, bool *transient,
                 struct err *e)
{
    char name[ERR_QUOTE];
    struct program program;
    struct err why;
    arena a CLEANUP(arena_free);
    (void)err_quote(cfg->command[0], name);
    arena_init(&a, MIB(1));
    char **env = make_environment(&a);
    *transient = true;
    if (env == NULL || a.failed)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (!program_start(&program, cfg->command, cfg->n_command, env, PROGRAM_HEAR, &a, &why)) {
        *transient = why.cls == ERR_RETRY;
        return err_set(e, why.cls, "%s: cannot be run: %s; %s", name, why.msg,
                       *transient ? "the next run tries again" : "check oauth2.command");
    }
    int ours CLEANUP(fd_cleanup) = program.out;
    bool whole = read_all(ours, clock_mono_ms() + (int64_t)t->limits->token_time, out);
    int status = stop(program.pid, !whole);
    if (!whole)
        return err_set(e, ERR_UNREACHABLE,
                       "%s: printed no token in time, or too much (token_time, token_answer)", name);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(e, ERR_LOGIN, "%s: ended with %s %d; run it as this user to see why", name,
                       WIFEXITED(status) ? "status" : "signal",
                       WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    keep_first_line(out);
    *transient = false;
    return answer_is_token(buf_view(out), (size_t)t->limits->token_size) ||
           err_set(e, ERR_LOGIN, "%s: what it prints is no token; it must print the token alone", name);
}
