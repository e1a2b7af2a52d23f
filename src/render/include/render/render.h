/* A notice becomes the bytes that a channel takes. Pure: the same notice and context give the same bytes,
 * at every attempt. */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/notice.h"
#include "model/policy.h"
#include "text/catalogue.h"

/* How much is told: a channel that refuses a notice is offered the next one. Short is headline and numbers
 * of each incident, text the one line of the subject. */
enum render_length { LENGTH_FULL, LENGTH_SHORT, LENGTH_TEXT, LENGTH_END };

struct render_context {
    const struct channel_cfg *channel; /* its type chooses the form; from and to of an e-mail */
    const struct limits *limits;
    enum text_lang lang;
    sv zone;              /* of times in words; absent: UTC */
    int64_t ahead;        /* seconds that it is ahead of UTC */
    int64_t now;          /* Date of an e-mail, sent_at of JSON; Unix seconds */
    sv host;              /* of the Message-ID: a plain domain name; anything else becomes "localhost" */
    bool repeat_possible; /* an earlier attempt may have arrived, and the notice says so */
    enum render_length length;
    int64_t until; /* Alertmanager: when what goes on is over, unless it is told again; Unix seconds */
};

/* Appends to out: for the chats the JSON of a POST (UTF-8, within the limits that each documents; the file
 * of each names them), for CHANNEL_EMAIL a whole message of RFC 5322 with CRLF, lines of at most 998 octets
 * and no octet above 127 (multipart/alternative, text and HTML), for CHANNEL_WEBHOOK and CHANNEL_COMMAND one
 * line of JSON in ASCII, schema "dmarcwarn.alert.v1" (dmarcwarn(1)) or Alertmanager's of version 4, for
 * CHANNEL_PAGERDUTY one event of Events v2 a line and incident, for CHANNEL_ALERTMANAGER the array of
 * /api/v2/alerts, for CHANNEL_SYSLOG one message of RFC 5424 a line and incident, for CHANNEL_STDOUT text in
 * UTF-8 with LF, ending in an empty line. What does not fit into the channel's limits is left out from the
 * end, and the message says how many incidents that are. Nothing is appended where the channel is never told
 * of such incidents (CHANNEL_ALERTMANAGER: info). ERR_MEMORY or ERR_LIMIT (out's maximum, or the channel's
 * at this length). */
bool render_notice(const struct notice *n, const struct render_context *c, buf *out, struct err *e) NODISCARD;

/* "application/json", "message/rfc822", "text/plain". */
const char *render_content_type(enum channel_type type);

#endif
