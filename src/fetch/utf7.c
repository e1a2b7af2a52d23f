#include "utf7.h"

#include "base/base64.h"
#include "base/utf8.h"

static void put_utf16be(buf *out, uint32_t cp)
{
    if (cp > 0xFFFF) {
        put_utf16be(out, 0xD800 + ((cp - 0x10000) >> 10));
        cp = 0xDC00 + ((cp - 0x10000) & 0x3FF);
    }
    buf_char(out, (char)(cp >> 8));
    buf_char(out, (char)(cp & 0xFF));
}

/* "&", base64 with ',' for '/' and without padding, "-". */
static void put_shifted(buf *out, sv utf16)
{
    buf_char(out, '&');
    size_t from = out->n;
    base64_encode(out, utf16);
    while (out->n > from && out->p[out->n - 1] == '=')
        out->n--;
    for (size_t i = from; i < out->n; i++)
        if (out->p[i] == '/')
            out->p[i] = ',';
    buf_char(out, '-');
}

static bool is_plain(uint32_t cp)
{
    return cp >= 0x20 && cp < 0x7F;
}

static bool put_name(buf *out, buf *utf16, sv name)
{
    while (name.n) {
        uint32_t cp = 0;
        size_t n = utf8_decode(name, &cp);
        if (n == 0 || cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
            return false;
        name = sv_skip(name, n);
        if (!is_plain(cp))
            put_utf16be(utf16, cp);
        if (utf16->n && (is_plain(cp) || name.n == 0)) {
            put_shifted(out, buf_view(utf16));
            buf_reset(utf16);
        }
        if (is_plain(cp))
            buf_char(out, (char)cp);
        if (cp == '&')
            buf_char(out, '-');
    }
    return !out->failed && !utf16->failed;
}

bool utf7_put(buf *out, sv name)
{
    buf utf16;
    buf_init(&utf16, out->max);
    bool ok = name.n && put_name(out, &utf16, name);
    buf_free(&utf16);
    return ok;
}

void imap_put_quoted(buf *out, sv s)
{
    buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_char(out, '\\');
        buf_char(out, s.p[i]);
    }
    buf_char(out, '"');
}
