/* Starting the reader program: its own executable, empty environment, fixed argv, one socket. */
#ifndef INTAKE_LAUNCH_H
#define INTAKE_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/* Descriptor of the socket in the reader. */
enum { LAUNCH_SOCKET = 3 };

/* The reader's path beside this program (/proc/self/exe), in a. ERR_BUG. */
bool launch_find(arena *a, const char **path, struct err *e) NODISCARD;

/* *fd is our end, non-blocking. The reader is in a process group of its own: Ctrl-C on a terminal is
 * ours to answer. ERR_RETRY: no process or descriptor now; ERR_BUG: the program cannot be run. */
bool launch_reader(const char *path, pid_t *pid, int *fd, struct err *e) NODISCARD;

#endif
