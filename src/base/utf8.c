#include "base/utf8.h"

/* Octets of the character that starts with c, and the smallest code point such a length may encode. */
static size_t lead(unsigned char c, uint32_t *bits, uint32_t *min)
{
    if (c < 0x80) {
        *bits = c;
        *min = 0;
        return 1;
    }
    if (c >= 0xC2 && c <= 0xDF) {
        *bits = c & 0x1FU;
        *min = 0x80;
        return 2;
    }
    if ((c & 0xF0U) == 0xE0) {
        *bits = c & 0x0FU;
        *min = 0x800;
        return 3;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        *bits = c & 0x07U;
        *min = 0x10000;
        return 4;
    }
    return 0;
}

size_t utf8_decode(sv s, uint32_t *cp)
{
    if (s.n == 0)
        return 0;
    uint32_t v, min;
    size_t n = lead((unsigned char)s.p[0], &v, &min);
    if (n == 0 || n > s.n)
        return 0;
    for (size_t i = 1; i < n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c & 0xC0U) != 0x80)
            return 0;
        v = v << 6 | (c & 0x3FU);
    }
    if (v < min || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
        return 0;
    *cp = v;
    return n;
}

bool utf8_valid(sv s)
{
    uint32_t cp;
    while (s.n) {
        size_t n = utf8_decode(s, &cp);
        if (n == 0)
            return false;
        s = sv_skip(s, n);
    }
    return true;
}

void utf8_put(buf *b, uint32_t cp)
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = UTF8_REPLACEMENT;
    if (cp < 0x80) {
        buf_char(b, (char)cp);
        return;
    }
    unsigned char out[4];
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (unsigned char)(0x80U | (cp & 0x3FU));
        cp >>= 6;
    }
    static const unsigned char marks[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (unsigned char)(marks[n] | cp);
    buf_put(b, out, n);
}

sv utf8_cut(sv s, size_t max)
{
    if (s.n <= max)
        return s;
    size_t n = max;
    while (n > 0 && ((unsigned char)s.p[n] & 0xC0U) == 0x80)
        n--;
    return sv_first(s, n);
}

bool utf8_put_clean(buf *b, sv s)
{
    bool clean = true;
    uint32_t cp;
    while (s.n) {
        size_t n = utf8_decode(s, &cp);
        if (n) {
            buf_put(b, s.p, n);
        } else {
            utf8_put(b, UTF8_REPLACEMENT);
            clean = false;
            n = 1;
        }
        s = sv_skip(s, n);
    }
    return clean;
}

/* Units of characters beyond the basic plane: `beyond`. */
static size_t count(sv s, size_t beyond)
{
    size_t n = 0;
    uint32_t cp = 0;
    while (s.n) {
        size_t octets = utf8_decode(s, &cp);
        n += octets == 4 ? beyond : 1;
        s = sv_skip(s, octets ? octets : 1);
    }
    return n;
}

size_t utf8_count(sv s)
{
    return count(s, 1);
}

size_t utf8_units(sv s)
{
    return count(s, 2);
}
