/* The one error type. Set once, where it happens, in one line: what, where, what to do.
 * Callers may put a prefix before it (err_prefix) and never replace it. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/sv.h"

enum err_class {
    ERR_NONE,
    ERR_USAGE,       /* wrong command line */
    ERR_INPUT,       /* input that cannot be used */
    ERR_UNREACHABLE, /* server away, or its certificate refused */
    ERR_BUG,
    ERR_MEMORY,
    ERR_STATE,   /* the state folder or its lock cannot be made */
    ERR_DISK,    /* disk full or input/output error */
    ERR_DAMAGED, /* what is on the disk is not what was written */
    ERR_RETRY,   /* failed now, the next run may succeed */
    ERR_LOGIN,   /* the server refused the login */
    ERR_CONFIG,
    ERR_LIMIT, /* a limit of model/limits.h was reached */
};

struct err {
    enum err_class cls;
    char msg[512];
};

/* Fills *e and returns false, so that `return err_set(…)` ends a bool function. Cuts what is too long. */
bool err_set(struct err *e, enum err_class cls, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Puts text before the message: err_prefix(e, "mailbox %s: ", name). Returns false. */
bool err_prefix(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

void err_clear(struct err *e);

/* A stranger's words (a server's answer) for a message: printable ASCII stays, anything else becomes '?',
 * a longer text is cut and ends in "...". Returns out. */
enum { ERR_QUOTE = 161 };
const char *err_quote(sv s, char out[ERR_QUOTE]);

/* The sysexits code of a class: 0 for ERR_NONE, 64, 65, 69, 70, 71, 73, 74, 75, 77, 78. */
int err_exit_code(enum err_class cls);

#endif
