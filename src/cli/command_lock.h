/* run.lock for commands that people call: where a run is at work, they are told so. */
#ifndef CLI_COMMAND_LOCK_H
#define CLI_COMMAND_LOCK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "run.h"
#include "store/lock.h"

/* path: of the database. Errors: ERR_RETRY while a run is at work, and those of store_lock. */
bool command_lock(sv path, struct store_lock *lock, struct err *e) NODISCARD;

/* r->store becomes a private copy of the database of that configuration, so that whoever asks holds up no
 * run. ERR_INPUT where there is none; else errors of command_lock and store_open_copy. */
bool command_copy(struct run *r, const struct config *of, struct err *e) NODISCARD;

#endif
