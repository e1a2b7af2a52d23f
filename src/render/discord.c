/* Discord: an embed for each incident. Nobody is ever mentioned, whatever a text holds. */
#include "base/utf8.h"
#include "channel.h"
#include "chat.h"
#include "json_put.h"

enum {
    CONTENT_MAX = 2000,     /* UTF-16 units of the text above the embeds */
    DESCRIPTION_MAX = 4096, /* of an embed */
    ALL_MAX = 6000,         /* of all embeds together */
    EMBEDS_MAX = 10
};

static const struct chat_form form = {text_markdown, text_markdown_code, text_markdown_foreign, "**",
                                      "**",          utf8_units};

struct discord {
    struct chat chat;
    struct json_put f;
    json_t *embeds;
    size_t used;
};

static void put_embed(struct discord *d, sv text, uint64_t colour)
{
    json_t *embed = json_add_object(&d->f, d->embeds);
    json_put_text(&d->f, embed, "description", text);
    json_put_number(&d->f, embed, "color", colour);
    d->used += utf8_units(text);
}

static uint64_t colour_of(const struct notice_item *item)
{
    static const uint64_t colours[SEVERITY_END] = {
        [SEVERITY_info] = 0x33658a, [SEVERITY_warning] = 0x9a5b00, [SEVERITY_critical] = 0xa4161a};
    return news_is_end(item->news) ? 0x2e7d32 : colours[item->severity];
}

/* As many items as fit above `below` units; the first one at least without its evidence. */
static size_t put_items(struct discord *d, const struct notice *n, size_t below)
{
    size_t told = 0;
    for (; told < n->n_items && told + 1 < EMBEDS_MAX; told++) {
        size_t room = d->used + below < ALL_MAX ? ALL_MAX - below - d->used : 0;
        room = room < DESCRIPTION_MAX ? room : DESCRIPTION_MAX;
        sv text = chat_item(&d->chat, &n->items[told], false);
        if (told == 0 && utf8_units(text) > room)
            text = chat_item(&d->chat, &n->items[0], true);
        if (utf8_units(text) > room)
            break;
        put_embed(d, text, colour_of(&n->items[told]));
    }
    return told;
}

static bool put_embeds(struct discord *d, const struct notice *n, const struct render_context *c)
{
    size_t below = utf8_units(story_footer_text(&d->chat.story, n, n->n_items + n->more, c->repeat_possible));
    size_t told = put_items(d, n, below);
    put_embed(d, story_footer_text(&d->chat.story, n, n->n_items - told + n->more, c->repeat_possible),
              0x808080);
    return told > 0 && d->used <= ALL_MAX;
}

bool render_discord(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    struct discord d = {.used = 0};
    chat_open(&d.chat, &form, c);
    json_t *root = json_object();
    sv subject = story_subject(&d.chat.story, n);
    bool fits = utf8_units(subject) <= CONTENT_MAX;
    json_put_text(&d.f, root, "content", subject);
    json_put_list(&d.f, json_put_object(&d.f, root, "allowed_mentions"), "parse");
    if (c->length != LENGTH_TEXT) {
        d.embeds = json_put_list(&d.f, root, "embeds");
        fits = put_embeds(&d, n, c) && fits;
    }
    return chat_end(&d.chat, root, d.f.failed, fits, out, e);
}
