/* One notice to one channel, the way every command goes: thaw, render, notify. */
#ifndef CLI_SENDER_H
#define CLI_SENDER_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/incident.h"
#include "model/policy.h"
#include "notify/notify.h"
#include "render/render.h"
#include "token/token.h"

enum { SENDER_HOST = 256 };

struct sender {
    const struct limits *limits;
    struct notify *notify;
    struct tokens *tokens;
    arena arena; /* of one notice */
    char host[SENDER_HOST];
    int64_t until; /* see struct render_context; 0: unset */
};

/* The configuration is kept by address. False: as notify_open and tokens_open. sender_close is needed after
 * true only. */
bool sender_open(struct sender *s, const struct config *c, struct err *e) NODISCARD;
void sender_close(struct sender *s);

/* A notice on its way to a channel. */
struct sender_offer {
    sv frozen;
    uint8_t id[INCIDENT_ID];
    const struct channel_cfg *channel;
    bool repeat_possible;
    bool partial; /* as in struct payload */
    enum render_length length;
    sv owner; /* whom it is for, by sender_render */
};

/* Appends what the channel takes of the notice; nothing: it is never told of such. Where the length does not
 * fit into the channel's limits, the next one is taken. Errors as of notice_thaw and render_notice. */
bool sender_render(struct sender *s, struct sender_offer *o, buf *out, struct err *e) NODISCARD;

/* Sends what sender_render made, and what it makes at the next length as long as the answer is that fewer
 * words may be taken. */
void sender_send(struct sender *s, struct sender_offer *o, buf *body, struct answer *out);

#endif
