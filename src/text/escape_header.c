#include "base/base64.h"
#include "base/utf8.h"
#include "text/escape.h"

enum {
    LINE = 76,       /* RFC 2047 2: a line with an encoded-word */
    WORD_FRAME = 12, /* "=?UTF-8?B?" and "?=" */
    LONGEST_CHAR = 4
};

/* Unsafe characters as blanks, octets that are no UTF-8 as '?': nothing can end the line. */
static void clean(buf *out, sv s)
{
    while (s.n > 0) {
        uint32_t cp;
        size_t len = utf8_decode(s, &cp);
        if (len == 0)
            buf_char(out, '?');
        else if (text_is_unsafe(cp))
            buf_char(out, ' ');
        else
            buf_put(out, s.p, len);
        s = sv_skip(s, len ? len : 1);
    }
}

/* Text that stands as it is: ASCII, nothing that a reader would take for an encoded-word, and no piece
 * that cannot be folded. */
static bool is_plain(sv s)
{
    size_t piece = 0;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
        piece = s.p[i] == ' ' ? 0 : piece + 1;
        if (piece > LINE - 2)
            return false;
    }
    return sv_find(s, SV("=?"), 0) == SIZE_MAX;
}

static void put_folded(buf *out, sv s, size_t column)
{
    sv piece;
    bool first = true;
    while (sv_split(&s, ' ', &piece)) {
        if (!first) {
            bool fold = column + 1 + piece.n > LINE && piece.n > 0;
            buf_puts(out, fold ? "\r\n " : " ");
            column = fold ? 1 : column + 1;
        }
        buf_sv(out, piece);
        column += piece.n;
        first = false;
    }
}

static void put_encoded(buf *out, sv s, size_t column)
{
    while (s.n > 0) {
        if (column + WORD_FRAME + 2 * LONGEST_CHAR > LINE) {
            buf_puts(out, "\r\n ");
            column = 1;
        }
        sv part = utf8_cut(s, (LINE - 1 - column - WORD_FRAME) / 4 * 3);
        buf_puts(out, "=?UTF-8?B?");
        base64_encode(out, part);
        buf_puts(out, "?=");
        s = sv_skip(s, part.n);
        column = LINE;
    }
}

void text_header(buf *out, sv s, size_t used)
{
    buf cleaned;
    buf_init(&cleaned, s.n + 1);
    clean(&cleaned, s);
    if (cleaned.failed)
        out->failed = true;
    sv text = sv_trim(buf_view(&cleaned));
    if (is_plain(text))
        put_folded(out, text, used);
    else
        put_encoded(out, text, used);
    buf_free(&cleaned);
}
