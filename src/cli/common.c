#include "common.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "say.h"

static bool set_now(const char *value, struct err *e)
{
    int64_t t;
    sv text = sv_c(value);
    if (!num_i64(text, 0, INT64_MAX / 4, &t) && !clock_parse_iso(text, &t))
        return err_set(e, ERR_USAGE, "--now=%s is no time; write Unix seconds or 2026-11-24T02:24:22Z",
                       value);
    clock_set_now(t);
    return true;
}

static bool set_color(struct common *c, const char *value, struct err *e)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(value, names[i]) == 0) {
            c->color = i;
            return true;
        }
    }
    return err_set(e, ERR_USAGE, "--color=%s: write auto, always or never", value);
}

static bool move_limit(struct limits *l, const char *value, struct err *e)
{
    sv text = sv_c(value);
    size_t equals = sv_find_char(text, '=', 0);
    if (equals == SIZE_MAX)
        return err_set(e, ERR_USAGE, "--limit=%s: write NAME=VALUE", value);
    return limits_set(l, sv_first(text, equals), sv_skip(text, equals + 1), e);
}

static bool set_limit(struct common *c, const char *value, struct err *e)
{
    if (c->n_moved == MOVED_MAX)
        return err_set(e, ERR_USAGE, "--limit can be given %d times", MOVED_MAX);
    c->moved[c->n_moved++] = value;
    return move_limit(&c->limits, value, e);
}

bool common_move_limits(const struct common *c, struct limits *l, struct err *e)
{
    for (unsigned i = 0; i < c->n_moved; i++)
        if (!move_limit(l, c->moved[i], e))
            return false;
    return true;
}

static bool take(struct common *c, const struct command *cmd, int id, const char *value, struct err *e)
{
    switch (id) {
    case OPT_HELP:
        opts_help(stdout, cmd);
        c->help = true;
        return false;
    case OPT_VERBOSE:
        c->verbosity++;
        return true;
    case OPT_QUIET:
        c->verbosity = -1;
        return true;
    case OPT_NOW:
        return set_now(value, e);
    case OPT_LIMIT:
        return set_limit(c, value, e);
    case OPT_COLOR:
        return set_color(c, value, e);
    default:
        return err_set(e, ERR_BUG, "option %d is in no table", id);
    }
}

bool common_parse(struct common *c, const struct command *cmd, struct opts *o,
                  bool (*own)(void *ctx, int id, const char *value, struct err *e), void *ctx, struct err *e)
{
    *c = (struct common){.color = COLOR_AUTO};
    limits_default(&c->limits);
    const char *value;
    for (int id; (id = opts_next(o, &value, e)) != OPTS_END;) {
        if (id == OPTS_ERROR)
            return false;
        if (id < OPT_HELP ? !own(ctx, id, value, e) : !take(c, cmd, id, value, e))
            return false;
    }
    say_setup(c->verbosity);
    return true;
}

int common_give_up(const struct common *c, const struct command *cmd, const struct err *e)
{
    if (c->help)
        return 0;
    if (e->msg[0]) /* else everything has been said */
        say(SAY_ERROR, "%s: %s", cmd->name, e->msg);
    return err_exit_code(e->cls);
}

bool common_color(const struct common *c, int fd)
{
    if (c->color != COLOR_AUTO)
        return c->color == COLOR_ALWAYS;
    const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE"), *term = getenv("TERM");
    if (no && *no)
        return false;
    if (force && *force && strcmp(force, "0") != 0)
        return true;
    return isatty(fd) == 1 && term && strcmp(term, "dumb") != 0;
}

unsigned common_width(int fd)
{
    struct winsize w;
    if (isatty(fd) != 1)
        return 0;
    return ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 80;
}
