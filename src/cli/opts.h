/* Command line options from a table: the same rows parse, make the help text and the suggestions. */
#ifndef CLI_OPTS_H
#define CLI_OPTS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct opt {
    int id;      /* what opts_next returns; > 0 */
    char letter; /* 0: no short form */
    const char *name;
    const char *arg; /* NULL: takes none */
    const char *help;
};

struct command {
    const char *name;
    const char *args; /* what stands after the options, for the usage line */
    const char *summary;
    const struct opt *opts;            /* ends with id 0 */
    const char *details;               /* paragraphs below the options, or NULL */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns the exit code */
};

enum { OPTS_END = 0, OPTS_ERROR = -1 };

struct opts {
    const struct opt *own; /* of the command */
    int argc, next;
    char **argv;
    const char *letters; /* rest of a group of short options */
    /* Complete after OPTS_END. They gather at the front of argv, over options already read. */
    char **operands;
    int n_operands;
};

void opts_start(struct opts *o, const struct command *c, int argc, char **argv);

/* The id of the next option with *value its argument, OPTS_END, or OPTS_ERROR with *e filled. The options
 * of opts_common are known everywhere. Operands may stand between options; "--" ends them. */
int opts_next(struct opts *o, const char **value, struct err *e);

/* -h, -v, -q, --now, --limit, --color: ids below 0x100 are left to the commands. */
enum { OPT_HELP = 0x100, OPT_VERBOSE, OPT_QUIET, OPT_NOW, OPT_LIMIT, OPT_COLOR };
extern const struct opt opts_common[];

void opts_help(FILE *to, const struct command *c);

#endif
