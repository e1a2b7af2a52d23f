/* The socket of a syslog daemon on this machine: each line of the payload is a message. It answers nothing,
 * so what it took counts as sent. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "sending.h"

#define CHECK_SOCKET "check socket, and whether a syslog daemon runs"

/* Some daemons listen for datagrams, some for streams. -1: errno tells. */
static int connect_to(sv path, bool *stream)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path.n >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path.p, path.n);
    for (int i = 0; i < 2; i++) {
        *stream = i == 1;
        int fd = socket(AF_UNIX, (i ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
            return -1;
        if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
            return fd;
        int why = errno;
        (void)close(fd);
        errno = why;
        if (why != EPROTOTYPE)
            break;
    }
    return -1;
}

static void tell(struct sending *s, int why)
{
    bool now = why == EAGAIN || why == ENOBUFS || why == ENOMEM || why == EPIPE;
    s->answer->shorter = why == EMSGSIZE;
    sending_failed(s, why == EMSGSIZE ? ANSWER_REFUSED : ANSWER_RETRY,
                   now ? "does not take messages now" : "cannot be written to", strerror(why), CHECK_SOCKET);
}

/* A stream's messages end in a line feed (RFC 6587 3.4.2). */
static bool put(int fd, sv line, bool stream)
{
    ssize_t n = send(fd, line.p, line.n + stream, MSG_NOSIGNAL);
    if (n >= 0 && (size_t)n < line.n)
        errno = EAGAIN;
    return n >= 0 && (size_t)n >= line.n;
}

void syslog_send(struct sending *s)
{
    bool stream;
    sv rest = s->payload->body, line;
    s->where = s->channel->socket_path;
    int fd CLEANUP(fd_cleanup) = connect_to(s->where, &stream);
    if (fd < 0) {
        tell(s, errno);
        return;
    }
    for (bool first = true; sv_split(&rest, '\n', &line); first = false) {
        if (line.n && !put(fd, line, stream)) {
            s->answer->repeat_possible = !first;
            tell(s, errno);
            return;
        }
    }
    s->answer->cls = ANSWER_SENT;
}

void syslog_probe(struct sending *s)
{
    bool stream;
    s->where = s->channel->socket_path;
    int fd CLEANUP(fd_cleanup) = connect_to(s->where, &stream);
    if (fd < 0)
        tell(s, errno);
    else
        s->answer->cls = ANSWER_SENT;
}
