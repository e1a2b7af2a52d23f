#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"

bool launch_find(arena *a, const char **path, struct err *e)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self);
    if (n <= 0 || (size_t)n == sizeof self)
        return err_set(e, ERR_BUG, "cannot tell where this program lies (/proc/self/exe): %s",
                       n < 0 ? strerror(errno) : "its path is too long");
    const char *folder = file_folder(a, sv_of(self, (size_t)n));
    if (folder == NULL)
        return err_set(e, ERR_MEMORY, "no memory for the path of the reader program");
    *path = arena_printf(a, "%s/../libexec/dmarcwarn/dmarcwarn-parse", folder).p;
    return *path || err_set(e, ERR_MEMORY, "no memory for the path of the reader program");
}

/* What the reader starts with: the socket, nothing else of ours, signals as at boot. Sanitizer builds
 * keep stderr, or their findings would be lost. */
static int describe(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attr, int socket)
{
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int rc = posix_spawn_file_actions_adddup2(actions, socket, LAUNCH_SOCKET);
    if (!rc)
        rc = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    if (!rc)
        rc = posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
#ifndef DW_SANITIZED
    if (!rc)
        rc = posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
#endif
    if (!rc)
        rc = posix_spawn_file_actions_addclosefrom_np(actions, LAUNCH_SOCKET + 1);
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

static int run(const char *path, int socket, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    char name[] = "dmarcwarn-parse";
    char *const argv[] = {name, NULL}, *const env[] = {NULL};
    int rc = posix_spawn_file_actions_init(&actions);
    if (rc)
        return rc;
    rc = posix_spawnattr_init(&attr);
    if (!rc) {
        rc = describe(&actions, &attr, socket);
        if (!rc)
            rc = posix_spawn(pid, path, &actions, &attr, argv, env);
        posix_spawnattr_destroy(&attr);
    }
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

static bool is_for_now(int err)
{
    return err == EAGAIN || err == ENOMEM || err == EMFILE || err == ENFILE || err == ENOBUFS;
}

bool launch_reader(const char *path, pid_t *pid, int *fd, struct err *e)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return err_set(e, ERR_RETRY, "cannot make a socket for the reader: %s", strerror(errno));
    int ours CLEANUP(fd_cleanup) = ends[0], theirs CLEANUP(fd_cleanup) = ends[1];
    /* Above the descriptors that are made anew in the reader, also where we were started without stdio. */
    int high CLEANUP(fd_cleanup) = fcntl(theirs, F_DUPFD_CLOEXEC, LAUNCH_SOCKET + 1);
    int flags = fcntl(ours, F_GETFL);
    if (high < 0 || flags < 0 || fcntl(ours, F_SETFL, flags | O_NONBLOCK) < 0)
        return err_set(e, ERR_RETRY, "cannot make a socket for the reader: %s", strerror(errno));
    int rc = run(path, high, pid);
    if (rc)
        return err_set(e, is_for_now(rc) ? ERR_RETRY : ERR_BUG, "cannot start the reader program %s: %s",
                       path, strerror(rc));
    *fd = ours;
    ours = -1;
    return true;
}
