/* Which encoding a document has: by its mark, its first octets, its declaration, in this order (XML 1.0
 * appendix F). */
#include "decode.h"

#include "base/attr.h"
#include "base/utf16.h"

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

/* Letters and digits of name begin with `plain`, without case: "utf-16le". *all: there are no others. */
static bool begins(sv name, sv plain, bool *all)
{
    size_t n = 0;
    *all = true;
    for (size_t i = 0; i < name.n; i++) {
        char c = ascii_lower(name.p[i]);
        if ((c < 'a' || c > 'z') && !ascii_is_digit(c))
            continue;
        if (n < plain.n && plain.p[n] != c)
            return false;
        *all = n < plain.n;
        n++;
    }
    return n >= plain.n;
}

/* "UTF_8", "Utf 8"; but not "utf8mb4". */
static bool is_utf8_name(sv name)
{
    bool all;
    return begins(name, SV("utf8"), &all) && all;
}

/* Of two octets a character. */
static bool is_wide_name(sv name)
{
    static const sv wide[] = {SV_INIT("utf16"), SV_INIT("ucs"), SV_INIT("iso10646")};
    bool all;
    for (size_t i = 0; i < COUNT_OF(wide); i++)
        if (begins(name, wide[i], &all))
            return true;
    return false;
}

static void set_form(struct decoder *d, enum encoding_form form, sv declared, bool fits)
{
    d->form = form;
    if (declared.n && !fits)
        reading_note(d->rd, NOTE_encoding_ignored);
}

/* By the declared name; the octets have no byte order mark and are no UTF-16. A set that nobody knows is
 * mostly UTF-8 under another name. */
static void set_declared(struct decoder *d, sv declared)
{
    d->form = FORM_UTF8;
    if (declared.n == 0 || is_utf8_name(declared))
        return;
    d->charset = charset_of(declared);
    if (d->charset == CHARSET_US_ASCII) {
        d->only_ascii = true;
    } else if (is_wide_name(declared)) {
        reading_note(d->rd, NOTE_encoding_ignored);
    } else if (d->charset == CHARSET_UNKNOWN) {
        reading_note(d->rd, NOTE_encoding_ignored);
        d->is_guess = true;
        if (d->guess_failed)
            d->form = FORM_OCTETS;
    } else {
        d->form = FORM_OCTETS;
    }
}

/* UTF-16 by its mark, or by a '<' or blank as its first character. A mark before octets is none. */
static enum encoding_form utf16_form(sv head, size_t *mark)
{
    enum utf16 form = utf16_of(head, mark);
    if (form == UTF16_NONE)
        return FORM_UTF8;
    char first = head.p[form == UTF16_LE ? 0 : 1];
    sv behind = sv_skip(head, *mark);
    bool is_lie = *mark ? sv_starts(behind, SV("<?")) || sv_starts_nocase(behind, SV("<f"))
                        : first != '<' && !ascii_is_blank(first);
    if (is_lie) {
        *mark = 0;
        return FORM_UTF8;
    }
    return form == UTF16_LE ? FORM_UTF16LE : FORM_UTF16BE;
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
    enum encoding_form form = utf16_form(head, &mark);
    if (form != FORM_UTF8) {
        char ascii[DECODE_HEAD];
        sv declared = declared_name(narrowed(head, ascii));
        set_form(d, form, declared, is_wide_name(declared));
    } else if (sv_starts(head, SV("\xEF\xBB\xBF"))) {
        set_form(d, FORM_UTF8, declared_name(head), is_utf8_name(declared_name(head)));
        mark = 3;
    } else {
        set_declared(d, declared_name(head));
    }
    d->offset += mark;
    return mark;
}
