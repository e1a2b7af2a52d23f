/* The reports that `parse` has summed up, so that one that comes again is left out. */
#ifndef CLI_SEEN_H
#define CLI_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sha256.h"
#include "model/limits.h"
#include "model/report.h"

struct seen {
    uint8_t (*ids)[SHA256_SIZE]; /* a hash table; all zero is free. The ids are hashes already */
    size_t n, size;
};

/* Reads the records to their end and starts them over. *repeated: a report of the same facts was there
 * before. */
bool seen_report(struct seen *s, const struct report *r, struct record_cursor *records,
                 const struct limits *limits, bool *repeated, struct err *e) NODISCARD;

void seen_free(struct seen *s);

#endif
