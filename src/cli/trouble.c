#include "trouble.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "say.h"
#include "store/runs.h"

enum { OBJECT = 256 };

static sv object(char out[OBJECT], const char *kind, sv name)
{
    (void)snprintf(out, OBJECT, "%s:%.*s", kind, SV_ARG(name));
    return sv_c(out);
}

static const char *ordinal_end(uint32_t n)
{
    if (n % 100 >= 11 && n % 100 <= 13)
        return "th";
    return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

static void tell(const char *kind, sv name, const struct err *what, const struct store_streak *s, bool wait)
{
    enum say_level level = wait && s->runs < TROUBLE_PATIENCE ? SAY_NEWS : SAY_ERROR;
    char since[CLOCK_TEXT];
    if (s->runs < 2)
        say(level, "%s %.*s: %s", kind, SV_ARG(name), what->msg);
    else
        say(level, "%s %.*s: %s; %u%s run in a row since %.16sZ", kind, SV_ARG(name), what->msg, s->runs,
            ordinal_end(s->runs), clock_iso(s->since, since));
}

bool trouble_failed(struct trouble *t, const char *kind, sv name, bool transient, const struct err *what,
                    struct err *e)
{
    char text[OBJECT];
    struct store_streak streak;
    if (!store_streak_failed(t->store, t->run, object(text, kind, name), t->now, sv_c(what->msg), &streak, e))
        return false;
    tell(kind, name, what, &streak, transient && !t->watched);
    t->lasting = t->lasting || streak.runs >= TROUBLE_PATIENCE;
    if (strcmp(kind, "mailbox") == 0) {
        t->mailboxes_failed++;
        if (err_exit_code(what->cls) > err_exit_code(t->worst_mailbox))
            t->worst_mailbox = what->cls;
    }
    return true;
}

bool trouble_ended(const struct trouble *t, const char *kind, sv name, struct err *e)
{
    char text[OBJECT];
    return store_streak_ended(t->store, object(text, kind, name), e);
}

int trouble_exit_code(const struct trouble *t)
{
    if (t->mailboxes && t->mailboxes_failed == t->mailboxes)
        return err_exit_code(t->worst_mailbox);
    return t->lasting ? err_exit_code(ERR_RETRY) : 0;
}
