#include "prolog.h"

/* EncName: a letter, then letters, digits, '.', '_', '-'. */
static bool is_encoding_name(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);
        if ((c < 'a' || c > 'z') && (i == 0 || !(ascii_is_digit(c) || c == '.' || c == '_' || c == '-')))
            return false;
    }
    return s.n > 0;
}

/* Takes a quoted text off *s. */
static bool take_quoted(sv *s, sv *inside)
{
    if (s->n == 0 || (s->p[0] != '"' && s->p[0] != '\''))
        return false;
    size_t end = sv_find_char(*s, s->p[0], 1);
    if (end == SIZE_MAX)
        return false;
    *inside = sv_first(sv_skip(*s, 1), end - 1);
    *s = sv_skip(*s, end + 1);
    return true;
}

static bool take(sv *s, sv word)
{
    if (!sv_starts(*s, word))
        return false;
    *s = sv_skip(*s, word.n);
    return true;
}

bool prolog_is_plain(sv decl)
{
    sv version, encoding;
    if (!take(&decl, SV("<?xml version=")) || !take_quoted(&decl, &version) || !sv_eq(version, SV("1.0")))
        return false;
    if (take(&decl, SV(" encoding=")) && (!take_quoted(&decl, &encoding) || !is_encoding_name(encoding)))
        return false;
    return sv_eq(sv_trim(decl), SV("?>"));
}
