/* Block Kit for an incoming webhook. Slack refuses the whole message when one limit is broken, so the
 * items that do not fit are left out from the end and counted. */
#include "channel.h"
#include "json_put.h"
#include "story.h"

enum {
    HEADER_MAX = 150,   /* characters of a header */
    SECTION_MAX = 3000, /* of a section's text */
    BLOCKS_MAX = 50,
    ALL_MAX = 10000,    /* all blocks; above about 13,000 Slack answers msg_blocks_too_long */
    FOOTER_ROOM = 1200, /* of them, kept free for what stands below the items */
    LIST_MAX = 600,
    FOREIGN_CUT = 64,
    PARTS_MAX = STORY_FACTS + 2 /* sections of an item */
};

static const struct text_style style = {TEXT_en, text_slack, text_slack_code, text_slack_foreign,
                                        FOREIGN_CUT};

/* jansson's functions return NULL without memory and take NULL as an error: one check at the end. */
static json_t *text_object(const char *type, sv text)
{
    json_t *o = json_object();
    json_object_set_new(o, "type", json_string(type));
    json_object_set_new(o, "text", json_stringn(text.p ? text.p : "", text.n));
    if (sv_eq(sv_c(type), SV("mrkdwn")))
        json_object_set_new(o, "verbatim", json_true());
    else
        json_object_set_new(o, "emoji", json_false());
    return o;
}

static json_t *block(const char *type)
{
    json_t *o = json_object();
    json_object_set_new(o, "type", json_string(type));
    return o;
}

static json_t *section(sv text)
{
    json_t *o = block("section");
    json_object_set_new(o, "text", text_object("mrkdwn", text));
    return o;
}

static json_t *context_block(sv text)
{
    json_t *o = block("context"), *elements = json_array();
    json_array_append_new(elements, text_object("mrkdwn", text));
    json_object_set_new(o, "elements", elements);
    return o;
}

static void put_bold(buf *out, sv text)
{
    buf_char(out, '*');
    buf_sv(out, text);
    buf_char(out, '*');
}

static sv headline(struct story *s, const struct story_item *item)
{
    put_bold(&s->words, item->severity);
    buf_puts(&s->words, "  ");
    put_bold(&s->words, item->title);
    buf_printf(&s->words, "\n");
    buf_sv(&s->words, item->summary);
    if (item->news.n > 0) {
        buf_char(&s->words, '\n');
        buf_sv(&s->words, item->news);
    }
    if (item->meaning.n > 0) {
        buf_char(&s->words, '\n');
        buf_sv(&s->words, item->meaning);
    }
    return story_take(s);
}

/* Facts, as many as fit into one section; *from is moved behind them. */
static sv facts(struct story *s, const struct story_item *item, size_t *from)
{
    size_t start = *from;
    for (; *from < item->n_facts; ++*from) {
        const struct story_fact *f = &item->facts[*from];
        if (*from > start && s->words.n + f->label.n + f->text.n + 8 > SECTION_MAX)
            break;
        if (*from > start)
            buf_char(&s->words, '\n');
        put_bold(&s->words, f->label);
        buf_puts(&s->words, "  ");
        buf_sv(&s->words, f->text);
    }
    return story_take(s);
}

static sv steps(struct story *s, const struct story_item *item)
{
    put_bold(&s->words, story_word(s, MSG_label_steps));
    for (size_t i = 0; i < item->n_steps; i++) {
        buf_printf(&s->words, "\n%u. ", (unsigned)i + 1);
        buf_sv(&s->words, item->steps[i]);
    }
    return story_take(s);
}

struct slack {
    struct story story;
    json_t *blocks;
    size_t used; /* octets of text in the blocks, which are at least as many as characters */
};

static void put_block(struct slack *k, json_t *b, sv text)
{
    json_array_append_new(k->blocks, b);
    k->used += text.n;
}

/* The sections of an item, without evidence when `brief`. */
static size_t parts_of(struct story *s, const struct notice_item *item, bool brief, sv parts[PARTS_MAX],
                       sv *foot)
{
    struct story_item told;
    size_t n = 0;
    story_item(s, item, &told);
    parts[n++] = headline(s, &told);
    for (size_t from = 0; !brief && from < told.n_facts;)
        parts[n++] = facts(s, &told, &from);
    if (told.n_steps > 0)
        parts[n++] = steps(s, &told);
    *foot = told.footer;
    return n;
}

/* False: this item does not fit. */
static bool put_item(struct slack *k, const struct notice_item *item, bool brief)
{
    sv parts[PARTS_MAX], foot;
    size_t n = parts_of(&k->story, item, brief, parts, &foot);
    size_t size = k->used + foot.n + FOOTER_ROOM;
    bool fits = json_array_size(k->blocks) + n + 2 <= BLOCKS_MAX;
    for (size_t i = 0; i < n; i++) {
        size += parts[i].n;
        fits = fits && parts[i].n <= SECTION_MAX;
    }
    if (!fits || size > ALL_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        put_block(k, section(parts[i]), parts[i]);
    if (foot.n > 0)
        put_block(k, context_block(foot), foot);
    return true;
}

/* As many items as fit; the first one at least without its evidence. */
static size_t put_items(struct slack *k, const struct notice *n)
{
    size_t told = 0;
    while (told < n->n_items && put_item(k, &n->items[told], false))
        told++;
    if (told == 0 && put_item(k, &n->items[0], true))
        told = 1;
    return told;
}

/* At most max octets of escaped text, which may not end inside an entity. */
static sv cut_escaped(sv text, size_t max)
{
    if (text.p == NULL || text.n <= max)
        return text;
    while (max > 0 && ((unsigned char)text.p[max] & 0xC0) == 0x80)
        max--;
    for (size_t i = max; i-- > 0 && i + 8 > max;) {
        if (text.p[i] == '&')
            return sv_first(text, i);
        if (text.p[i] == ';')
            break;
    }
    return sv_first(text, max);
}

static void put_blocks(struct slack *k, const struct notice *n, const struct render_context *c, sv subject)
{
    json_t *header = block("header");
    sv head = cut_escaped(subject, HEADER_MAX);
    json_object_set_new(header, "text", text_object("plain_text", head));
    put_block(k, header, head);
    size_t told = put_items(k, n);
    sv below = story_footer_text(&k->story, n, n->n_items - told + n->more, c->repeat_possible);
    put_block(k, context_block(below), below);
}

static json_t *build(struct slack *k, const struct notice *n, const struct render_context *c)
{
    sv subject = story_subject(&k->story, n);
    json_t *root = json_object();
    json_object_set_new(root, "text", json_stringn(subject.p ? subject.p : "", subject.n));
    json_object_set_new(root, "unfurl_links", json_false());
    json_object_set_new(root, "unfurl_media", json_false());
    if (c->length == LENGTH_TEXT)
        return root;
    put_blocks(k, n, c, subject);
    json_object_set(root, "blocks", k->blocks);
    return root;
}

bool render_slack(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    arena memory;
    struct text_style in_lang = style;
    in_lang.lang = c->lang;
    arena_init(&memory, c->limits->notice_size * 4);
    struct slack k = {.blocks = json_array()};
    story_open(&k.story, &in_lang, &memory, LIST_MAX, c);
    json_t *root = build(&k, n, c);
    bool ok = !memory.failed && !k.story.words.failed && json_dump_to(root, 0, out) && !out->failed;
    json_decref(root);
    json_decref(k.blocks);
    buf_free(&k.story.words);
    arena_free(&memory);
    return ok ||
           err_set(e, out->failed ? ERR_LIMIT : ERR_MEMORY, "the notice could not be rendered for Slack");
}
