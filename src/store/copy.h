/* Whole databases, page by page, in one consistent state. */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

/* name: of the copy, for the message. */
bool copy_pages(sqlite3 *from, sqlite3 *to, const char *name, struct err *e) NODISCARD;

/* Fills the empty database `to` from the file, which is only read. True too when there is no such file. */
bool copy_from_file(const char *path, sqlite3 *to, struct err *e) NODISCARD;

#endif
