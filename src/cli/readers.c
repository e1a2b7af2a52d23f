#include "readers.h"

#include <poll.h>

bool readers_turn(struct intake *it, bool wait, struct err *e)
{
    struct pollfd fds[INTAKE_FDS_MAX];
    unsigned n = intake_poll_fds(it, fds, INTAKE_FDS_MAX);
    (void)poll(fds, n, wait ? intake_timeout_ms(it) : 0);
    return intake_turn(it, e);
}
