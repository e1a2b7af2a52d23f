#include "url.h"

#include "base/num.h"
#include "model/ip.h"

static bool is_name_char(char c)
{
    char l = ascii_lower(c);
    return (l >= 'a' && l <= 'z') || ascii_is_digit(c) || c == '-' || c == '.' || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_host_name(sv host)
{
    for (size_t i = 0; i < host.n; i++)
        if (!is_name_char(host.p[i]))
            return false;
    return host.n > 0 && host.p[0] != '.' && host.p[0] != '-';
}

/* Position of the first octet of `any` in s, or the length of s. */
static size_t find_any(sv s, const char *any)
{
    size_t i = 0;
    while (i < s.n && strchr(any, s.p[i]) == NULL)
        i++;
    return i;
}

/* Takes the host off *authority; brackets hold an IPv6 address and nothing else. */
static bool take_host(sv *authority, sv *host)
{
    struct ip ip;
    if (!sv_starts(*authority, SV("["))) {
        *host = sv_first(*authority, find_any(*authority, ":"));
        *authority = sv_skip(*authority, host->n);
        return is_host_name(*host);
    }
    size_t end = sv_find_char(*authority, ']', 0);
    if (end == SIZE_MAX)
        return false;
    *host = sv_skip(sv_first(*authority, end), 1);
    *authority = sv_skip(*authority, end + 1);
    return sv_find_char(*host, ':', 0) != SIZE_MAX && ip_parse(*host, &ip);
}

static bool take_port(sv authority, uint16_t *port)
{
    uint64_t v = 0;
    *port = 0;
    if (authority.n == 0)
        return true;
    if (authority.p[0] != ':' || !num_u64(sv_skip(authority, 1), UINT16_MAX, &v) || v == 0)
        return false;
    *port = (uint16_t)v;
    return true;
}

enum url_fault url_split(sv text, struct url *out)
{
    *out = (struct url){0};
    size_t colon = sv_find(text, SV("://"), 0);
    if (colon == SIZE_MAX || colon == 0)
        return URL_SCHEME;
    out->scheme = sv_first(text, colon);
    sv rest = sv_skip(text, colon + 3);
    sv authority = sv_first(rest, find_any(rest, "/?#"));
    out->rest = sv_skip(rest, authority.n);
    if (sv_find_char(authority, '@', 0) != SIZE_MAX)
        return URL_LOGIN;
    if (!take_host(&authority, &out->host))
        return URL_HOST;
    return take_port(authority, &out->port) ? URL_OK : URL_PORT;
}

bool url_host_is_loopback(sv host)
{
    struct ip ip;
    return ip_parse(host, &ip) && ip_is_loopback(&ip);
}
