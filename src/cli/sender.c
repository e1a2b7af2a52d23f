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

_Static_assert((int)LANG_en == TEXT_en + 1 && (int)LANG_ja == TEXT_ja + 1 &&
                   (int)LANG_END == TEXT_LANG_END + 1,
               "the languages of the configuration are those of the catalogue");

static enum text_lang lang_of(const struct channel_cfg *c, const struct notice *n)
{
    enum lang lang = c->lang == LANG_UNSET ? n->lang : c->lang;
    return lang == LANG_UNSET ? TEXT_en : (enum text_lang)(lang - 1);
}

bool sender_render(struct sender *s, struct sender_offer *o, buf *out, struct err *e)
{
    struct notice notice;
    struct render_context context = {
        .channel = o->channel,
        .limits = s->limits,
        .now = clock_now(),
        .host = sv_c(s->host),
        .repeat_possible = o->repeat_possible,
        .until = s->until,
    };
    arena_reset(&s->arena);
    if (!notice_thaw(o->frozen, &s->arena, &notice, e))
        return false;
    o->owner = notice.owner;
    context.lang = lang_of(o->channel, &notice);
    context.zone = notice.tz;
    context.ahead = notice.ahead;
    for (;; o->length++) {
        context.length = o->length;
        buf_reset(out);
        if (render_notice(&notice, &context, out, e))
            return true;
        if (e->cls != ERR_LIMIT || o->length + 1 == LENGTH_END)
            return false;
    }
}

static void send(struct sender *s, const struct sender_offer *o, sv body, struct answer *out)
{
    char hex[INCIDENT_ID_TEXT];
    hex_of(o->id, INCIDENT_ID, hex);
    const struct payload payload = {.content_type = render_content_type(o->channel->type),
                                    .body = body,
                                    .partial = o->partial,
                                    .owner = o->owner,
                                    .id = sv_c(hex)};
    notify_send(s->notify, o->channel, &payload, out);
}

void sender_send(struct sender *s, struct sender_offer *o, buf *body, struct answer *out)
{
    struct err e;
    send(s, o, buf_view(body), out);
    while (out->shorter && o->length + 1 < LENGTH_END) {
        o->length++;
        if (!sender_render(s, o, body, &e))
            return;
        send(s, o, buf_view(body), out);
    }
}
