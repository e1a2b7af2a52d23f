#include "text/escape.h"

#include "base/attr.h"
#include "base/utf8.h"
#include "walk.h"

void text_show(buf *out, uint32_t cp)
{
    if (cp < 0x80)
        buf_printf(out, "\\x%02x", (unsigned)cp);
    else
        buf_printf(out, "\\u{%x}", (unsigned)cp);
}

size_t text_plain(sv s, const char *stop)
{
    size_t n = 0;
    while (n < s.n && s.p[n] >= ' ' && s.p[n] <= '~' && s.p[n] != '"' && s.p[n] != '\\' &&
           !strchr(stop, s.p[n]))
        n++;
    return n;
}

static const char *swap_of(char sign, const struct text_swap *swaps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (swaps[i].sign == sign)
            return swaps[i].with;
    }
    return NULL;
}

/* Writes the character at s, which is not empty; how many octets it took. */
static size_t swap_one(buf *out, sv s, const struct text_swap *swaps, size_t n)
{
    const char *with = swap_of(s.p[0], swaps, n);
    if (with) {
        buf_puts(out, with);
        return 1;
    }
    uint32_t cp;
    size_t len = utf8_decode(s, &cp);
    if (len == 0) {
        buf_printf(out, "\\x%02x", (unsigned char)s.p[0]);
        return 1;
    }
    if (text_is_unsafe(cp))
        text_show(out, cp);
    else
        buf_put(out, s.p, len);
    return len;
}

void text_swap(buf *out, sv s, const struct text_swap *swaps, size_t n)
{
    char stop[16];
    for (size_t i = 0; i < n; i++)
        stop[i] = swaps[i].sign;
    stop[n] = '\0';
    while (s.n > 0) {
        size_t plain = text_plain(s, stop);
        buf_put(out, s.p, plain);
        s = sv_skip(s, plain);
        if (s.n > 0)
            s = sv_skip(s, swap_one(out, s, swaps, n));
    }
}

void text_terminal(buf *out, sv s)
{
    text_swap(out, s, NULL, 0);
}

void text_log(buf *out, sv s)
{
    static const struct text_swap swaps[] = {{'\\', "\\\\"}};
    text_swap(out, s, swaps, COUNT_OF(swaps));
}

void text_mail(buf *out, sv s)
{
    text_swap(out, s, NULL, 0);
}

void text_html(buf *out, sv s)
{
    static const struct text_swap swaps[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    text_swap(out, s, swaps, COUNT_OF(swaps));
}

void text_slack(buf *out, sv s)
{
    static const struct text_swap swaps[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}};
    text_swap(out, s, swaps, COUNT_OF(swaps));
}

/* A letter, digit or anything beyond ASCII: what a name that becomes a link is made of. */
static bool is_name_sign(char c)
{
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' ||
           c == '_' || (unsigned char)c >= 0x80;
}

/* As it is shown: a control ends in a digit, too, as \x1b does. */
static bool ends_as_name(char c)
{
    return is_name_sign(c) || (unsigned char)c < ' ' || c == 0x7f;
}

/* The sign at i makes a link of what is around it: a domain, an address, a URL, a network share. */
static bool makes_link(sv s, size_t i)
{
    char before = i > 0 ? s.p[i - 1] : ' ', after = i + 1 < s.n ? s.p[i + 1] : ' ';
    switch (s.p[i]) {
    case '@':
        return true;
    case '.':
        return ends_as_name(before) && is_name_sign(after);
    case ':':
        return after == '/' || (ends_as_name(before) && !ascii_is_blank(after));
    case '\\':
        return after == '\\';
    }
    return false;
}

/* Octets of a sign beyond ASCII at i that those who make names of text take for '.' or '@' (RFC 3490 3.1, and
 * what NFKC maps there); 0: it is none. */
static size_t other_link_sign(sv s, size_t i)
{
    static const sv signs[] = {SV_INIT("\u3002"), SV_INIT("\uff0e"), SV_INIT("\uff61"), SV_INIT("\uff20"),
                               SV_INIT("\ufe52"), SV_INIT("\ufe6b"), SV_INIT("\u2024")};
    for (size_t k = 0; (unsigned char)s.p[i] >= 0xE2 && k < COUNT_OF(signs); k++)
        if (sv_starts(sv_skip(s, i), signs[k]))
            return signs[k].n;
    return 0;
}

static void break_links(buf *out, sv s, text_escaper *esc)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        size_t n = makes_link(s, i) ? 1 : other_link_sign(s, i);
        if (n == 0)
            continue;
        esc(out, sv_of(s.p + from, i - from));
        buf_printf(out, "[%.*s]", (int)n, s.p + i);
        i += n - 1;
        from = i + 1;
    }
    esc(out, sv_skip(s, from));
}

void text_mail_foreign(buf *out, sv s)
{
    break_links(out, s, text_mail);
}

void text_html_foreign(buf *out, sv s)
{
    break_links(out, s, text_html);
}

void text_html_code(buf *out, sv s)
{
    buf_puts(out, "<code>");
    text_html(out, s);
    buf_puts(out, "</code>");
}

void text_html_code_foreign(buf *out, sv s)
{
    if (s.n == 0)
        return;
    buf_puts(out, "<code>");
    break_links(out, s, text_html);
    buf_puts(out, "</code>");
}

void text_markdown(buf *out, sv s)
{
    static const struct text_swap swaps[] = {
        {'\\', "\\\\"}, {'`', "\\`"}, {'*', "\\*"}, {'_', "\\_"}, {'~', "\\~"}, {'|', "\\|"}, {'<', "\\<"},
        {'>', "\\>"},   {'[', "\\["}, {']', "\\]"}, {'#', "\\#"}, {'@', "\\@"}, {':', "\\:"}};
    text_swap(out, s, swaps, COUNT_OF(swaps));
}

/* An empty span would show its backticks. inside: the escaper of what stands between them. */
static void code_span(buf *out, sv s, bool foreign, text_escaper *inside)
{
    if (s.n == 0)
        return;
    buf_char(out, '`');
    if (foreign)
        break_links(out, s, inside);
    else
        inside(out, s);
    buf_char(out, '`');
}

static void markdown_inside(buf *out, sv s)
{
    static const struct text_swap swaps[] = {{'`', "'"}, {'<', "[<]"}};
    text_swap(out, s, swaps, COUNT_OF(swaps));
}

void text_markdown_foreign(buf *out, sv s)
{
    code_span(out, s, true, markdown_inside);
}

void text_markdown_code(buf *out, sv s)
{
    code_span(out, s, false, markdown_inside);
}

void text_syslog_value(buf *out, sv s)
{
    static const struct text_swap swaps[] = {{'"', "\\\""}, {'\\', "\\\\"}, {']', "\\]"}};
    text_swap(out, s, swaps, COUNT_OF(swaps));
}

/* What stands inside a code span. */
static void slack_inside(buf *out, sv s)
{
    static const struct text_swap swaps[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'`', "'"}};
    text_swap(out, s, swaps, COUNT_OF(swaps));
}

void text_slack_foreign(buf *out, sv s)
{
    code_span(out, s, true, slack_inside);
}

void text_slack_code(buf *out, sv s)
{
    code_span(out, s, false, slack_inside);
}

void text_put_cut(buf *out, sv s, size_t max, text_escaper *esc)
{
    static const char ellipsis[] = "\u2026";
    sv cut = utf8_cut(s, max);
    if (cut.n == s.n) {
        esc(out, s);
        return;
    }
    /* One piece, so that the mark stands inside of what the escaper puts around it. */
    buf whole;
    buf_init(&whole, max + sizeof ellipsis);
    buf_sv(&whole, cut);
    buf_puts(&whole, ellipsis);
    if (whole.failed)
        out->failed = true;
    else
        esc(out, buf_view(&whole));
    buf_free(&whole);
}
