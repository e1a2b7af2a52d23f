/* Addresses, networks, domains, numbers, durations, dates: what is read is the same after it was printed. */
#include "fuzz.h"

#include "base/clock.h"
#include "base/num.h"
#include "config/duration.h"
#include "imap_date.h"
#include "model/domain.h"
#include "model/ip.h"
#include "utf7.h"

static void addresses(sv in)
{
    struct ip ip, back;
    bool changed = false;
    char text[IP_TEXT];
    bool strict = ip_parse(in, &ip);
    if (strict) {
        fuzz_require(ip_parse(sv_c(ip_text(&ip, text)), &back) && ip_cmp(&ip, &back) == 0,
                     "an address comes back");
        fuzz_require(ip_parse_loose(in, &back, &changed) && ip_cmp(&ip, &back) == 0,
                     "loose is wider than strict");
    }
    if (ip_parse_loose(in, &ip, &changed)) {
        struct cidr near = ip_neighbourhood(&ip);
        fuzz_require(strict || changed, "what is dropped is told");
        fuzz_require(cidr_contains(&near, &ip), "an address lies in its neighbourhood");
    }
    if (strict && (ip_host_is_loopback(in) || ip_is_loopback(&ip)))
        fuzz_require(ip_is_private(&ip), "this machine is no public address");
}

static void networks(sv in)
{
    struct cidr net, back;
    struct err e = {.cls = ERR_NONE, .msg = ""};
    char text[CIDR_TEXT];
    if (!cidr_parse(in, &net, &e)) {
        fuzz_require(e.cls == ERR_CONFIG && e.msg[0], "a network that is none says why");
        return;
    }
    fuzz_require(cidr_parse(sv_c(cidr_text(&net, text)), &back, &e) && cidr_cmp(&net, &back) == 0,
                 "a network comes back");
    fuzz_require(cidr_within(&net, &back) && cidr_contains(&net, &net.ip), "a network holds itself");
}

static void domains(sv in, arena *a)
{
    bool odd = false, again = false;
    sv folded = domain_fold(a, in, &odd);
    fuzz_require(sv_eq(domain_fold(a, folded, &again), folded), "folding twice is folding once");
    fuzz_require(odd || folded.n == 0 || domain_is_plain(folded), "what is not odd is plain");
    fuzz_require(folded.n == 0 || domain_is_under(folded, folded), "a domain is under itself");
    (void)domain_is_related(folded, SV("example.com"));
    (void)domain_of_address(in);
}

static void durations(sv in)
{
    int64_t seconds, back;
    buf text;
    /* No setting goes to a million years. */
    if (!duration_parse(in, &seconds) || seconds / DAY_SECONDS > INT64_C(365000000))
        return;
    buf_init(&text, KIB(1));
    duration_print(seconds, &text);
    fuzz_require(!text.failed && duration_parse(buf_view(&text), &back) && back == seconds,
                 "a duration comes back");
    buf_free(&text);
}

void fuzz_one(sv in)
{
    arena memory;
    uint64_t u;
    int64_t i;
    buf text;
    arena_init(&memory, MIB(4));
    buf_init(&text, MIB(1));
    addresses(in);
    networks(in);
    domains(in, &memory);
    durations(in);
    (void)!num_u64(in, UINT64_MAX, &u);
    (void)!num_i64(in, INT64_MIN, INT64_MAX, &i);
    (void)!imap_date(in, &i);
    (void)!utf7_put(&text, in);
    buf_free(&text);
    arena_free(&memory);
}
