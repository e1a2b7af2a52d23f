#include "forwarding.h"

/* Comments of RFC 8617 7.2.2: tokens apart by blanks, some reporters put ; , ( ) between them. */
static bool next_token(sv *rest, sv *token)
{
    static const char apart[] = " \t\r\n;,()";
    size_t from = 0;
    while (from < rest->n && strchr(apart, rest->p[from]))
        from++;
    size_t to = from;
    while (to < rest->n && !strchr(apart, rest->p[to]))
        to++;
    *token = sv_of(rest->p + from, to - from);
    *rest = sv_skip(*rest, to);
    return token->n > 0;
}

/* The address that the oldest sealer got the mail from; OpenDMARC has a name of its own for it. */
static bool first_hop(sv token, struct ip *ip)
{
    static const sv names[] = {SV_INIT("remote-ip[1]="), SV_INIT("client-ip[1]=")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        bool changed;
        if (sv_starts_nocase(token, names[i]))
            return ip_parse_loose(sv_skip(token, names[i].n), ip, &changed);
    }
    return false;
}

static enum forwarding arc_of(sv comment, forwarding_is_ours *is_ours, const void *ctx)
{
    bool passed = false, ours = false;
    struct ip ip;
    for (sv token; next_token(&comment, &token);) {
        passed = passed || sv_eq_nocase(token, SV("arc=pass"));
        ours = ours || (first_hop(token, &ip) && is_ours(ctx, &ip));
    }
    if (!passed)
        return FORWARDING_NONE;
    return ours ? FORWARDING_ARC_OURS : FORWARDING_ARC;
}

static enum forwarding reason_of(const struct reason *r, forwarding_is_ours *is_ours, const void *ctx)
{
    enum forwarding arc = arc_of(r->comment, is_ours, ctx);
    bool names_it = r->type.v == REASON_FORWARDED || r->type.v == REASON_TRUSTED_FORWARDER ||
                    r->type.v == REASON_MAILING_LIST;
    return arc == FORWARDING_NONE && names_it ? FORWARDING_REASON : arc;
}

enum forwarding forwarding_of(const struct row *row, forwarding_is_ours *is_ours, const void *ctx)
{
    const struct record *r = &row->record;
    if (record_passes(r))
        return r->dkim.v == VERDICT_PASS && r->spf.v != VERDICT_PASS ? FORWARDING_INTACT : FORWARDING_NONE;
    enum forwarding best = FORWARDING_NONE;
    for (size_t i = 0; i < r->n_reasons && row->trust.trust != TRUST_failed; i++) {
        enum forwarding f = reason_of(&r->reasons[i], is_ours, ctx);
        best = f > best ? f : best;
    }
    return best;
}
