#include "chat.h"

#include "json_put.h"

enum { LIST_MAX = 600, FOREIGN_CUT = 64 };

size_t chat_octets(sv text)
{
    return text.n;
}

void chat_open(struct chat *k, const struct chat_form *form, const struct render_context *c)
{
    *k = (struct chat){.form = form, .style = {c->lang, form->ours, form->code, form->foreign, FOREIGN_CUT}};
    arena_init(&k->memory, c->limits->notice_size * 4);
    story_open(&k->story, &k->style, &k->memory, LIST_MAX, c);
}

bool chat_close(struct chat *k)
{
    bool ok = story_close(&k->story);
    arena_free(&k->memory);
    return ok;
}

static void put_bold(struct chat *k, sv text)
{
    buf_puts(&k->story.words, k->form->bold);
    buf_sv(&k->story.words, text);
    buf_puts(&k->story.words, k->form->unbold);
}

static void put_line(struct chat *k, sv text)
{
    if (text.n == 0)
        return;
    buf_char(&k->story.words, '\n');
    buf_sv(&k->story.words, text);
}

static void put_steps(struct chat *k, const struct story_item *told, sv label)
{
    if (told->n_steps == 0)
        return;
    buf_char(&k->story.words, '\n');
    put_bold(k, label);
    for (size_t i = 0; i < told->n_steps; i++) {
        buf_printf(&k->story.words, "\n%u. ", (unsigned)i + 1);
        buf_sv(&k->story.words, told->steps[i]);
    }
}

sv chat_item(struct chat *k, const struct notice_item *item, bool brief)
{
    struct story_item told;
    story_item(&k->story, item, &told);
    sv label = story_word(&k->story, MSG_label_steps);
    sv head = arena_printf(&k->memory, "%.*s  %.*s", SV_ARG(told.severity), SV_ARG(told.title));
    put_bold(k, head);
    put_line(k, told.summary);
    put_line(k, told.news);
    put_line(k, told.meaning);
    for (size_t i = 0; i < told.n_facts && !brief; i++) {
        buf_char(&k->story.words, '\n');
        put_bold(k, told.facts[i].label);
        buf_puts(&k->story.words, "  ");
        buf_sv(&k->story.words, told.facts[i].text);
    }
    put_steps(k, &told, label);
    put_line(k, told.footer);
    return story_take(&k->story);
}

/* As many items as fit with an empty line behind each; the first one at least without its evidence. */
static size_t put_items(struct chat *k, const struct notice *n, size_t room, buf *text)
{
    size_t told = 0, used = 0;
    for (; told < n->n_items; told++) {
        sv item = chat_item(k, &n->items[told], false);
        if (told == 0 && k->form->measure(item) + 2 > room)
            item = chat_item(k, &n->items[0], true);
        used += k->form->measure(item) + 2;
        if (used > room)
            break;
        buf_sv(text, item);
        buf_puts(text, "\n\n");
    }
    return told;
}

sv chat_text(struct chat *k, const struct notice *n, const struct render_context *c, size_t max)
{
    if (c->length == LENGTH_TEXT) {
        sv subject = story_subject(&k->story, n);
        return k->form->measure(subject) <= max ? subject : SV_ABSENT;
    }
    /* The longest that can stand below. */
    size_t below =
        k->form->measure(story_footer_text(&k->story, n, n->n_items + n->more, c->repeat_possible));
    buf text;
    buf_init(&text, STORY_SENTENCE_MAX);
    size_t told = below < max ? put_items(k, n, max - below, &text) : 0;
    buf_sv(&text, story_footer_text(&k->story, n, n->n_items - told + n->more, c->repeat_possible));
    sv whole = told ? arena_sv(&k->memory, buf_view(&text)) : SV_ABSENT;
    if (text.failed)
        k->memory.failed = true;
    buf_free(&text);
    return whole;
}

bool chat_end(struct chat *k, json_t *root, bool failed, bool fits, buf *out, struct err *e)
{
    bool ok = !failed && fits && json_dump_to(root, 0, out) && !out->failed;
    json_decref(root);
    ok = chat_close(k) && ok;
    if (ok)
        return true;
    if (!fits || out->failed)
        return err_set(e, ERR_LIMIT, "the notice does not fit into a message of this channel");
    return err_set(e, ERR_MEMORY, "the notice could not be rendered");
}
