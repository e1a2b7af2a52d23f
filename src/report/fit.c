#include "fit.h"

#include "base/charset.h"
#include "base/utf8.h"
#include "value.h"

static bool is_fit(sv s, uint64_t max)
{
    return s.n <= max && sv_find_char(s, '\0', 0) == SIZE_MAX && utf8_valid(s);
}

void fit_utf8(buf *out, sv s, struct note_set *notes)
{
    uint32_t cp;
    if (utf8_valid(s)) {
        buf_sv(out, s);
        return;
    }
    note_add(notes, NOTE_not_utf8);
    for (size_t n; s.n; s = sv_skip(s, n)) {
        n = utf8_decode(s, &cp);
        if (n == 0) {
            n = 1;
            cp = charset_octet(CHARSET_WINDOWS_1252, (unsigned char)s.p[0]);
        }
        utf8_put(out, cp);
    }
}

static void replace_nuls(buf *text, struct note_set *notes)
{
    for (size_t i = 0; i < text->n; i++)
        if (text->p[i] == '\0') {
            text->p[i] = ' ';
            note_add(notes, NOTE_controls_replaced);
        }
}

sv fit_text(sv text, const struct limits *limits, arena *a, struct note_set *notes)
{
    text = value_trim(text, notes);
    if (is_fit(text, limits->xml_leaf))
        return arena_sv(a, text);
    buf clean CLEANUP(buf_free);
    /* An octet of windows-1252 becomes three at most. */
    buf_init(&clean, 3 * limits->xml_leaf);
    fit_utf8(&clean, utf8_cut(text, limits->xml_leaf), notes);
    replace_nuls(&clean, notes);
    if (clean.failed)
        a->failed = true;
    if (text.n > limits->xml_leaf || clean.n > limits->xml_leaf)
        note_add(notes, NOTE_text_cut);
    return arena_sv(a, value_trim(utf8_cut(buf_view(&clean), limits->xml_leaf), notes));
}
