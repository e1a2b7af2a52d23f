/* JSON Web Tokens signed with RS256 (RFC 7515, 7519): what a client or a service account proves itself by. */
#ifndef TOKEN_JWT_H
#define TOKEN_JWT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/policy.h"

/* How long one is good for, seconds. Google takes an hour at most. */
enum { JWT_LIFETIME = 600 };

/* RFC 7523 2.2 for cfg->client_id at cfg->token_url, signed with cfg->private_key; the header names
 * cfg->certificate by its SHA-1 and SHA-256 thumbprints. Appended to out. ERR_CONFIG: key or certificate
 * cannot be used or do not belong together. */
bool jwt_client_assertion(const struct oauth_cfg *cfg, int64_t now, buf *out, struct err *e) NODISCARD;

/* The key of a service account, views into `a`. */
struct jwt_account {
    sv issuer, private_key, key_id /* or absent */, token_url;
};

/* From cfg: private_key is PEM or Google's JSON key file, whose values stand in for those that cfg lacks.
 * ERR_CONFIG. */
bool jwt_account(const struct oauth_cfg *cfg, arena *a, struct jwt_account *out, struct err *e) NODISCARD;

/* RFC 7523 2.1 as Google wants it: `user` is whom the account acts for. */
bool jwt_account_assertion(const struct jwt_account *account, sv scope, sv user, int64_t now, buf *out,
                           struct err *e) NODISCARD;

#endif
