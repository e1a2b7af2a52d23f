#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

/* Above standard input, output and error, also where we were started without them. */
static bool make_pipe(int ends[2])
{
    int raw[2];
    if (pipe2(raw, O_CLOEXEC) < 0)
        return false;
    for (size_t i = 0; i < 2; i++) {
        ends[i] = fcntl(raw[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        (void)close(raw[i]);
    }
    return ends[0] >= 0 && ends[1] >= 0;
}

static bool set_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

/* in and out: the child's ends; in -1: it hears nothing. */
static int add_streams(posix_spawn_file_actions_t *actions, int in, int out)
{
    int rc = posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);
    if (!rc && in >= 0)
        rc = posix_spawn_file_actions_adddup2(actions, in, STDIN_FILENO);
    if (!rc && in >= 0)
        return posix_spawn_file_actions_adddup2(actions, out, STDERR_FILENO);
    if (!rc)
        rc = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!rc)
        rc = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    return rc;
}

static int describe(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attr, int in, int out)
{
    sigset_t all, none;
    (void)sigfillset(&all);
    (void)sigemptyset(&none);
    int rc = add_streams(actions, in, out);
    if (!rc)
        rc = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
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

static int spawn(pid_t *pid, char *const argv[], char *const env[], int in, int out)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc)
        return rc;
    rc = posix_spawnattr_init(&attr);
    if (!rc) {
        rc = describe(&actions, &attr, in, out);
        if (!rc)
            rc = posix_spawn(pid, argv[0], &actions, &attr, argv, env);
        (void)posix_spawnattr_destroy(&attr);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return rc;
}

static bool is_for_now(int err)
{
    return err == EAGAIN || err == ENOMEM || err == EMFILE || err == ENFILE || err == ETXTBSY;
}

static char **make_argv(const sv *argv, size_t n, arena *a)
{
    char **out = arena_array(a, n + 1, sizeof *out);
    for (size_t i = 0; out && i < n; i++) {
        char *text = arena_alloc(a, argv[i].n + 1);
        if (text == NULL)
            return NULL;
        memcpy(text, argv[i].p, argv[i].n);
        out[i] = text; /* the arena is zeroed */
    }
    return out;
}

bool program_start(struct program *p, const sv *argv, size_t n, char *const env[],
                   enum program_streams streams, arena *a, struct err *e)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    char **args = make_argv(argv, n, a);
    if (args == NULL)
        return err_set(e, ERR_RETRY, "out of memory");
    bool piped = make_pipe(out) && set_nonblocking(out[0]);
    if (streams == PROGRAM_TALK)
        piped = piped && make_pipe(in) && set_nonblocking(in[1]);
    int rc = piped ? spawn(&p->pid, args, env, in[0], out[1]) : errno;
    fd_cleanup(&in[0]);
    fd_cleanup(&out[1]);
    p->in = in[1];
    p->out = out[0];
    if (rc == 0)
        return true;
    fd_cleanup(&p->in);
    fd_cleanup(&p->out);
    return err_set(e, is_for_now(rc) ? ERR_RETRY : ERR_CONFIG, "%s", strerror(rc));
}

bool program_ended(struct program *p, int *status)
{
    return waitpid(p->pid, status, WNOHANG) == p->pid;
}

void program_kill(struct program *p)
{
    (void)kill(-p->pid, SIGKILL);
    while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}
