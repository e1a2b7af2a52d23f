#include "base/sv.h"

bool sv_eq_nocase(sv a, sv b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

bool sv_starts(sv s, sv prefix)
{
    return s.n >= prefix.n && sv_eq(sv_first(s, prefix.n), prefix);
}

bool sv_starts_nocase(sv s, sv prefix)
{
    return s.n >= prefix.n && sv_eq_nocase(sv_first(s, prefix.n), prefix);
}

bool sv_ends(sv s, sv suffix)
{
    return s.n >= suffix.n && sv_eq(sv_skip(s, s.n - suffix.n), suffix);
}

bool sv_ends_nocase(sv s, sv suffix)
{
    return s.n >= suffix.n && sv_eq_nocase(sv_skip(s, s.n - suffix.n), suffix);
}

int sv_cmp(sv a, sv b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

sv sv_trim(sv s)
{
    size_t from = 0;
    while (from < s.n && ascii_is_blank(s.p[from]))
        from++;
    s = sv_skip(s, from);
    while (s.n && ascii_is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

size_t sv_find(sv s, sv needle, size_t from)
{
    if (from > s.n || needle.n > s.n - from)
        return SIZE_MAX;
    if (needle.n == 0)
        return from;
    const char *hit = (const char *)memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

size_t sv_find_char(sv s, char c, size_t from)
{
    if (from >= s.n)
        return SIZE_MAX;
    const char *hit = (const char *)memchr(s.p + from, c, s.n - from);
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

sv sv_skip(sv s, size_t n)
{
    return n >= s.n ? (sv){s.p ? s.p + s.n : NULL, 0} : (sv){s.p + n, s.n - n};
}

sv sv_first(sv s, size_t n)
{
    return (sv){s.p, n < s.n ? n : s.n};
}

bool sv_split(sv *rest, char sep, sv *part)
{
    if (rest->p == NULL)
        return false;
    size_t at = sv_find_char(*rest, sep, 0);
    if (at == SIZE_MAX) {
        *part = *rest;
        *rest = SV_ABSENT;
        return part->n > 0;
    }
    *part = sv_first(*rest, at);
    *rest = sv_skip(*rest, at + 1);
    return true;
}
