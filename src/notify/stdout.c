/* Standard output as a channel: cron mails what it is given, a terminal shows it. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sending.h"

void stdout_send(struct sending *s)
{
    sv rest = s->payload->body;
    s->where = SV("standard output");
    while (rest.n) {
        ssize_t n = write(STDOUT_FILENO, rest.p, rest.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            s->answer->repeat_possible = rest.n < s->payload->body.n;
            sending_failed(s, ANSWER_RETRY, "cannot be written", strerror(errno), "the next run tries again");
            return;
        }
        rest = sv_skip(rest, (size_t)n);
    }
    s->answer->cls = ANSWER_SENT;
}
