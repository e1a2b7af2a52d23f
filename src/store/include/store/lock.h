/* run.lock in the state folder: one run at a time, released by the kernel whatever happens to the
 * process. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

enum store_lock_result {
    STORE_LOCKED,      /* ours until store_unlock */
    STORE_LOCK_BUSY,   /* another run has it; *holder its process id, 0 when that cannot be read */
    STORE_LOCK_FAILED, /* *e: ERR_STATE, ERR_DISK */
};

struct store_lock {
    int fd;
};

/* path: of the database, as for store_open; the lock is run.lock beside it. A missing folder is made, with
 * mode 0700. Never waits. */
enum store_lock_result store_lock(sv path, struct store_lock *out, int64_t *holder, struct err *e) NODISCARD;

/* The file stays: only the lock on it counts. */
void store_unlock(struct store_lock *l);

#endif
