/* The database of the agent: one file, one process that runs at a time, short transactions. What a mail
 * said is kept as facts and raw text; no judgement is ever stored (architecture: Store).
 *
 * A run uses it in this order; every part has a header of its own:
 *
 *   store_lock (lock.h) → store_open → store_run_begin (runs.h) → store_outbox_recover (outbox.h)
 *   T1  store_mailbox, store_begin_mails … store_put_mail … store_move_mark, store_commit_mails (mails.h)
 *   T2  store_begin_decide … store_dirty, store_rows (facts.h), store_put_notice … store_commit_decide
 *       (decide.h)
 *   T3  store_outbox_next, store_outbox_claim, store_outbox_sent | _retry | _dead (outbox.h)
 *   store_run_end → store_close → store_unlock
 *
 * Errors of every function: ERR_DISK (full, input/output error), ERR_DAMAGED (damage.h), ERR_STATE (cannot be
 * made, opened or written), ERR_RETRY (another command holds the database for longer than STORE_BUSY_MS),
 * ERR_MEMORY, ERR_BUG. The message names the file. After an error inside T1 or T2 the transaction is
 * gone: nothing of it stays, and the next call is its begin. Only a commit that ends with ERR_DISK may have
 * been done all the same, whole: its last sync failed. Nothing is lost or counted twice by that.
 *
 * Text goes in and comes out as views; what comes out is in the arena given. Times are Unix seconds UTC
 * of the run clock, days are days since 1970. Not for use by several threads. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/limits.h"

struct store;

enum { STORE_BUSY_MS = 10000 };

/* Opens the database, or makes it (mode 0600, its folder too if need be), migrates it after a backup
 * beside it (<path>.v<old version>.bak), and takes back what a killed process left half done. limits are
 * copied. ERR_CONFIG: it is of a newer program, or a database of another program. */
bool store_open(sv path, const struct limits *limits, struct store **out, struct err *e) NODISCARD;

/* Whether this user could open the database for writing, or make it, as far as that can be told without
 * changing anything; root always could. ERR_STATE, ERR_MEMORY. */
bool store_may_write(sv path, struct err *e) NODISCARD;

/* The same on a private copy of the database, which nobody else sees and which is gone with store_close or
 * the process; an empty one where there is none. The file at path is read and never written. The copy lies in
 * an unlinked file in $TMPDIR or /var/tmp as far as it does not fit into memory. Hold run.lock while this
 * runs. ERR_RETRY: a run was killed while it wrote, and only the next run can mend that. */
bool store_open_copy(sv path, const struct limits *limits, struct store **out, struct err *e) NODISCARD;

/* Rolls back what is open. NULL is allowed. */
void store_close(struct store *s);

#endif
