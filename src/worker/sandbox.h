/* The confinement of the reader: nothing is open but its socket, nothing can be opened, started or told
 * to anybody else. Linux, x86-64 and aarch64. */
#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include <stdbool.h>

#include "base/attr.h"
#include "model/limits.h"
#include "wire/wire.h"

/* First thing in the mould: no environment but TZ (libzip asks for the local time, and that would open a
 * file), no core, no ptrace, gone with the parent, every descriptor closed but `keep` (above 2) and stdio
 * on /dev/null (sanitizer builds keep stderr). False: the system refused one of these. */
bool sandbox_prepare(int keep) NODISCARD;

/* In the mould: makes ready what sandbox_confine applies in its copies. False: no memory. */
bool sandbox_make(void) NODISCARD;

/* Writes the filter's program (struct sock_filter) for one machine (SCMP_ARCH_…) to a descriptor: one table
 * for all of them. */
bool filter_export(uint32_t arch, int fd) NODISCARD;

/* Debug builds: names the call that is forbidden on stderr, and then dies of it. */
bool trap_set(void) NODISCARD;

/* In the copy, after sandbox_make in its mould: gone with the parent, resource limits, no_new_privs, Landlock
 * where the kernel has it, the system call filter. There is no way back. False: not confined, end at once;
 * with best_effort everything is tried, and *level says that it is weak where a part was refused. */
bool sandbox_confine(const struct limits *limits, bool best_effort, enum wire_sandbox *level) NODISCARD;

/* The parts, each false when the kernel refused. */
enum landlock { LANDLOCK_ON, LANDLOCK_ABSENT, LANDLOCK_FAILED };
enum landlock landlock_deny_all(void) NODISCARD;
bool filter_make(void) NODISCARD; /* what filter_load loads */
bool filter_load(void) NODISCARD;

#endif
