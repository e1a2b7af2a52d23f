#include "base/sha256.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

bool sha256_start(struct sha256 *h)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    h->ctx = ctx;
    if (ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1)
        return true;
    EVP_MD_CTX_free(ctx);
    h->ctx = NULL;
    return false;
}

void sha256_add(struct sha256 *h, const void *p, size_t n)
{
    if (h->ctx && EVP_DigestUpdate(h->ctx, p, n) != 1) {
        EVP_MD_CTX_free(h->ctx);
        h->ctx = NULL;
    }
}

bool sha256_end(struct sha256 *h, uint8_t out[SHA256_SIZE])
{
    bool ok = h->ctx && EVP_DigestFinal_ex(h->ctx, out, NULL) == 1;
    EVP_MD_CTX_free(h->ctx);
    h->ctx = NULL;
    return ok;
}

bool sha256(sv in, uint8_t out[SHA256_SIZE])
{
    return EVP_Digest(in.p, in.n, out, NULL, EVP_sha256(), NULL) == 1;
}

bool hmac_sha256(sv key, sv in, uint8_t out[SHA256_SIZE])
{
    if (key.n > INT_MAX)
        return false;
    return HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)in.p, in.n, out, NULL) != NULL;
}

void hex_of(const uint8_t *in, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 15U];
    }
    out[2 * n] = '\0';
}
