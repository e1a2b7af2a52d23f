/* Talk, on stderr: one line a problem, escaped here, since texts of servers and reports are in it. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

enum say_level {
    SAY_ERROR,   /* always */
    SAY_WARNING, /* unless --quiet */
    SAY_NEWS,    /* on a terminal, or with -v */
    SAY_VERBOSE, /* -v */
    SAY_DEBUG,   /* -v -v */
};

/* verbosity: -1 quiet, 0, 1, 2. */
void say_setup(int verbosity);
bool say_wanted(enum say_level level);

/* "dmarcwarn: …"; under systemd with the priority before it. Cut at 2 KiB. */
void say(enum say_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* say(SAY_ERROR, …) of the message, if there is one, and the exit code of its class. */
int say_err(const struct err *e);

bool stderr_is_terminal(void);

#endif
