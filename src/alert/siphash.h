/* SipHash-2-4: table places that a stranger who chooses the keys of entries cannot choose. */
#ifndef ALERT_SIPHASH_H
#define ALERT_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
    uint64_t k[2];
};

uint64_t siphash(const struct siphash_key *key, const void *in, size_t n);

#endif
