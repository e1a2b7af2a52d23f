/* One notice to one channel, the way every command goes: thaw, render, notify. */
#ifndef CLI_SENDER_H
#define CLI_SENDER_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/incident.h"
#include "model/policy.h"
#include "notify/notify.h"
#include "token/token.h"

enum { SENDER_HOST = 256 };

struct sender {
    const struct limits *limits;
    struct notify *notify;
    struct tokens *tokens;
    arena arena; /* of one notice */
    char host[SENDER_HOST];
};

/* The configuration is kept by address. False: as notify_open and tokens_open. sender_close is needed after
 * true only. */
bool sender_open(struct sender *s, const struct config *c, struct err *e) NODISCARD;
void sender_close(struct sender *s);

/* Appends what the channel takes of a frozen notice. Errors as of notice_thaw and render_notice. */
bool sender_render(struct sender *s, sv frozen, const struct channel_cfg *channel, bool repeat_possible,
                   buf *out, struct err *e) NODISCARD;

/* Sends what sender_render made; id is the notice's; partial as in struct payload. */
void sender_send(struct sender *s, const struct channel_cfg *channel, const uint8_t id[INCIDENT_ID], sv body,
                 bool partial, struct answer *out);

#endif
