/* The first address of a From field (RFC 5322 3.4), by what stands outside quotes and comments. */
#include "mail/header.h"

/* The length of the quoted string or comment at the start of s (to its end when it is not closed). */
static size_t skip_length(sv s)
{
    size_t n = 1, depth = 1;
    for (; n < s.n && depth; n++) {
        char c = s.p[n];
        if (c == '\\')
            n++;
        else if (s.p[0] == '"')
            depth -= c == '"';
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
    }
    return n < s.n ? n : s.n;
}

/* The address in one element of the list: what stands between '<' and '>', else all of it. */
static sv element(sv *rest)
{
    sv s = *rest, angle = SV_ABSENT;
    size_t n = 0;
    while (n < s.n && (angle.p || s.p[n] != ',')) {
        if (s.p[n] == '"' || s.p[n] == '(') {
            n += skip_length(sv_skip(s, n));
            continue;
        }
        if (s.p[n] == '<')
            angle = sv_skip(s, n + 1);
        else if (s.p[n] == '>')
            break;
        n++;
    }
    *rest = sv_skip(s, n + 1);
    if (angle.p == NULL)
        return sv_first(s, n);
    return sv_first(angle, n - (size_t)(angle.p - s.p));
}

/* Behind the last '@' outside quotes, up to what no domain holds. */
static sv domain_of(sv address)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < address.n; i++) {
        if (address.p[i] == '"' || address.p[i] == '(')
            i += skip_length(sv_skip(address, i)) - 1;
        else if (address.p[i] == '@')
            at = i;
    }
    if (at == SIZE_MAX)
        return SV_ABSENT;
    sv domain = sv_trim(sv_skip(address, at + 1));
    size_t n = 0;
    while (n < domain.n && !ascii_is_blank(domain.p[n]) && !strchr("()<>,;:\\\"", domain.p[n]))
        n++;
    while (n && domain.p[n - 1] == '.')
        n--;
    return sv_first(domain, n);
}

sv header_domain_raw(sv raw)
{
    while (raw.n) {
        sv domain = domain_of(element(&raw));
        if (domain.n)
            return domain;
    }
    return SV_ABSENT;
}

sv header_domain(sv raw, arena *a)
{
    sv domain = header_domain_raw(raw);
    char *to = domain.n ? arena_alloc(a, domain.n) : NULL;
    for (size_t i = 0; to && i < domain.n; i++)
        to[i] = ascii_lower(domain.p[i]);
    return to ? sv_of(to, domain.n) : SV_ABSENT;
}
