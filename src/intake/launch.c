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

/* What the reader starts with: the socket, nothing else of ours, signals as at boot. Sanitizer and debug
 * builds keep stderr, or their findings would be lost. */
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
#if !defined DW_SANITIZED && !defined DW_TRAP
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

/* Two ends, ours non-blocking. */
static bool pair(int type, int *ours, int *theirs, struct err *e)
{
    int ends[2];
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) < 0)
        return err_set(e, ERR_RETRY, "cannot make a socket for the reader: %s", strerror(errno));
    int flags = fcntl(ends[0], F_GETFL);
    bool fine = flags >= 0 && fcntl(ends[0], F_SETFL, flags | O_NONBLOCK) >= 0;
    if (!fine) {
        err_set(e, ERR_RETRY, "cannot make a socket for the reader: %s", strerror(errno));
        (void)close(ends[0]);
        (void)close(ends[1]);
        return false;
    }
    *ours = ends[0];
    *theirs = ends[1];
    return true;
}

bool launch_socket(int *ours, int *theirs, struct err *e)
{
    return pair(SOCK_STREAM, ours, theirs, e);
}

bool launch_mould(const char *path, pid_t *pid, int *fd, struct err *e)
{
    int ours CLEANUP(fd_cleanup) = -1, theirs CLEANUP(fd_cleanup) = -1;
    if (!pair(SOCK_SEQPACKET, &ours, &theirs, e))
        return false;
    /* Above the descriptors that are made anew in the reader, also where we were started without stdio. */
    int high CLEANUP(fd_cleanup) = fcntl(theirs, F_DUPFD_CLOEXEC, LAUNCH_SOCKET + 1);
    if (high < 0)
        return err_set(e, ERR_RETRY, "cannot make a socket for the reader: %s", strerror(errno));
    int rc = run(path, high, pid);
    if (rc) {
        *pid = -1;
        return err_set(e, is_for_now(rc) ? ERR_RETRY : ERR_BUG, "cannot start the reader program %s: %s",
                       path, strerror(rc));
    }
    *fd = ours;
    ours = -1;
    return true;
}

bool launch_say(int fd, sv packet, int pass)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    char octets[4096];
    struct iovec text = {.iov_base = octets, .iov_len = packet.n};
    struct msghdr m = {.msg_iov = &text, .msg_iovlen = 1};
    if (packet.n > sizeof octets)
        return false;
    memcpy(octets, packet.p, packet.n);
    if (pass >= 0) {
        control.head = (struct cmsghdr){
            .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof pass)};
        memcpy(CMSG_DATA(&control.head), &pass, sizeof pass);
        m.msg_control = control.room;
        m.msg_controllen = sizeof control.room;
    }
    return sendmsg(fd, &m, MSG_NOSIGNAL) == (ssize_t)packet.n;
}

ssize_t launch_hear(int fd, char *packet, size_t max)
{
    return recv(fd, packet, max, MSG_TRUNC);
}
