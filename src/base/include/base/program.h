/* A child process that somebody configured: no shell, no descriptor of ours, a fixed environment. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"

enum program_streams {
    PROGRAM_TALK, /* pipes to its standard input and from its standard output and error */
    PROGRAM_HEAR  /* a pipe from its standard output; nothing to read, and what it complains is lost */
};

struct program {
    pid_t pid;
    int in, out; /* our ends, non-blocking; -1: closed, or not there */
};

/* argv[0] is a path and is not searched for. It gets the variables of env (NULL ends them), no other
 * descriptor, signals as at boot, and a process group of its own. ERR_RETRY: the machine is short of
 * something; ERR_CONFIG: it cannot be executed. Texts are made in `a`. */
bool program_start(struct program *p, const sv *argv, size_t n, char *const env[],
                   enum program_streams streams, arena *a, struct err *e) NODISCARD;

/* True, and *status as of waitpid, when it has ended; it is reaped then. */
bool program_ended(struct program *p, int *status) NODISCARD;

/* Ends it and all that it started, and reaps it. */
void program_kill(struct program *p);

/* Runs one that prints a secret and waits for it, at most ms. It gets PATH, HOME and the like of our
 * environment and nothing else; what it complains on stderr is dropped, as it may be the secret. *out takes
 * its output up to its own bound; the caller wipes it, also after a failure. False: *e says why, without its
 * name: ERR_RETRY and ERR_CONFIG as program_start, ERR_UNREACHABLE: too slow or too much, ERR_LOGIN: it
 * failed. */
bool program_output(const sv *argv, size_t n, uint64_t ms, buf *out, struct err *e) NODISCARD;

#endif
