/* Microsoft Teams: an Adaptive Card for a workflow that posts what a webhook receives. All text stands in
 * runs of RichTextBlocks, in which no Markdown is read (Adaptive Cards 1.2 and later, TextRun). */
#include "channel.h"
#include "chat.h"
#include "json_put.h"

/* Teams takes about 28 KB and has refused less. */
enum { CARD_MAX = 21000 };

static const struct chat_form form = {text_mail, text_mail, text_mail_foreign, "", "", chat_octets};

struct teams {
    struct chat chat;
    struct json_put f;
    json_t *body;
    size_t room; /* octets of JSON that may still be added to the body */
};

static json_t *new_run(struct teams *t, sv text, bool bold)
{
    json_t *run = json_object();
    json_put_name(&t->f, run, "type", "TextRun");
    json_put_text(&t->f, run, "text", text);
    if (bold)
        json_put_name(&t->f, run, "weight", "Bolder");
    return run;
}

/* A paragraph: a bold beginning, which may be absent, and the rest. */
static json_t *add_block(struct teams *t, json_t *list, sv bold, sv text)
{
    json_t *block = json_add_object(&t->f, list);
    json_put_name(&t->f, block, "type", "RichTextBlock");
    json_t *runs = json_put_list(&t->f, block, "inlines");
    if (bold.n && json_array_append_new(runs, new_run(t, bold, true)) != 0)
        t->f.failed = true;
    if (text.n && json_array_append_new(runs, new_run(t, text, false)) != 0)
        t->f.failed = true;
    return block;
}

/* Behind a bold beginning. */
static sv apart(struct teams *t, sv text)
{
    buf_puts(&t->chat.story.words, "  ");
    buf_sv(&t->chat.story.words, text);
    return story_take(&t->chat.story);
}

static void add_headline(struct teams *t, json_t *list, const struct notice_item *item,
                         const struct story_item *told)
{
    static const char *const colours[SEVERITY_END] = {
        [SEVERITY_info] = "Accent", [SEVERITY_warning] = "Warning", [SEVERITY_critical] = "Attention"};
    json_t *block = add_block(t, list, told->severity, SV_ABSENT), *runs = json_object_get(block, "inlines");
    json_put(&t->f, block, "separator", json_true());
    json_put_name(&t->f, json_array_get(runs, 0), "color",
                  news_is_end(item->news) ? "Good" : colours[item->severity]);
    if (json_array_append_new(runs, new_run(t, apart(t, told->title), true)) != 0)
        t->f.failed = true;
}

static void add_paragraph(struct teams *t, json_t *list, sv text)
{
    if (text.n)
        add_block(t, list, SV_ABSENT, text);
}

static void add_steps(struct teams *t, json_t *list, const struct story_item *told)
{
    if (told->n_steps)
        add_block(t, list, story_word(&t->chat.story, MSG_label_steps), SV_ABSENT);
    for (size_t i = 0; i < told->n_steps; i++)
        add_block(t, list, SV_ABSENT,
                  arena_printf(&t->chat.memory, "%zu. %.*s", i + 1, SV_ARG(told->steps[i])));
}

/* What is said of one incident; without its evidence when `brief`. */
static json_t *new_item(struct teams *t, const struct notice_item *item, bool brief)
{
    struct story_item told;
    json_t *list = json_array();
    story_item(&t->chat.story, item, &told);
    add_headline(t, list, item, &told);
    add_paragraph(t, list, told.summary);
    add_paragraph(t, list, told.news);
    add_paragraph(t, list, told.meaning);
    for (size_t i = 0; i < told.n_facts && !brief; i++)
        add_block(t, list, told.facts[i].label, apart(t, told.facts[i].text));
    add_steps(t, list, &told);
    add_paragraph(t, list, told.footer);
    return list;
}

/* Moves the list to the end of the body. False: there is no room for it. */
static bool put_list(struct teams *t, json_t *list)
{
    size_t size = json_dumpb(list, NULL, 0, JSON_COMPACT);
    bool fits = size <= t->room;
    if (fits && json_array_extend(t->body, list) != 0)
        t->f.failed = true;
    t->room -= fits ? size : 0;
    json_decref(list);
    return fits;
}

static json_t *new_footers(struct teams *t, const struct notice *n, size_t left_out, bool repeat_possible)
{
    sv lines[STORY_FOOTERS];
    json_t *list = json_array();
    size_t count = story_footers(&t->chat.story, n, left_out, repeat_possible, lines);
    for (size_t i = 0; i < count; i++)
        json_put(&t->f, add_block(t, list, SV_ABSENT, lines[i]), "separator", json_boolean(i == 0));
    return list;
}

static bool put_items(struct teams *t, const struct notice *n, const struct render_context *c)
{
    json_t *longest = new_footers(t, n, n->n_items + n->more, c->repeat_possible);
    size_t below = json_dumpb(longest, NULL, 0, JSON_COMPACT), told = 0;
    json_decref(longest);
    if (below > t->room)
        return false;
    t->room -= below;
    while (told < n->n_items && put_list(t, new_item(t, &n->items[told], false)))
        told++;
    if (told == 0 && put_list(t, new_item(t, &n->items[0], true)))
        told = 1;
    t->room += below;
    return put_list(t, new_footers(t, n, n->n_items - told + n->more, c->repeat_possible)) && told;
}

static json_t *new_message(struct teams *t, sv subject)
{
    json_t *root = json_object(), *attachments;
    json_put_name(&t->f, root, "type", "message");
    attachments = json_put_list(&t->f, root, "attachments");
    json_t *attachment = json_add_object(&t->f, attachments);
    json_put_name(&t->f, attachment, "contentType", "application/vnd.microsoft.card.adaptive");
    json_put(&t->f, attachment, "contentUrl", json_null());
    json_t *card = json_put_object(&t->f, attachment, "content");
    json_put_name(&t->f, card, "$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    json_put_name(&t->f, card, "type", "AdaptiveCard");
    json_put_name(&t->f, card, "version", "1.4");
    json_put_text(&t->f, card, "fallbackText", subject);
    json_put_name(&t->f, json_put_object(&t->f, card, "msteams"), "width", "Full");
    t->body = json_put_list(&t->f, card, "body");
    return root;
}

bool render_teams(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    struct teams t = {.room = 0};
    chat_open(&t.chat, &form, c);
    sv subject = story_subject(&t.chat.story, n);
    json_t *root = new_message(&t, subject);
    add_block(&t, t.body, subject, SV_ABSENT);
    size_t size = json_dumpb(root, NULL, 0, JSON_COMPACT);
    bool fits = size < CARD_MAX;
    t.room = fits ? CARD_MAX - size : 0;
    if (c->length != LENGTH_TEXT)
        fits = fits && put_items(&t, n, c);
    return chat_end(&t.chat, root, t.f.failed, fits, out, e);
}
