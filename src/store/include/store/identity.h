/* By what a report is known: its facts, and the name that it shares with what claims to be the same
 * report. Pure. */
#ifndef STORE_IDENTITY_H
#define STORE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sha256.h"
#include "model/limits.h"
#include "model/report.h"

enum { SET_ID_SIZE = 16 };

struct identity {
    /* Over who reports, what period and policy, and the sorted hashes of the records. Names are folded;
     * what the reader notes or sums up is not in it, nor the order of the records. */
    uint8_t facts_id[SHA256_SIZE];
    /* Reporter (address, else name), report id, policy domain, period. */
    uint8_t set_id[SET_ID_SIZE];
    uint64_t records; /* as counted */
};

/* Reads the cursor to its end. ERR_LIMIT: more than limits.report_rows; ERR_MEMORY. */
bool identity_of(const struct report *r, struct record_cursor *records, const struct limits *limits,
                 struct identity *out, struct err *e) NODISCARD;

#endif
