/* What went wrong at a mailbox or channel: said at once or from the third run in a row, and what it means
 * for the exit code. */
#ifndef CLI_TROUBLE_H
#define CLI_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/store.h"

enum { TROUBLE_PATIENCE = 3 }; /* runs in a row */

struct trouble {
    struct store *store;
    int64_t run, now;
    unsigned mailboxes, mailboxes_failed;
    enum err_class worst_mailbox; /* of those that failed */
    bool watched;                 /* somebody is: everything is said at once */
    bool lasting;                 /* something has failed for TROUBLE_PATIENCE runs */
};

/* kind "mailbox" or "channel". transient: may be gone by itself, so the line waits unless somebody is
 * watching. False: the store failed. */
bool trouble_failed(struct trouble *t, const char *kind, sv name, bool transient, const struct err *what,
                    struct err *e) NODISCARD;
bool trouble_ended(const struct trouble *t, const char *kind, sv name, struct err *e) NODISCARD;

/* 77 or 69 (or what else it was) when no mailbox could be read, 75 when a part has failed for
 * TROUBLE_PATIENCE runs, else 0. */
int trouble_exit_code(const struct trouble *t);

#endif
