#include "email_body.h"

#include "base/utf8.h"
#include "story.h"

enum {
    WIDTH = 76,
    HTML_MAX = 90000, /* mail programs cut pages of about 100 KB */
    LIST_MAX = 2000,
    BULLET = 4
};

struct text_style plain_style(const struct render_context *c)
{
    return (struct text_style){c->lang, text_mail, text_mail, text_mail_foreign, c->limits->text_shown};
}

static struct text_style html_style(const struct render_context *c)
{
    return (struct text_style){c->lang, text_html, text_html_code, text_html_foreign, c->limits->text_shown};
}

/* Two columns, and a line may be broken beside it: the scripts of East Asia. */
static bool is_wide(uint32_t cp)
{
    return (cp >= 0x2E80 && cp <= 0xA4CF) || (cp >= 0xAC00 && cp <= 0xD7A3) ||
           (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0xFE30 && cp <= 0xFE6F) ||
           (cp >= 0xFF00 && cp <= 0xFF60) || (cp >= 0x20000 && cp <= 0x3FFFD);
}

/* Signs that do not begin a line, and those that do not end one. */
static bool ends_only(uint32_t cp)
{
    return cp == 0x3001 || cp == 0x3002 || cp == 0x300D || cp == 0xFF09 || cp == 0xFF1A || cp == 0x30FC ||
           cp == 0xFF5E;
}

static bool begins_only(uint32_t cp)
{
    return cp == 0x300C || cp == 0xFF08;
}

/* Columns of a text. */
static size_t width_of(sv s)
{
    size_t columns = 0, n;
    uint32_t cp = 0;
    for (; s.n; s = sv_skip(s, n ? n : 1)) {
        n = utf8_decode(s, &cp);
        columns += n && is_wide(cp) ? 2 : 1;
    }
    return columns;
}

/* The part up to where a line may be broken next. */
static sv next_part(sv word)
{
    size_t n = 0;
    uint32_t last = 0, cp = 0;
    while (n < word.n) {
        size_t octets = utf8_decode(sv_skip(word, n), &cp);
        bool may = octets && n && (is_wide(cp) || is_wide(last)) && !ends_only(cp) && !begins_only(last);
        if (may)
            break;
        n += octets ? octets : 1;
        last = cp;
    }
    return sv_first(word, n);
}

static void put_blanks(buf *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_char(out, ' ');
}

struct wrap {
    buf *out;
    size_t column, indent;
};

/* A part that stands behind a blank or not, on a new line where it does not fit. */
static void put_part(struct wrap *w, sv part, bool blank, bool may_break)
{
    size_t width = width_of(part);
    if (may_break && w->column + blank + width > WIDTH) {
        buf_char(w->out, '\n');
        put_blanks(w->out, w->indent);
        w->column = w->indent;
    } else if (blank) {
        buf_char(w->out, ' ');
        w->column++;
    }
    buf_sv(w->out, part);
    w->column += width;
}

/* Words of text from `column` on, broken at blanks and between wide characters; later lines are indented. */
static void put_wrapped(buf *out, sv text, size_t column, size_t indent)
{
    struct wrap w = {out, column, indent};
    sv word;
    for (bool first = true; sv_split(&text, ' ', &word); first = false) {
        sv part = next_part(word);
        put_part(&w, part, !first, !first);
        while ((word = sv_skip(word, part.n)).n) {
            part = next_part(word);
            put_part(&w, part, false, true);
        }
    }
    buf_char(out, '\n');
}

static void put_text_steps(struct story *s, const struct story_item *item, buf *out)
{
    if (item->n_steps == 0)
        return;
    buf_puts(out, "\n  ");
    buf_sv(out, story_word(s, MSG_label_steps));
    buf_char(out, '\n');
    for (size_t i = 0; i < item->n_steps; i++) {
        buf_printf(out, "   %u. ", (unsigned)i + 1);
        put_wrapped(out, item->steps[i], 6, 6);
    }
}

static void put_text_facts(const struct story_item *item, buf *out)
{
    size_t widest = 0;
    for (size_t i = 0; i < item->n_facts; i++)
        widest = width_of(item->facts[i].label) > widest ? width_of(item->facts[i].label) : widest;
    for (size_t i = 0; i < item->n_facts; i++) {
        const struct story_fact *f = &item->facts[i];
        put_blanks(out, 2);
        buf_sv(out, f->label);
        put_blanks(out, widest - width_of(f->label) + 2);
        put_wrapped(out, f->text, widest + BULLET, widest + BULLET);
    }
}

static void put_text_item(struct story *s, const struct notice_item *item, buf *out)
{
    struct story_item told;
    story_item(s, item, &told);
    buf_sv(out, told.severity);
    put_blanks(out, 2);
    put_wrapped(out, told.title, width_of(told.severity) + 2, 2);
    put_blanks(out, 2);
    put_wrapped(out, told.summary, 2, 2);
    if (told.news.n > 0) {
        put_blanks(out, 2);
        put_wrapped(out, told.news, 2, 2);
    }
    if (told.meaning.n > 0) {
        put_blanks(out, 2);
        put_wrapped(out, told.meaning, 2, 2);
    }
    if (told.n_facts > 0)
        buf_char(out, '\n');
    put_text_facts(&told, out);
    put_text_steps(s, &told, out);
    if (told.footer.n > 0) {
        buf_puts(out, "\n  ");
        put_wrapped(out, told.footer, 2, 2);
    }
    buf_char(out, '\n');
}

bool email_text(const struct notice *n, const struct render_context *c, size_t told, arena *memory, buf *out)
{
    struct text_style style = plain_style(c);
    struct story s;
    sv lines[STORY_FOOTERS];
    story_open(&s, &style, memory, LIST_MAX, c);
    if (told == 0)
        put_wrapped(out, story_subject(&s, n), 0, 0);
    for (size_t i = 0; i < told; i++)
        put_text_item(&s, &n->items[i], out);
    buf_puts(out, "-- \n");
    size_t count = story_footers(&s, n, n->n_items - told + n->more, c->repeat_possible, lines);
    for (size_t i = 0; i < count; i++)
        put_wrapped(out, lines[i], 0, 0);
    return story_close(&s) && !out->failed;
}

static void put_element(buf *out, const char *open, sv text, const char *close)
{
    buf_puts(out, open);
    buf_sv(out, text);
    buf_puts(out, close);
}

/* Colours that can be read on light and dark: white on a strong ground, beside the word itself. */
static const char *colour_of(enum severity severity)
{
    switch (severity) {
    case SEVERITY_info:
        return "#33658a";
    case SEVERITY_warning:
        return "#9a5b00";
    case SEVERITY_critical:
        return "#a4161a";
    case SEVERITY_END:
        break;
    }
    return "#444444";
}

static void put_html_facts(const struct story_item *item, buf *out)
{
    if (item->n_facts == 0)
        return;
    buf_puts(out, "<table style=\"border-collapse:collapse;margin:8px 0\">\n");
    for (size_t i = 0; i < item->n_facts; i++) {
        put_element(out,
                    "<tr><th scope=\"row\" style=\"text-align:left;vertical-align:top;white-space:nowrap;"
                    "padding:2px 14px 2px 0\">",
                    item->facts[i].label, "</th>");
        put_element(out, "<td style=\"padding:2px 0;vertical-align:top\">", item->facts[i].text,
                    "</td></tr>\n");
    }
    buf_puts(out, "</table>\n");
}

static void put_html_steps(struct story *s, const struct story_item *item, buf *out)
{
    if (item->n_steps == 0)
        return;
    put_element(out, "<p style=\"margin:8px 0 2px\"><b>", story_word(s, MSG_label_steps), "</b></p>\n");
    buf_puts(out, "<ol style=\"margin:2px 0 8px;padding-left:22px\">\n");
    for (size_t i = 0; i < item->n_steps; i++)
        put_element(out, "<li style=\"margin:2px 0\">", item->steps[i], "</li>\n");
    buf_puts(out, "</ol>\n");
}

static void put_html_item(struct story *s, const struct notice_item *item, buf *out)
{
    struct story_item told;
    story_item(s, item, &told);
    buf_printf(out,
               "<h2 style=\"font-size:18px;margin:24px 0 6px\"><span style=\"background:%s;color:#ffffff;"
               "padding:2px 8px;border-radius:3px;font-size:14px\">",
               colour_of(item->severity));
    put_element(out, "", told.severity, "</span> ");
    put_element(out, "", told.title, "</h2>\n");
    put_element(out, "<p style=\"margin:4px 0\"><b>", told.summary, "</b></p>\n");
    if (told.news.n > 0)
        put_element(out, "<p style=\"margin:4px 0\">", told.news, "</p>\n");
    if (told.meaning.n > 0)
        put_element(out, "<p style=\"margin:4px 0\">", told.meaning, "</p>\n");
    put_html_facts(&told, out);
    put_html_steps(s, &told, out);
    if (told.footer.n > 0)
        put_element(out, "<p style=\"margin:4px 0;font-size:12px;opacity:0.75\">", told.footer, "</p>\n");
}

static const char html_top[] =
    "<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<meta name=\"supported-color-schemes\" content=\"light dark\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>DMARC</title>\n</head>\n"
    "<body style=\"margin:0;padding:12px;font-family:sans-serif;font-size:15px;line-height:1.4\">\n"
    "<div style=\"max-width:720px\">\n";

bool email_html(const struct notice *n, const struct render_context *c, size_t told, arena *memory, buf *out)
{
    struct text_style style = html_style(c);
    struct story s;
    sv lines[STORY_FOOTERS];
    story_open(&s, &style, memory, LIST_MAX, c);
    buf_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n", text_lang_name(c->lang));
    buf_puts(out, html_top);
    if (told == 0)
        put_element(out, "<p>", story_subject(&s, n), "</p>\n");
    for (size_t i = 0; i < told; i++)
        put_html_item(&s, &n->items[i], out);
    buf_puts(out, "<hr style=\"border:0;border-top:1px solid;opacity:0.3;margin:20px 0 8px\">\n");
    size_t count = story_footers(&s, n, n->n_items - told + n->more, c->repeat_possible, lines);
    for (size_t i = 0; i < count; i++)
        put_element(out, "<p style=\"margin:2px 0;font-size:13px\">", lines[i], "</p>\n");
    buf_puts(out, "</div>\n</body>\n</html>\n");
    return story_close(&s) && !out->failed;
}

size_t email_items_that_fit(const struct notice *n, const struct render_context *c, arena *memory)
{
    struct text_style style = html_style(c);
    struct story s;
    buf page;
    size_t told = 0;
    if (c->length == LENGTH_TEXT)
        return 0;
    story_open(&s, &style, memory, LIST_MAX, c);
    buf_init(&page, HTML_MAX);
    while (told < n->n_items) {
        put_html_item(&s, &n->items[told], &page);
        if (page.failed)
            break;
        told++;
    }
    buf_free(&page);
    (void)story_close(&s);
    return told ? told : 1;
}

bool email_subject(const struct notice *n, const struct render_context *c, arena *memory, buf *out)
{
    struct text_style style = plain_style(c);
    struct story s;
    story_open(&s, &style, memory, LIST_MAX, c);
    buf_puts(out, "[DMARC] ");
    buf_sv(out, story_subject(&s, n));
    return story_close(&s) && !out->failed;
}
