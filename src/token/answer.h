/* The answers of token servers (RFC 6749 5.1, 5.2; RFC 8628 3.2). Pure. */
#ifndef TOKEN_ANSWER_H
#define TOKEN_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"

/* A token, code or URI that is not printable ASCII, or too long, is taken for absent: it would end up in a
 * login or on a terminal, where any other octet does something. */
struct token_answer {
    sv access_token, refresh_token;
    sv error, description; /* raw, cut */
    int64_t expires_in;    /* seconds; 0: not said */
    sv device_code, user_code, uri, uri_complete;
    int64_t interval; /* seconds between two questions */
};

/* Values are copied to `a`. False: this is no JSON object, or memory is out. */
bool answer_read(sv body, size_t longest, arena *a, struct token_answer *out) NODISCARD;

/* Whether s can be a token: printable ASCII without blanks, at most `longest` octets, not empty. */
bool answer_is_token(sv s, size_t longest);

#endif
