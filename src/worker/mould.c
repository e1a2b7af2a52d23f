#include "mould.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "wire/wire.h"

/* False: the parent is gone, or said what it never says. */
static bool next_ask(int socket, char ask[WIRE_ASK_SIZE], int *reader)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec text = {.iov_base = ask, .iov_len = WIRE_ASK_SIZE};
    struct msghdr m = {.msg_iov = &text,
                       .msg_iovlen = 1,
                       .msg_control = control.room,
                       .msg_controllen = sizeof control.room};
    ssize_t n;
    do
        n = recvmsg(socket, &m, 0);
    while (n < 0 && errno == EINTR);
    const struct cmsghdr *c = n == WIRE_ASK_SIZE ? CMSG_FIRSTHDR(&m) : NULL;
    if (c == NULL || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(sizeof(int)))
        return false;
    memcpy(reader, CMSG_DATA(c), sizeof *reader);
    return true;
}

/* Not fork(): with it the copy would be ours and not the parent's to wait for. There is one thread, and
 * nothing that would have to be told. */
static pid_t copy_for_the_parent(void)
{
    return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
}

static void become_reader(int socket, int reader)
{
    if (dup2(reader, socket) < 0)
        _exit(WIRE_EXIT_memory);
    (void)close(reader);
}

void mould_serve(int socket)
{
    char ask[WIRE_ASK_SIZE], born[WIRE_BORN_SIZE];
    for (int reader; next_ask(socket, ask, &reader);) {
        pid_t pid = copy_for_the_parent();
        if (pid == 0) {
            become_reader(socket, reader);
            return;
        }
        (void)close(reader);
        wire_put_born(born, ask, pid > 0 ? (uint32_t)pid : 0);
        if (write(socket, born, sizeof born) != sizeof born)
            break;
    }
    _exit(0);
}
