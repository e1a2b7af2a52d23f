#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"
#include "base/clock.h"
#include "base/file.h"
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

static char **make_argv(const struct oauth_cfg *cfg, arena *a)
{
    char **argv = arena_array(a, cfg->n_command + 1, sizeof *argv);
    for (size_t i = 0; argv && i < cfg->n_command; i++) {
        argv[i] = arena_alloc(a, cfg->command[i].n + 1);
        if (argv[i] == NULL)
            return NULL;
        memcpy(argv[i], cfg->command[i].p, cfg->command[i].n);
    }
    return argv;
}

/* Its stdout is our pipe; a group of its own, so that what it starts ends with it. */
static int describe(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attr, int out)
{
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int rc = posix_spawn_file_actions_adddup2(actions, out, 1);
    if (!rc)
        rc = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (!rc)
        rc = posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
    if (!rc)
        rc = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    if (!rc)
        rc = posix_spawnattr_setsigmask(attr, &none);
    if (!rc)
        rc = posix_spawnattr_setsigdefault(attr, &all);
    if (!rc)
        rc = posix_spawnattr_setpgroup(attr, 0);
    if (!rc)
        rc = posix_spawnattr_setflags(attr,
                                      POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    return rc;
}

static int start(const struct oauth_cfg *cfg, int out, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    arena a;
    arena_init(&a, MIB(1));
    char **argv = make_argv(cfg, &a), **env = make_environment(&a);
    int rc = argv && env && !a.failed ? posix_spawn_file_actions_init(&actions) : ENOMEM;
    if (!rc) {
        rc = posix_spawnattr_init(&attr);
        if (!rc) {
            rc = describe(&actions, &attr, out);
            if (!rc)
                rc = posix_spawn(pid, argv[0], &actions, &attr, argv, env);
            posix_spawnattr_destroy(&attr);
        }
        posix_spawn_file_actions_destroy(&actions);
    }
    arena_free(&a);
    return rc;
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
        if (n < 0 && errno == EINTR)
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
    int ends[2];
    pid_t pid;
    (void)err_quote(cfg->command[0], name);
    *transient = true;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_set(e, ERR_RETRY, "%s: cannot be run: %s; the next run tries again", name,
                       strerror(errno));
    int ours CLEANUP(fd_cleanup) = ends[0], theirs CLEANUP(fd_cleanup) = ends[1];
    int rc = start(cfg, theirs, &pid);
    fd_cleanup(&theirs);
    if (rc) {
        *transient = false;
        return err_set(e, ERR_CONFIG, "%s: cannot be run: %s; check oauth2.command", name, strerror(rc));
    }
    bool whole = read_all(ours, clock_mono_ms() + (int64_t)t->limits->token_time, out);
    int status = stop(pid, !whole);
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
