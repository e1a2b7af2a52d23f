/* What mail servers wrote into the header of a mail about who sent it: Authentication-Results (RFC 8601),
 * Received-SPF (RFC 7208 9.1), and which hosts say that they received it. Facts as they stand there, of the
 * outermost mail alone; anybody may have written them. Whom to believe is in the configuration, and judge/
 * makes trust of both. */
#ifndef MODEL_AUTH_H
#define MODEL_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"

/* clang-format off */
/* Those that trust is made of (RFC 8601 2.7, RFC 7489 11.2); others are not read. */
#define AUTH_METHODS(X) X(dmarc) X(dkim) X(spf)

#define AUTH_RESULTS(X) \
    X(none) X(pass) X(fail) X(softfail) X(neutral) X(policy) X(temperror) X(permerror)
/* clang-format on */

enum auth_method {
#define AUTH_METHOD_ITEM(name) AUTH_METHOD_##name,
    AUTH_METHODS(AUTH_METHOD_ITEM)
#undef AUTH_METHOD_ITEM
        AUTH_METHOD_END
};

enum auth_result {
    AUTH_RESULT_unknown, /* a word of no standard: never a pass */
#define AUTH_RESULT_ITEM(name) AUTH_RESULT_##name,
    AUTH_RESULTS(AUTH_RESULT_ITEM)
#undef AUTH_RESULT_ITEM
        AUTH_RESULT_END
};

const char *auth_method_name(enum auth_method m);
const char *auth_result_name(enum auth_result r); /* "unknown" for AUTH_RESULT_unknown */

/* Without case; "hardfail" of RFC 5451 is fail. False: none of ours. */
bool auth_method_from_name(sv name, enum auth_method *out);
enum auth_result auth_result_from_name(sv name);

/* One result. Names are in lower case and plain (domain_is_plain); absent where there was none, or not one
 * that is certain. */
struct auth_statement {
    enum auth_method method;
    enum auth_result result;
    sv domain; /* dmarc: header.from; dkim: header.d, else that of header.i; spf: that of smtp.mailfrom */
    sv helo;   /* spf: smtp.helo, where the envelope had no sender */
};

enum auth_source { AUTH_SOURCE_results, AUTH_SOURCE_received_spf, AUTH_SOURCE_END };

/* One header field. */
struct auth_field {
    enum auth_source source;
    sv id;        /* authserv-id (receiver= of Received-SPF), lower case; absent: the field has none, as those
                     of Exchange; empty: it has one that cannot be used */
    uint32_t hop; /* Received fields above it, at most limits.auth_hops */
    struct auth_statement *statements; /* none: it says "none", or nothing that can be read */
    size_t n_statements;
};

struct mail_auth {
    struct auth_field *fields; /* from the top */
    size_t n_fields;
    sv *received_by; /* host behind "by" of each Received field, from the top; absent: no plain name */
    size_t n_received;
    bool more; /* a limit ended the reading: what stands below is not known */
};

/* All of it in a; empty, and a->failed, without memory. */
struct mail_auth mail_auth_copy(const struct mail_auth *from, arena *a);

#endif
