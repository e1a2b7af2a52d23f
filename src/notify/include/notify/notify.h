/* Sends rendered notices: HTTP POST and SMTP by libcurl, a program of the user's, a syslog socket, standard
 * output; one at a time, each with an end in sight (limits.send_connect, send_total, send_mail,
 * send_command). No redirects, no plain text but to loopback, no secret in any text that comes out. */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/policy.h"

struct notify;
struct tokens;

struct payload {
    const char *content_type; /* of an HTTP body */
    sv body; /* of the POST, a whole message of RFC 5322, or what a program or person reads */
    /* E-mail: hand it over also when some recipients are put off. Else nobody gets it then, and the answer is
     * to retry, so that nobody gets it twice or not at all. */
    bool partial;
    sv owner; /* E-mail: this address alone; absent: those of the channel */
    sv id;    /* of the notice, the same at every attempt */
};

enum answer_class {
    ANSWER_SENT,
    ANSWER_RETRY,   /* network, time-out, 408, 425, 429, 5xx, SMTP 4xx, exit code 75: the next run
                       may succeed */
    ANSWER_BROKEN,  /* 3xx (never followed), 4xx that stand nowhere else here, SMTP 535, 5xx before the
                       message,  certificate, another exit code: the channel needs a person; retried all the
                       same */
    ANSWER_REFUSED, /* 400, 413, 422, SMTP 5xx to the message, exit code 65: this notice will never be taken
                     */
};

struct answer {
    enum answer_class cls;
    int code;             /* HTTP status, SMTP reply or exit code; 0: none came, or all went well */
    int64_t retry_after;  /* seconds asked for (RFC 9110 10.2.3); 0: not asked */
    bool repeat_possible; /* all octets were sent and no answer came: it may have arrived */
    bool shorter;         /* refused (400, 413, 422, SMTP 552): fewer words may be taken */
    struct err err;       /* one line: what, where, what to do; class ERR_RETRY. When sent: ERR_NONE, or some
                             recipients of the e-mail were refused and the others have it */
};

/* limits are kept by address. NULL: ERR_CONFIG when this libcurl lacks a protocol, ERR_MEMORY. The program
 * ignores SIGPIPE. */
struct notify *notify_open(const struct limits *limits, struct err *e) NODISCARD;

/* Where channels with oauth2 get their tokens; without it they cannot log in. One that is kept is replaced
 * once when the server refuses it. */
void notify_use_tokens(struct notify *n, struct tokens *tokens);

/* Waits for the answer. A channel whose far side takes one message a second is not sent to sooner. */
void notify_send(struct notify *n, const struct channel_cfg *channel, const struct payload *p,
                 struct answer *out);

/* Goes as far as can be gone without sending: TLS with the server of an HTTP channel, without a request; the
 * greeting, STARTTLS and login of an SMTP server, without a mail; whether a program may be executed. `where`:
 * what was tried, for people; no secret. False: there is nothing to try (standard output). */
bool notify_probe(struct notify *n, const struct channel_cfg *channel, char where[ERR_QUOTE],
                  struct answer *out);

void notify_close(struct notify *n);

#endif
