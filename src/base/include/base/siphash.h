/* SipHash-1-3 (Aumasson and Bernstein 2012) under a random key: texts of strangers cannot be made to
 * collide in our tables. The value never leaves the process, so it is in host byte order. */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stdint.h>

#include "base/sv.h"

struct siphash_key {
    uint64_t k[2];
};

void siphash_key_make(struct siphash_key *key);
uint64_t siphash(const struct siphash_key *key, sv in);

#endif
