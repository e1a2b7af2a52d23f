#include "base/utf16.h"

/* The pair at s is an ASCII character with its 0 on that side. */
static enum utf16 of_pair(sv s)
{
    unsigned char a = (unsigned char)s.p[0], b = (unsigned char)s.p[1];
    if (a == 0 && b > 0 && b < 0x80)
        return UTF16_BE;
    return b == 0 && a > 0 && a < 0x80 ? UTF16_LE : UTF16_NONE;
}

enum utf16 utf16_of(sv head, size_t *mark)
{
    *mark = 2;
    if (sv_starts(head, SV("\xff\xfe")))
        return UTF16_LE;
    if (sv_starts(head, SV("\xfe\xff")))
        return UTF16_BE;
    *mark = 0;
    if (head.n < 2)
        return UTF16_NONE;
    enum utf16 first = of_pair(head);
    return head.n < 4 || of_pair(sv_skip(head, 2)) == first ? first : UTF16_NONE;
}
