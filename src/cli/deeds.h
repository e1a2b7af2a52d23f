/* Commands whose first operand says what to do with the database: `outbox list`, `silence expire ID`. */
#ifndef CLI_DEEDS_H
#define CLI_DEEDS_H

#include "load_config.h"

/* Options that every one of them has the same way; ids from OPT_OWN on are the command's own. */
enum { OPT_CONFIG = 1, OPT_ALL, OPT_OWN };

#define DEEDS_CONFIG                                                                                         \
    {                                                                                                        \
        OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"                     \
    }

struct deeds {
    arena arena;
    struct config config;
    struct store *store;
    char **operands; /* those behind the word */
    int n_operands;
    bool all; /* --all */
    void *own;
};

enum deed_all {
    ALL_UNKNOWN,
    ALL_WIDENS,
    ALL_FOR_IDS
}; /* what --all means: nothing, show more, in place of IDs */

struct deed {
    const char *name;
    bool (*run)(struct deeds *d, struct err *e);
    int least, most; /* operands; most -1: any number */
    enum deed_all all;
    unsigned knows; /* the command's own options that go with it, 1 << id each */
};

struct deed_table {
    const struct command *command;
    const struct deed *deeds;
    size_t n;
    bool (*option)(void *own, int id, const char *value, struct err *e); /* the command's own; may be NULL */
    bool makes_store; /* where there is no database yet, one is made; else that is the error ERR_INPUT */
};

/* The whole command: reads the options, checks that they and the number of operands go with the word, loads
 * the configuration, opens the database, runs the deed. Gives the exit code. */
int deeds_main(const struct deed_table *t, void *own, int argc, char **argv);

/* An operand that is the number of something that `list` shows; a '#' may stand before it. */
bool deeds_id(const struct deed_table *t, const char *text, int64_t *id, struct err *e) NODISCARD;

/* Who is at the keyboard, also behind sudo. */
sv deeds_login(arena *a);

#endif
