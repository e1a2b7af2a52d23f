/* What every harness shares. A harness is one function, which takes any octets and must neither crash nor
 * break what it requires. With clang it becomes a libFuzzer program; with any compiler, replay.c runs it over
 * files: the seeds and all that was ever found. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/limits.h"

/* The harness. `in` is a copy of exactly its size, so that a sanitizer sees every step beyond it. */
void fuzz_one(sv in);

/* What the program promises about this input; ends the process when it is not so. */
void fuzz_require(bool ok, const char *what);

/* Limits so small that inputs of some KiB go beyond each of them. */
const struct limits *fuzz_limits(void);

/* Cuts octets into pieces of 1 to 64, always the same for the same input. */
struct fuzz_pieces {
    sv rest;
    uint32_t state;
};
struct fuzz_pieces fuzz_cut(sv in);
bool fuzz_piece(struct fuzz_pieces *p, sv *piece);

#endif
