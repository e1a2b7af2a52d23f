/* SHA-256 and HMAC-SHA-256 by libcrypto. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"

enum { SHA256_SIZE = 32 };

struct sha256 {
    void *ctx; /* libcrypto's; NULL after a failure */
};

/* start, any number of adds, then end, which frees. False: libcrypto failed (no memory). */
bool sha256_start(struct sha256 *h) NODISCARD;
void sha256_add(struct sha256 *h, const void *p, size_t n);
bool sha256_end(struct sha256 *h, uint8_t out[SHA256_SIZE]) NODISCARD;

bool sha256(sv in, uint8_t out[SHA256_SIZE]) NODISCARD;
bool hmac_sha256(sv key, sv in, uint8_t out[SHA256_SIZE]) NODISCARD;

/* Lower-case hex of n octets and a NUL into out (2n + 1 octets). */
void hex_of(const uint8_t *in, size_t n, char *out);

#endif
