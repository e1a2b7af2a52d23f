#include "model/ip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/num.h"

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool ip_is_v4(const struct ip *ip)
{
    return memcmp(ip->b, v4_prefix, sizeof v4_prefix) == 0;
}

bool ip_parse(sv s, struct ip *out)
{
    char text[IP_TEXT];
    struct ip ip;
    if (s.n == 0 || s.n >= sizeof text || memchr(s.p, '\0', s.n))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    memcpy(ip.b, v4_prefix, sizeof v4_prefix);
    if (inet_pton(AF_INET, text, ip.b + 12) != 1 && inet_pton(AF_INET6, text, ip.b) != 1)
        return false;
    *out = ip;
    return true;
}

/* "010.002.000.001" to "10.2.0.1" in out (as large as s); false when s is no such thing. */
static bool strip_zeros(sv s, char *out, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < s.n;) {
        if (s.p[i] == '.') {
            out[(*n)++] = s.p[i++];
            continue;
        }
        if (!ascii_is_digit(s.p[i]))
            return false;
        while (s.p[i] == '0' && i + 1 < s.n && ascii_is_digit(s.p[i + 1]))
            i++;
        while (i < s.n && ascii_is_digit(s.p[i]))
            out[(*n)++] = s.p[i++];
    }
    return true;
}

bool ip_parse_loose(sv s, struct ip *out, bool *changed)
{
    sv t = sv_trim(s);
    if (t.n >= 2 && t.p[0] == '[' && t.p[t.n - 1] == ']')
        t = sv_trim(sv_first(sv_skip(t, 1), t.n - 2));
    *changed = t.n != s.n;
    if (ip_parse(t, out))
        return true;
    char plain[64];
    size_t n;
    if (t.n >= sizeof plain || !strip_zeros(t, plain, &n))
        return false;
    *changed = true;
    return ip_parse(sv_of(plain, n), out);
}

const char *ip_text(const struct ip *ip, char out[IP_TEXT])
{
    const char *text = ip_is_v4(ip) ? inet_ntop(AF_INET, ip->b + 12, out, IP_TEXT)
                                    : inet_ntop(AF_INET6, ip->b, out, IP_TEXT);
    return text ? text : "";
}

int ip_cmp(const struct ip *a, const struct ip *b)
{
    return memcmp(a->b, b->b, sizeof a->b);
}

int cidr_cmp(const struct cidr *a, const struct cidr *b)
{
    int c = ip_cmp(&a->ip, &b->ip);
    return c ? c : a->bits - b->bits;
}

static struct ip masked(const struct ip *ip, unsigned bits)
{
    struct ip out = {{0}};
    memcpy(out.b, ip->b, bits / 8);
    if (bits % 8)
        out.b[bits / 8] = (uint8_t)(ip->b[bits / 8] & (0xFFU << (8 - bits % 8)));
    return out;
}

bool cidr_parse(sv s, struct cidr *out, struct err *e)
{
    size_t slash = sv_find_char(s, '/', 0);
    sv host = sv_first(s, slash == SIZE_MAX ? s.n : slash);
    struct cidr net;
    if (!ip_parse(host, &net.ip))
        return err_set(e, ERR_CONFIG, "'%.*s' is no IP address or network", SV_ARG(s));
    /* Whether the text is IPv4 decides how its prefix counts: ::ffff:0:0/96 is written as IPv6. */
    bool v4 = sv_find_char(host, ':', 0) == SIZE_MAX;
    uint64_t bits = v4 ? 32 : 128;
    if (slash != SIZE_MAX && !num_u64(sv_skip(s, slash + 1), bits, &bits))
        return err_set(e, ERR_CONFIG, "'%.*s': the prefix length must be 0 to %d", SV_ARG(s), v4 ? 32 : 128);
    net.bits = (uint8_t)(v4 ? bits + 96 : bits);
    struct cidr meant = {masked(&net.ip, net.bits), net.bits};
    char text[CIDR_TEXT];
    if (ip_cmp(&meant.ip, &net.ip) != 0)
        return err_set(e, ERR_CONFIG, "%.*s has host bits set; did you mean %s?", SV_ARG(s),
                       cidr_text(&meant, text));
    *out = net;
    return true;
}

static bool lies_in(const struct ip *ip, const struct cidr *net)
{
    struct ip m = masked(ip, net->bits);
    return ip_cmp(&m, &net->ip) == 0;
}

bool cidr_contains(const struct cidr *net, const struct ip *ip)
{
    bool v6_only = net->bits < 96; /* ::/0 is all of IPv6, though IPv4 is held inside of it */
    return lies_in(ip, net) && !(v6_only && ip_is_v4(ip));
}

bool cidr_within(const struct cidr *a, const struct cidr *b)
{
    return a->bits >= b->bits && lies_in(&a->ip, b);
}

const char *cidr_text(const struct cidr *net, char out[CIDR_TEXT])
{
    char ip[IP_TEXT];
    bool v4 = net->bits >= 96 && ip_is_v4(&net->ip);
    ip_text(&net->ip, ip);
    if (net->bits == 128)
        (void)snprintf(out, CIDR_TEXT, "%s", ip);
    else
        (void)snprintf(out, CIDR_TEXT, "%s/%d", ip, v4 ? net->bits - 96 : net->bits);
    return out;
}

struct cidr ip_neighbourhood(const struct ip *ip)
{
    uint8_t bits = ip_is_v4(ip) ? 96 + 24 : 48;
    return (struct cidr){masked(ip, bits), bits};
}

bool ip_is_loopback(const struct ip *ip)
{
    static const struct cidr v4 = {{{[10] = 0xff, [11] = 0xff, [12] = 127}}, 96 + 8};
    static const struct cidr v6 = {{{[15] = 1}}, 128};
    return cidr_contains(&v4, ip) || cidr_contains(&v6, ip);
}

/* In the order of their bits; IPv4 behind ::ffff:0:0/96. */
static const struct cidr private_networks[] = {
#define V4(a, b, bits)                                                                                       \
    {                                                                                                        \
        {{[10] = 0xff, [11] = 0xff, [12] = (a), [13] = (b)}}, 96 + (bits)                                    \
    }
    V4(0, 0, 8),
    V4(10, 0, 8),
    V4(100, 64, 10),
    V4(127, 0, 8),
    V4(169, 254, 16),
    V4(172, 16, 12),
    V4(192, 0, 24),
    V4(192, 168, 16),
    V4(198, 18, 15),
    V4(224, 0, 3),
#undef V4
    {{{0}}, 128},                                 /* unspecified */
    {{{[15] = 1}}, 128},                          /* loopback */
    {{{0x01}}, 64},                               /* discard, RFC 6666 */
    {{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}}, 48}, /* NAT64 of a network of its own, RFC 8215 */
    {{{0x20, 0x01}}, 32},                         /* Teredo: whatever IPv4 address it says */
    {{{0xfc}}, 7},                                /* unique local */
    {{{0xfe, 0x80}}, 9},                          /* link-local, and the site-local of old */
    {{{0xff}}, 8},                                /* multicast */
};

/* Octets of the IPv4 address inside begin at `at`. */
static const struct {
    struct cidr net;
    unsigned at;
} carriers[] = {
    {{{{0}}, 96}, 12},                      /* IPv4-compatible, deprecated */
    {{{{0x00, 0x64, 0xff, 0x9b}}, 96}, 12}, /* NAT64 */
    {{{{0x20, 0x02}}, 16}, 2},              /* 6to4 */
    {{{{[8] = 0xff, [9] = 0xff}}, 96}, 12}, /* IPv4-translated, RFC 2765 */
};

static bool in_private_network(const struct ip *ip)
{
    for (size_t i = 0; i < COUNT_OF(private_networks); i++)
        if (cidr_contains(&private_networks[i], ip))
            return true;
    return false;
}

/* RFC 5214 6.1: the IPv4 address stands behind 00-00-5E-FE, in any network. */
static bool is_isatap(const struct ip *ip)
{
    return (ip->b[8] & 0xfd) == 0 && ip->b[9] == 0 && ip->b[10] == 0x5e && ip->b[11] == 0xfe;
}

static bool carries_private(const struct ip *ip, unsigned at)
{
    struct ip inside = {{[10] = 0xff, [11] = 0xff}};
    memcpy(inside.b + 12, ip->b + at, 4);
    return in_private_network(&inside);
}

bool ip_is_private(const struct ip *ip)
{
    for (size_t i = 0; i < COUNT_OF(carriers); i++) {
        if (cidr_contains(&carriers[i].net, ip) && carries_private(ip, carriers[i].at))
            return true;
    }
    return in_private_network(ip) || (is_isatap(ip) && carries_private(ip, 12));
}

bool ip_host_is_loopback(sv host)
{
    struct ip ip;
    if (sv_starts(host, SV("[")) && sv_ends(host, SV("]")))
        host = sv_skip(sv_first(host, host.n - 1), 1);
    return ip_parse(host, &ip) && ip_is_loopback(&ip);
}
