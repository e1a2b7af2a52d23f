/* Addresses and networks. IPv4 is held as ::ffff:a.b.c.d, so that one order and one comparison serve
 * both; a mapped address that arrives as IPv6 is the IPv4 address. */
#ifndef MODEL_IP_H
#define MODEL_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

struct ip {
    uint8_t b[16];
};

struct cidr {
    struct ip ip; /* host bits are 0 */
    uint8_t bits; /* 0 to 128; IPv4 /n is n + 96 */
};

enum { IP_TEXT = 46, CIDR_TEXT = 50 };

/* Exactly one address as inet_pton takes it. No zone, port, short form or prefix length. */
bool ip_parse(sv s, struct ip *out) NODISCARD;

/* ip_parse after the clean-up that reports need: blanks and one pair of brackets around it are dropped,
 * leading zeros of decimal octets are dropped (never read as octal). *changed: something was dropped. */
bool ip_parse_loose(sv s, struct ip *out, bool *changed) NODISCARD;

bool ip_is_v4(const struct ip *ip);
/* 127.0.0.0/8 and ::1: never leaves the machine. */
bool ip_is_loopback(const struct ip *ip);
/* Not for everybody to reach: loopback, private (RFC 1918, RFC 4193), shared (RFC 6598), link-local,
 * multicast, reserved and unspecified addresses, and those of IPv6 that carry such an IPv4 address (RFC 6052,
 * RFC 3056, RFC 2765, RFC 5214), or may (Teredo, RFC 4380). */
bool ip_is_private(const struct ip *ip);
/* The host of a URL, with or without brackets, is such an address. A name never is: it may lead elsewhere
 * tomorrow. */
bool ip_host_is_loopback(sv host);
const char *ip_text(const struct ip *ip, char out[IP_TEXT]);
int ip_cmp(const struct ip *a, const struct ip *b);
/* By first address, the wider network first. */
int cidr_cmp(const struct cidr *a, const struct cidr *b);

/* "192.0.2.0/24", "2001:db8::/32", or a bare address (/32, /128). ERR_CONFIG with what is wrong; host
 * bits that are set are an error that names the network meant. */
bool cidr_parse(sv s, struct cidr *out, struct err *e) NODISCARD;

/* A network of IPv6 has no address of IPv4 in it, unless it is written as ::ffff:a.b.c.d/96 and up. */
bool cidr_contains(const struct cidr *net, const struct ip *ip);
/* a lies wholly inside b (or is b), as they are held: IPv4 inside of ::/0. */
bool cidr_within(const struct cidr *a, const struct cidr *b);
/* A single address without "/32". */
const char *cidr_text(const struct cidr *net, char out[CIDR_TEXT]);

/* The network that a source is counted under: /24 for IPv4, /48 for IPv6. */
struct cidr ip_neighbourhood(const struct ip *ip);

#endif
