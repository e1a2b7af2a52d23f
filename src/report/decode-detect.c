/* Which encoding a document has: by its mark, its first octets, its declaration, in this order (XML 1.0
 * appendix F). */
#include "decode.h"

/* The name in the encoding="…" of an XML declaration somewhere in head, or absent. */
static sv declared_name(sv head)
{
    size_t at = sv_find(head, SV("<?xml"), 0);
    if (at == SIZE_MAX)
        return SV_ABSENT;
    sv decl = sv_skip(head, at);
    decl = sv_first(decl, sv_find_char(decl, '>', 0));
    at = sv_find(decl, SV("encoding"), 0);
    if (at == SIZE_MAX)
        return SV_ABSENT;
    sv rest = sv_trim(sv_skip(decl, at + strlen("encoding")));
    if (rest.n == 0 || rest.p[0] != '=')
        return SV_ABSENT;
    rest = sv_trim(sv_skip(rest, 1));
    if (rest.n == 0 || (rest.p[0] != '"' && rest.p[0] != '\''))
        return SV_ABSENT;
    size_t end = sv_find_char(rest, rest.p[0], 1);
    return end == SIZE_MAX ? SV_ABSENT : sv_trim(sv_first(sv_skip(rest, 1), end - 1));
}

/* Letters and digits of name begin with `plain`, without case: "UTF_8", "Utf 8", "utf-16le". */
static bool is_named(sv name, sv plain)
{
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < plain.n; i++) {
        char c = ascii_lower(name.p[i]);
        if ((c < 'a' || c > 'z') && !ascii_is_digit(c))
            continue;
        if (plain.p[n++] != c)
            return false;
    }
    return n == plain.n;
}

static void set_form(struct decoder *d, enum encoding_form form, sv declared, sv expected)
{
    d->form = form;
    if (declared.n && !is_named(declared, expected))
        reading_note(d->rd, NOTE_encoding_ignored);
}

/* By the declared name; the octets have no byte order mark and are no UTF-16. */
static void set_declared(struct decoder *d, sv declared)
{
    d->form = FORM_UTF8;
    if (declared.n == 0 || is_named(declared, SV("utf8")))
        return;
    d->charset = charset_of(declared);
    if (is_named(declared, SV("utf16")) || is_named(declared, SV("ucs")) ||
        is_named(declared, SV("iso10646"))) {
        reading_note(d->rd, NOTE_encoding_ignored);
        return;
    }
    if (d->charset == CHARSET_UNKNOWN)
        reading_note(d->rd, NOTE_encoding_ignored);
    if (d->charset != CHARSET_UTF_8 && d->charset != CHARSET_US_ASCII)
        d->form = FORM_OCTETS;
}

/* UTF-16 by its mark, or by a '<' or blank as its first character. */
static enum encoding_form utf16_form(sv head, size_t *mark)
{
    unsigned char a = (unsigned char)head.p[0], b = (unsigned char)head.p[1];
    *mark = 2;
    if (a == 0xFF && b == 0xFE)
        return FORM_UTF16LE;
    if (a == 0xFE && b == 0xFF)
        return FORM_UTF16BE;
    *mark = 0;
    if (b == 0 && (a == '<' || ascii_is_blank((char)a)))
        return FORM_UTF16LE;
    if (a == 0 && (b == '<' || ascii_is_blank((char)b)))
        return FORM_UTF16BE;
    return FORM_UTF8;
}

/* The declaration of a UTF-16 document, as far as it is ASCII. */
static sv narrowed(sv head, char out[DECODE_HEAD])
{
    size_t n = 0;
    for (size_t i = 0; i < head.n && n < DECODE_HEAD; i++)
        if (head.p[i] != '\0')
            out[n++] = head.p[i];
    return sv_of(out, n);
}

size_t decode_detect(struct decoder *d, sv head)
{
    size_t mark = 0;
    d->known = true;
    d->charset = CHARSET_UNKNOWN;
    enum encoding_form form = head.n >= 2 ? utf16_form(head, &mark) : FORM_UTF8;
    if (form != FORM_UTF8) {
        char ascii[DECODE_HEAD];
        set_form(d, form, declared_name(narrowed(head, ascii)), SV("utf16"));
    } else if (sv_starts(head, SV("\xEF\xBB\xBF"))) {
        set_form(d, FORM_UTF8, declared_name(head), SV("utf8"));
        mark = 3;
    } else {
        set_declared(d, declared_name(head));
    }
    d->offset += mark;
    return mark;
}
