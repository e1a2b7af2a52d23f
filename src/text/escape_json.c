#include "base/utf8.h"
#include "text/escape.h"
#include "walk.h"

static void put_unit(buf *out, uint32_t unit)
{
    buf_printf(out, "\\u%04x", (unsigned)unit);
}

static void put_escaped(buf *out, uint32_t cp)
{
    if (cp < 0x10000) {
        put_unit(out, cp);
        return;
    }
    put_unit(out, 0xD800 + ((cp - 0x10000) >> 10));
    put_unit(out, 0xDC00 + ((cp - 0x10000) & 0x3FF));
}

/* The escapes of RFC 8259 7 that have a letter of their own, or 0. */
static char short_escape(uint32_t cp)
{
    switch (cp) {
    case '"':
        return '"';
    case '\\':
        return '\\';
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    }
    return 0;
}

void text_json(buf *out, sv s)
{
    while (s.n > 0) {
        size_t plain = text_plain(s, "");
        buf_put(out, s.p, plain);
        s = sv_skip(s, plain);
        if (s.n == 0)
            return;
        uint32_t cp;
        size_t len = utf8_decode(s, &cp);
        if (len == 0)
            utf8_put(out, UTF8_REPLACEMENT);
        else if (short_escape(cp))
            buf_printf(out, "\\%c", short_escape(cp));
        else if (text_is_unsafe(cp))
            put_escaped(out, cp);
        else
            buf_put(out, s.p, len);
        s = sv_skip(s, len ? len : 1);
    }
}
