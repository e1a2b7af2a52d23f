#include "value.h"

#include "base/utf8.h"

/* White space of Unicode, and what is invisible at the edge of a value. */
static bool is_blank(uint32_t cp)
{
    return (cp < 0x80 && ascii_is_blank((char)cp)) || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200B) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F || cp == 0x205F ||
           cp == 0x3000 || cp == 0xFEFF;
}

/* Start of the last character of s. */
static size_t last_char(sv s)
{
    size_t at = s.n - 1;
    while (at > 0 && ((unsigned char)s.p[at] & 0xC0U) == 0x80)
        at--;
    return at;
}

sv value_trim(sv s, struct note_set *notes)
{
    uint32_t cp;
    s = sv_trim(s);
    if (s.n == 0 || ((unsigned char)s.p[0] < 0x80 && (unsigned char)s.p[s.n - 1] < 0x80))
        return s;
    const size_t before = s.n;
    for (size_t n; s.n && (n = utf8_decode(s, &cp)) > 0 && is_blank(cp);)
        s = sv_skip(s, n);
    while (s.n && utf8_decode(sv_skip(s, last_char(s)), &cp) > 0 && is_blank(cp))
        s.n = last_char(s);
    if (s.n != before)
        note_add(notes, NOTE_invisible_dropped);
    return s;
}

static bool is_alnum(char c)
{
    c = ascii_lower(c);
    return (c >= 'a' && c <= 'z') || ascii_is_digit(c);
}

struct word value_policy_word(enum word_list list, sv text, bool *cleaned)
{
    struct word w = word_read(list, text);
    *cleaned = false;
    if (w.v != WORD_UNKNOWN)
        return w;
    sv bare = w.raw;
    while (bare.n && !is_alnum(bare.p[0]))
        bare = sv_skip(bare, 1);
    while (bare.n && !is_alnum(bare.p[bare.n - 1]))
        bare.n--;
    struct word again = word_read(list, bare);
    *cleaned = again.v > WORD_UNKNOWN;
    return *cleaned ? again : w;
}
