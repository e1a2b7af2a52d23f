/* Google Chat: a card of paragraphs in its small HTML, in which nobody can be mentioned. */
#include "channel.h"
#include "chat.h"
#include "json_put.h"

enum { MESSAGE_MAX = 32000 }; /* octets of a message with its cards */

static const struct chat_form form = {text_html, text_html, text_html_foreign, "<b>", "</b>", chat_octets};

struct google {
    struct chat chat;
    struct json_put f;
    json_t *sections;
    size_t room; /* octets of JSON that may still be added */
};

static json_t *new_section(struct google *g, sv text)
{
    json_t *section = json_object();
    json_t *widget = json_add_object(&g->f, json_put_list(&g->f, section, "widgets"));
    json_put_text(&g->f, json_put_object(&g->f, widget, "textParagraph"), "text", text);
    return section;
}

/* False: there is no room for it. */
static bool put_section(struct google *g, sv text)
{
    json_t *section = new_section(g, text);
    size_t size = json_dumpb(section, NULL, 0, JSON_COMPACT) + 1;
    bool fits = size <= g->room;
    if (fits && json_array_append(g->sections, section) != 0)
        g->f.failed = true;
    g->room -= fits ? size : 0;
    json_decref(section);
    return fits;
}

static bool put_items(struct google *g, const struct notice *n, const struct render_context *c)
{
    json_t *longest =
        new_section(g, story_footer_text(&g->chat.story, n, n->n_items + n->more, c->repeat_possible));
    size_t below = json_dumpb(longest, NULL, 0, JSON_COMPACT) + 1, told = 0;
    json_decref(longest);
    if (below > g->room)
        return false;
    g->room -= below;
    while (told < n->n_items && put_section(g, chat_item(&g->chat, &n->items[told], false)))
        told++;
    if (told == 0 && put_section(g, chat_item(&g->chat, &n->items[0], true)))
        told = 1;
    g->room += below;
    return put_section(
               g, story_footer_text(&g->chat.story, n, n->n_items - told + n->more, c->repeat_possible)) &&
           told;
}

/* Titles are plain text. */
static sv plain_subject(const struct notice *n, const struct render_context *c, struct google *g)
{
    static const struct chat_form plain = {text_mail, text_mail, text_mail_foreign, "", "", chat_octets};
    struct chat k;
    chat_open(&k, &plain, c);
    sv subject = arena_sv(&g->chat.memory, story_subject(&k.story, n));
    if (!chat_close(&k))
        g->f.failed = true;
    return subject;
}

static json_t *new_message(struct google *g, sv subject)
{
    json_t *root = json_object(), *cards;
    json_put_text(&g->f, root, "fallbackText", subject);
    cards = json_put_list(&g->f, root, "cardsV2");
    json_t *with_id = json_add_object(&g->f, cards);
    json_put_name(&g->f, with_id, "cardId", "notice");
    json_t *card = json_put_object(&g->f, with_id, "card");
    json_put_text(&g->f, json_put_object(&g->f, card, "header"), "title", subject);
    g->sections = json_put_list(&g->f, card, "sections");
    return root;
}

bool render_google_chat(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    struct google g = {.room = 0};
    chat_open(&g.chat, &form, c);
    json_t *root = new_message(&g, plain_subject(n, c, &g));
    size_t size = json_dumpb(root, NULL, 0, JSON_COMPACT);
    bool fits = size < MESSAGE_MAX;
    g.room = fits ? MESSAGE_MAX - size : 0;
    if (c->length == LENGTH_TEXT)
        fits = fits && put_section(&g, story_subject(&g.chat.story, n));
    else
        fits = fits && put_items(&g, n, c);
    return chat_end(&g.chat, root, g.f.failed, fits, out, e);
}
