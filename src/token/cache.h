/* Tokens between runs: one file a mailbox or channel in the folder `tokens` of the state folder. */
#ifndef TOKEN_CACHE_H
#define TOKEN_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "token/token.h"

/* An access token is renewed so many seconds before it expires. */
enum { CACHE_EARLY = 300 };

struct kept {
    sv access_token; /* absent: none */
    int64_t expires; /* Unix seconds */
    sv refresh_token;
};

/* Whether the access token may be used at `now`. */
bool kept_is_fresh(const struct kept *k, int64_t now);

/* Makes the folder of `folder`, and locks it against other processes until *lock is closed: a rotated refresh
 * token is good once. ERR_STATE when it belongs to another user. */
bool cache_lock(const char *folder, int *lock, struct err *e) NODISCARD;

/* The file of an owner, in `a`; NULL: memory is out. */
const char *cache_path(const char *folder, const struct token_owner *o, arena *a) NODISCARD;

/* What the file holds for this configuration; nothing when there is none, or it was written for another
 * server, client, scope, user or first refresh token. ERR_STATE when others than its owner may read it. */
bool cache_read(const char *path, const struct token_owner *o, arena *a, struct kept *out,
                struct err *e) NODISCARD;

/* Atomic, 0600, on the disk when this returns. ERR_STATE, ERR_DISK, ERR_MEMORY. */
bool cache_write(const char *path, const struct token_owner *o, const struct kept *k,
                 struct err *e) NODISCARD;

#endif
