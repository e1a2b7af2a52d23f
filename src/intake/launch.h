/* Starting the reader program as a mould of readers: its own executable, empty environment, fixed argv, one
 * socket; and the packets that go to it and come from it. */
#ifndef INTAKE_LAUNCH_H
#define INTAKE_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

/* Descriptor of the socket in the mould and its copies. */
enum { LAUNCH_SOCKET = 3 };

/* The reader's path beside this program (/proc/self/exe), in a. ERR_BUG. */
bool launch_find(arena *a, const char **path, struct err *e) NODISCARD;

/* *fd is our end, non-blocking. It is in a process group of its own: Ctrl-C on a terminal is ours to answer.
 * ERR_RETRY: no process or descriptor now; ERR_BUG: the program cannot be run. */
bool launch_mould(const char *path, pid_t *pid, int *fd, struct err *e) NODISCARD;

/* The socket of a reader: our end, non-blocking, and the one to pass on. ERR_RETRY. */
bool launch_socket(int *ours, int *theirs, struct err *e) NODISCARD;

/* One packet, with a descriptor unless pass is -1. False: it was not taken. */
bool launch_say(int fd, sv packet, int pass) NODISCARD;

/* The next packet; its size (0: hung up), or -1 with errno. */
ssize_t launch_hear(int fd, char *packet, size_t max) NODISCARD;

#endif
