#include "sender.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "render/freeze.h"
#include "render/render.h"

/* What one notice needs in memory, thawed. */
#define NOTICE_MEMORY MIB(16)

bool sender_open(struct sender *s, const struct config *c, struct err *e)
{
    *s = (struct sender){.limits = &c->limits, .notify = notify_open(&c->limits, e)};
    if (s->notify == NULL)
        return false;
    s->tokens = tokens_open(&c->limits, c->state_path, e);
    if (s->tokens == NULL) {
        notify_close(s->notify);
        return false;
    }
    notify_use_tokens(s->notify, s->tokens);
    arena_init(&s->arena, NOTICE_MEMORY);
    if (gethostname(s->host, sizeof s->host) != 0)
        s->host[0] = '\0';
    s->host[sizeof s->host - 1] = '\0';
    return true;
}

void sender_close(struct sender *s)
{
    notify_close(s->notify);
    tokens_close(s->tokens);
    arena_free(&s->arena);
}

bool sender_render(struct sender *s, sv frozen, const struct channel_cfg *channel, bool repeat_possible,
                   buf *out, struct err *e)
{
    struct notice notice;
    const struct render_context context = {
        .channel = channel,
        .limits = s->limits,
        .lang = TEXT_en,
        .now = clock_now(),
        .host = sv_c(s->host),
        .repeat_possible = repeat_possible,
    };
    arena_reset(&s->arena);
    return notice_thaw(frozen, &s->arena, &notice, e) && render_notice(&notice, &context, out, e);
}

void sender_send(struct sender *s, const struct channel_cfg *channel, const uint8_t id[INCIDENT_ID], sv body,
                 bool partial, struct answer *out)
{
    char hex[INCIDENT_ID_TEXT];
    hex_of(id, INCIDENT_ID, hex);
    const struct payload payload = {.content_type = render_content_type(channel->type),
                                    .body = body,
                                    .partial = partial,
                                    .id = sv_c(hex)};
    notify_send(s->notify, channel, &payload, out);
}
