/* What every subcommand shares: its common options and the colour decision. */
#ifndef CLI_COMMON_H
#define CLI_COMMON_H

#include "model/limits.h"
#include "opts.h"

enum { MOVED_MAX = 64 };

struct common {
    int verbosity;
    enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
    struct limits limits;         /* defaults, moved by --limit */
    const char *moved[MOVED_MAX]; /* the values of --limit, for common_move_limits */
    unsigned n_moved;
    bool help; /* the help text was printed: the command ends with 0 */
};

/* Reads all options. `own` gets each option of the command itself and returns false with *e filled for a
 * bad value. False: *e says why, or c->help is set. */
bool common_parse(struct common *c, const struct command *cmd, struct opts *o,
                  bool (*own)(void *ctx, int id, const char *value, struct err *e), void *ctx,
                  struct err *e) NODISCARD;

/* Ends a command that common_parse returned false for: prints the error, gives the exit code. */
int common_give_up(const struct common *c, const struct command *cmd, const struct err *e);

/* Moves the limits of a configuration as --limit says: the command line has the last word. */
bool common_move_limits(const struct common *c, struct limits *l, struct err *e) NODISCARD;

/* Whether to colour what goes to fd (NO_COLOR, TERM=dumb, CLICOLOR_FORCE, --color). */
bool common_color(const struct common *c, int fd);

/* Columns of the terminal at fd, or 0. */
unsigned common_width(int fd);

extern const struct command cmd_run, cmd_parse, cmd_check_config, cmd_status, cmd_test_alert, cmd_login,
    cmd_quarantine, cmd_outbox, cmd_rules, cmd_import, cmd_replay, cmd_digest, cmd_alerts, cmd_silence;

#endif
