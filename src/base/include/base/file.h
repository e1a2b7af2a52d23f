/* Files: bounded reading, atomic writing, descriptors that close themselves. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/* For CLEANUP(): closes what is open. */
void fd_cleanup(int *fd);
void file_cleanup(FILE **f);

/* Appends the whole file to out. ERR_INPUT when it cannot be read or is larger than out's maximum;
 * the message names the path and the reason. */
bool file_read(const char *path, buf *out, struct err *e) NODISCARD;

/* The same from an open descriptor; name is for the message. */
bool file_read_fd(int fd, const char *name, buf *out, struct err *e) NODISCARD;

/* Writes to a temporary file in the same folder, syncs, renames. mode as in open(2).
 * ERR_DISK (ENOSPC, EIO, EDQUOT) or ERR_STATE. */
bool file_write_atomic(const char *path, sv data, unsigned mode, struct err *e) NODISCARD;

/* The folder that a path lies in: "/a/b" gives "/a", "b" gives ".". In a, or NULL when memory is out. */
const char *file_folder(arena *a, sv path) NODISCARD;

/* 0 when the path is a file that this user may execute, else errno. */
int file_may_run(const char *path) NODISCARD;

/* ERR_DISK for a full disk or an input/output error, else `otherwise`. */
enum err_class err_class_of_errno(int err, enum err_class otherwise);

#endif
