#include "line.h"

bool line_next(sv *rest, sv *line)
{
    if (rest->n == 0)
        return false;
    size_t at = sv_find_char(*rest, '\n', 0);
    sv l = sv_first(*rest, at);
    *rest = sv_skip(*rest, at == SIZE_MAX ? rest->n : at + 1);
    while (l.n && l.p[l.n - 1] == '\r')
        l.n--;
    *line = l;
    return true;
}

sv line_peek(sv rest)
{
    sv line;
    return line_next(&rest, &line) ? line : SV_ABSENT;
}

sv lwsp_skip(sv s)
{
    while (s.n && is_lwsp(s.p[0]))
        s = sv_skip(s, 1);
    return s;
}

/* A CR that no LF follows, before any LF. */
static bool starts_with_bare_cr(sv mail)
{
    size_t cr = sv_find_char(sv_first(mail, sv_find_char(mail, '\n', 0)), '\r', 0);
    while (cr != SIZE_MAX && cr < mail.n && mail.p[cr] == '\r')
        cr++;
    return cr != SIZE_MAX && !(cr < mail.n && mail.p[cr] == '\n');
}

sv line_ends_mended(sv mail, arena *a)
{
    if (!starts_with_bare_cr(mail))
        return mail;
    char *to = arena_alloc(a, mail.n);
    if (to == NULL)
        return SV_ABSENT;
    for (size_t i = 0; i < mail.n; i++) {
        bool bare = mail.p[i] == '\r' && !(i + 1 < mail.n && mail.p[i + 1] == '\n');
        to[i] = bare ? '\n' : mail.p[i];
    }
    return sv_of(to, mail.n);
}
