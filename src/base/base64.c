#include "base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(buf *out, sv in)
{
    const unsigned char *p = (const unsigned char *)in.p;
    for (size_t i = 0; i < in.n; i += 3) {
        size_t left = in.n - i;
        uint32_t v =
            (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0U);
        char four[4] = {alphabet[v >> 18], alphabet[v >> 12 & 63U], alphabet[v >> 6 & 63U],
                        alphabet[v & 63U]};
        if (left < 3)
            four[3] = '=';
        if (left < 2)
            four[2] = '=';
        buf_put(out, four, 4);
    }
}

enum { ODD = 64, BLANK = 65, PAD = 66 };

#define R4(x)  x, x, x, x
#define R16(x) R4(x), R4(x), R4(x), R4(x)
/* Value of each octet, or ODD, BLANK, PAD. */
static const uint8_t values[256] = {
    ODD, ODD,   ODD,      ODD,      ODD,      ODD,      ODD,      ODD,      ODD,      BLANK,    BLANK, ODD,
    ODD, BLANK, ODD,      ODD,      R16(ODD), BLANK,    ODD,      ODD,      ODD,      R4(ODD),  ODD,   ODD,
    ODD, 62,    ODD,      ODD,      ODD,      63,       52,       53,       54,       55,       56,    57,
    58,  59,    60,       61,       ODD,      ODD,      ODD,      PAD,      ODD,      ODD,      ODD,   0,
    1,   2,     3,        4,        5,        6,        7,        8,        9,        10,       11,    12,
    13,  14,    15,       16,       17,       18,       19,       20,       21,       22,       23,    24,
    25,  ODD,   ODD,      ODD,      ODD,      ODD,      ODD,      26,       27,       28,       29,    30,
    31,  32,    33,       34,       35,       36,       37,       38,       39,       40,       41,    42,
    43,  44,    45,       46,       47,       48,       49,       50,       51,       ODD,      ODD,   ODD,
    ODD, ODD,   R16(ODD), R16(ODD), R16(ODD), R16(ODD), R16(ODD), R16(ODD), R16(ODD), R16(ODD),
};

/* Writes the 1 or 2 octets that a group cut short by padding or the end still holds; *n: octets written.
 * False for a group of one letter, which means nothing. */
static bool flush(char *to, size_t *n, uint32_t v, unsigned have)
{
    if (have < 2)
        return have == 0;
    v <<= 6 * (4 - have);
    to[(*n)++] = (char)(v >> 16 & 0xFFU);
    if (have == 3)
        to[(*n)++] = (char)(v >> 8 & 0xFFU);
    return true;
}

bool base64_decode(buf *out, sv in)
{
    char *to = buf_room(out, in.n / 4 * 3 + 3);
    if (to == NULL)
        return false;
    bool clean = true;
    uint32_t v = 0;
    unsigned have = 0;
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        uint8_t x = values[(unsigned char)in.p[i]];
        if (x < 64) {
            v = v << 6 | x;
            if (++have == 4) {
                to[n++] = (char)(v >> 16 & 0xFFU);
                to[n++] = (char)(v >> 8 & 0xFFU);
                to[n++] = (char)(v & 0xFFU);
                v = 0;
                have = 0;
            }
        } else if (x == PAD) {
            clean = flush(to, &n, v, have) && clean;
            v = 0;
            have = 0;
        } else if (x == ODD) {
            clean = false;
        }
    }
    clean = flush(to, &n, v, have) && have == 0 && clean;
    out->n += n;
    return clean;
}
