/* Strict numbers: decimal digits and nothing else, with bounds. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"

/* One or more digits, value ≤ max. No sign, no blanks. *out is written only on success. */
bool num_u64(sv s, uint64_t max, uint64_t *out) NODISCARD;

/* As above with an optional '-'; min ≤ value ≤ max. */
bool num_i64(sv s, int64_t min, int64_t max, int64_t *out) NODISCARD;

/* Adds and stays at UINT64_MAX instead of wrapping. */
static inline uint64_t sat_add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

#endif
