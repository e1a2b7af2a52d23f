/* run.lock for commands that people call: where a run is at work, they are told so. */
#ifndef CLI_COMMAND_LOCK_H
#define CLI_COMMAND_LOCK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/lock.h"

/* path: of the database. Errors: ERR_RETRY while a run is at work, and those of store_lock. */
bool command_lock(sv path, struct store_lock *lock, struct err *e) NODISCARD;

#endif
