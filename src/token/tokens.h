/* What the parts of this folder share during a run. */
#ifndef TOKEN_TOKENS_H
#define TOKEN_TOKENS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cache.h"
#include "token/token.h"

struct unreachable {
    sv host;
    struct err err;
    struct unreachable *next;
};

struct tokens {
    const struct limits *limits;
    const char *folder;
    CURL *easy;
    arena run;                 /* lives as long as this */
    arena call;                /* of one call */
    buf value;                 /* the token handed out last */
    struct unreachable *hosts; /* that could not be reached, newest first */
};

/* One question to a token server. Its host for texts is in t->call. */
struct question {
    const struct oauth_cfg *cfg;
    sv url;
    const buf *form;
};

struct reply {
    int status;
    sv host;
    buf body; /* the caller wipes it, also after a failure */
};

/* POSTs the form and takes the answer, whatever its status. */
bool http_ask(struct tokens *t, const struct question *q, struct reply *r, bool *transient,
              struct err *e) NODISCARD;

/* Runs cfg->command, without a shell, and takes the first line that it prints, trimmed; the caller wipes
 * out. What it says on stderr is dropped: it may be a secret. */
bool command_run(const struct tokens *t, const struct oauth_cfg *cfg, buf *out, bool *transient,
                 struct err *e) NODISCARD;

/* The question for a new access token. *url: views of the configuration, or in `a`. ERR_LOGIN when a refresh
 * token is needed and there is none. */
bool grant_form(const struct token_owner *o, const struct kept *kept, int64_t now, arena *a, sv *url,
                buf *form, struct err *e) NODISCARD;

/* Unix seconds by the system's clock. */
int64_t tokens_now(void);

/* The new tokens of an answer: into *kept, and from there to the disk before anybody uses them. */
struct token_answer;
bool tokens_keep(const char *path, const struct token_owner *o, const struct token_answer *a, int64_t now,
                 struct kept *kept, struct err *e) NODISCARD;

#endif
