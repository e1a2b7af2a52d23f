/* The state folder: the one that the database lies in. */
#ifndef STORE_FOLDER_H
#define STORE_FOLDER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

/* A file or folder that cannot be had: path, what failed, errno, and what to do. ERR_DISK or ERR_STATE.
 * Returns false. */
bool folder_err(const char *path, const char *what, int why, struct err *e);

/* Makes the folder of the file, and those above it, with mode 0700 where they are missing. ERR_STATE,
 * ERR_DISK, ERR_MEMORY. */
bool folder_make(sv file, struct err *e) NODISCARD;

/* Path of another file beside it, by malloc; NULL: no memory. */
char *folder_file(sv file, const char *name) NODISCARD;

#endif
