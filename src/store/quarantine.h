/* What could not be read, with one copy of its mail. Inside T1. */
#ifndef STORE_QUARANTINE_H
#define STORE_QUARANTINE_H

#include "db.h"
#include "model/rejects.h"

struct quarantined {
    int64_t mail;     /* row of the mail */
    int64_t document; /* which one of it; -1: the mail itself */
    sv member, detail;
    enum reject reason;
    int64_t since;
};

bool quarantine_put(struct store *s, const struct quarantined *q, struct err *e) NODISCARD;

/* Keeps a deflated copy, unless there are no bytes or more than limits.quarantine_mail come out; the
 * oldest copies go until limits.quarantine_total holds. The mail has no copy yet. */
bool quarantine_keep(struct store *s, int64_t mail, sv bytes, struct err *e) NODISCARD;

/* Forgets all entries of a mail, and its copy. *since: of the oldest of them; left alone if there are none.
 */
bool quarantine_drop(struct store *s, int64_t mail, int64_t *since, struct err *e) NODISCARD;

#endif
