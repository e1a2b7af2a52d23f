/* A walk through files and folders: every file below a path, in bytewise order of paths. */
#ifndef FETCH_FOLDER_H
#define FETCH_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/limits.h"

enum folder_result { FOLDER_FILE, FOLDER_ERROR, FOLDER_END };

struct folder_level {
    char **names; /* sorted */
    size_t n, at;
    size_t path_n; /* of the folder's own path in folder.path */
    bool maildir;  /* only what is in its folders counts, and nothing of tmp */
};

struct folder {
    const struct limits *limits;
    buf path; /* of the entry in hand, followed by NUL */
    struct folder_level *levels;
    size_t n;
};

/* path: an existing folder. Trailing slashes are left out of what folder_next gives. */
bool folder_open(struct folder *f, const char *path, const struct limits *limits, struct err *e) NODISCARD;

/* FOLDER_FILE: f->path.p is the next file. FOLDER_ERROR: one entry or folder was left out, *e says why. */
enum folder_result folder_next(struct folder *f, struct err *e) NODISCARD;

void folder_close(struct folder *f);

#endif
