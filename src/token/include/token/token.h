/* Access tokens (RFC 6749) for logins at mailboxes and SMTP servers: got by the grants of struct oauth_cfg,
 * kept in the folder `tokens` of the state folder (0700, its files 0600), renewed five minutes before they
 * expire. A rotated refresh token is on the disk before the access token that came with it is used.
 *
 * Every call may block, for limits.token_time at most: callers ask for one mailbox or channel at a time, when
 * its turn to connect has come. A token server that could not be reached is not asked again by the same
 * struct tokens, so that it costs that time once.
 *
 * HTTPS only (http to a loopback address), no redirects, bounded answers, no secret in any text. The system's
 * clock counts, never --now: the servers go by theirs. */
#ifndef TOKEN_TOKEN_H
#define TOKEN_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/policy.h"

struct tokens;

/* Whose token: the login of one mailbox or channel. */
struct token_owner {
    const char *kind; /* "mailbox" or "channel" */
    sv name;
    sv user;                     /* the mailbox that is logged in to; a service account acts for it */
    const struct oauth_cfg *cfg; /* grant is not OAUTH_NONE */
};

struct token {
    sv value;    /* printable ASCII; valid until the next call with the same struct tokens */
    bool cached; /* from the disk: when a server refuses it, ask once more with `refused` */
};

/* limits are kept by address. state_path: of the database, whose folder exists when the first token is
 * wanted. NULL: ERR_MEMORY. */
struct tokens *tokens_open(const struct limits *limits, sv state_path, struct err *e) NODISCARD;
void tokens_close(struct tokens *t);

/* refused: the one on the disk is of no use, get a new one. False: *e says who refused what and what to do;
 * *transient: the next run may succeed by itself. Classes: ERR_LOGIN (refused), ERR_UNREACHABLE, ERR_CONFIG
 * (key, certificate or program cannot be used), ERR_STATE and ERR_DISK (cannot be kept), ERR_MEMORY. */
bool token_get(struct tokens *t, const struct token_owner *o, bool refused, struct token *out,
               bool *transient, struct err *e) NODISCARD;

/* What a person must do for OAUTH_DEVICE (RFC 8628 3.2). Printable ASCII. */
struct token_prompt {
    sv uri, code;
    sv uri_complete; /* absent: there is none */
    int64_t seconds; /* until it is too late */
};

/* Asks for a code, shows it by `show`, waits until somebody has confirmed it (limits.token_login at most),
 * and keeps the tokens. Fails as token_get does. */
bool token_login(struct tokens *t, const struct token_owner *o,
                 void (*show)(void *ctx, const struct token_prompt *p), void *ctx, struct err *e) NODISCARD;

enum token_use { TOKEN_IMAP, TOKEN_SMTP };

/* What to do when a mail server refuses a login: by its host, the way of the login (cfg->grant OAUTH_NONE:
 * by password), and its words. Static text. */
const char *token_advice(enum token_use use, sv host, const struct oauth_cfg *cfg, sv said);

/* The status in a challenge by which servers refuse tokens: base64 of {"status": "400", …} (RFC 7628 3.2.2).
 * Only a word of a-z, 0-9 and _ counts; empty: the text is no such challenge. Returns out. */
enum { TOKEN_STATUS = 32 };
const char *token_challenge(sv base64, char out[TOKEN_STATUS]);

/* "XOAUTH2" or "OAUTHBEARER". */
const char *token_mechanism(const struct oauth_cfg *cfg);

#endif
