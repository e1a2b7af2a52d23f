/* Mattermost, Telegram and ntfy: a text each, and little around it. */
#include "base/utf8.h"
#include "channel.h"
#include "chat.h"
#include "json_put.h"

enum {
    MATTERMOST_MAX = 16383, /* characters of a post; what is longer becomes several posts */
    TELEGRAM_MAX = 4096,    /* characters of a message; we count its marks, too, and Telegram does not */
    NTFY_MAX = 4096,        /* octets of a message; what is longer becomes a file */
    NTFY_TITLE_MAX = 250
};

bool render_mattermost(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    static const struct chat_form form = {text_markdown, text_markdown_code, text_markdown_foreign, "**",
                                          "**",          utf8_count};
    struct chat k;
    struct json_put f = {false};
    chat_open(&k, &form, c);
    sv text = chat_text(&k, n, c, MATTERMOST_MAX);
    json_t *root = json_object();
    json_put_text(&f, root, "text", text);
    return chat_end(&k, root, f.failed, text.p, out, e);
}

bool render_telegram(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    static const struct chat_form form = {text_html, text_html_code, text_html_code_foreign,
                                          "<b>",     "</b>",         utf8_count};
    struct chat k;
    struct json_put f = {false};
    chat_open(&k, &form, c);
    sv text = chat_text(&k, n, c, TELEGRAM_MAX);
    json_t *root = json_object();
    json_put_text(&f, root, "chat_id", c->channel->room);
    json_put_text(&f, root, "text", text);
    json_put_name(&f, root, "parse_mode", "HTML");
    json_put(&f, json_put_object(&f, root, "link_preview_options"), "is_disabled", json_true());
    return chat_end(&k, root, f.failed, text.p, out, e);
}

/* 1 to 5; what is over disturbs nobody. */
static uint64_t ntfy_priority(const struct notice *n)
{
    static const uint64_t priorities[SEVERITY_END] = {
        [SEVERITY_info] = 2, [SEVERITY_warning] = 3, [SEVERITY_critical] = 5};
    return news_is_end(n->items[0].news) ? 2 : priorities[n->severity];
}

bool render_ntfy(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    static const struct chat_form form = {text_mail, text_mail, text_mail_foreign, "", "", chat_octets};
    struct chat k;
    struct json_put f = {false};
    chat_open(&k, &form, c);
    sv title = story_subject(&k.story, n), text = chat_text(&k, n, c, NTFY_MAX);
    json_t *root = json_object();
    json_put_text(&f, root, "topic", c->channel->room);
    json_put_text(&f, root, "title", utf8_cut(title, NTFY_TITLE_MAX));
    json_put_text(&f, root, "message", text);
    json_put_number(&f, root, "priority", ntfy_priority(n));
    json_t *tags = json_put_list(&f, root, "tags");
    if (json_array_append_new(tags, json_string("dmarc")) != 0 ||
        json_array_append_new(tags, json_string(severity_name(n->severity))) != 0)
        f.failed = true;
    return chat_end(&k, root, f.failed, text.p, out, e);
}
