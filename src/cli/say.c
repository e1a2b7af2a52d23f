#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "text/escape.h"

enum { LINE = 2048 };

static int verbosity;

static void debug_line(const char *line)
{
    say(SAY_DEBUG, "%s", line);
}

void say_setup(int v)
{
    verbosity = v;
    log_set_sink(say_wanted(SAY_DEBUG) ? debug_line : NULL);
}

bool stderr_is_terminal(void)
{
    return isatty(STDERR_FILENO) == 1;
}

bool say_wanted(enum say_level level)
{
    switch (level) {
    case SAY_ERROR:
        return true;
    case SAY_WARNING:
        return verbosity >= 0;
    case SAY_NEWS:
        return verbosity >= 1 || (verbosity == 0 && stderr_is_terminal());
    case SAY_VERBOSE:
        return verbosity >= 1;
    case SAY_DEBUG:
        return verbosity >= 2;
    }
    return true;
}

/* systemd reads <3> and so on at the start of a line as its priority (sd-daemon(3)). */
static const char *priority(enum say_level level)
{
    static const char *const prefixes[] = {[SAY_ERROR] = "<3>",
                                           [SAY_WARNING] = "<4>",
                                           [SAY_NEWS] = "<6>",
                                           [SAY_VERBOSE] = "<6>",
                                           [SAY_DEBUG] = "<7>"};
    return getenv("JOURNAL_STREAM") && !stderr_is_terminal() ? prefixes[level] : "";
}

void say(enum say_level level, const char *fmt, ...)
{
    if (!say_wanted(level))
        return;
    char text[LINE];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    buf line;
    buf_init(&line, 16 * LINE);
    text_log(&line, sv_c(text));
    (void)fprintf(stderr, "%sdmarcwarn: %.*s\n", priority(level), (int)line.n, line.p ? line.p : "");
    buf_free(&line);
}

int say_err(const struct err *e)
{
    if (e->msg[0])
        say(SAY_ERROR, "%s", e->msg);
    return err_exit_code(e->cls);
}
