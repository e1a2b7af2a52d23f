/* From the version that a database has to the newest: forward only, one transaction a step, a backup
 * before the first. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

/* steps as schema_steps. An empty file becomes version 1 (schema_first) and goes through all steps.
 * ERR_CONFIG: the database is newer than the steps, or of another program. The backup is
 * <path>.v<version>.bak; a database without a file gets none. */
bool migrate(sqlite3 *db, const char *path, const char *const *steps, struct err *e) NODISCARD;

#endif
