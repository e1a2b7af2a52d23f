/* The state folder: the one that the database lies in. */
#ifndef STORE_FOLDER_H
#define STORE_FOLDER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

/* Makes the folder of the file, and those above it, with mode 0700 where they are missing. ERR_STATE,
 * ERR_DISK, ERR_MEMORY. */
bool folder_make(sv file, struct err *e) NODISCARD;

/* Path of another file beside it, by malloc; NULL: no memory. */
char *folder_file(sv file, const char *name) NODISCARD;

#endif
