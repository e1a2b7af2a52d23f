#include "judge/judge.h"

#include "base/clock.h"
#include "domains.h"
#include "evidence.h"
#include "forwarding.h"
#include "senders.h"

struct judge {
    const struct config *cfg;
    struct domain_index domains;
    struct sender_tables **tables; /* one for each domain entry; entries with the same list share one */
};

static bool same_list(const struct domain_cfg *a, const struct domain_cfg *b)
{
    return a->n_senders == b->n_senders &&
           (a->n_senders == 0 || memcmp(a->senders, b->senders, a->n_senders * sizeof *a->senders) == 0);
}

/* Thousands of domains with the default list follow each other: looking at the one before finds most. */
static struct sender_tables *tables_for(struct judge *j, size_t i, arena *a)
{
    const struct domain_cfg *domains = j->cfg->domains;
    if (i > 0 && same_list(&domains[i - 1], &domains[i]))
        return j->tables[i - 1];
    struct sender_tables *t = arena_alloc(a, sizeof *t);
    return t && sender_tables_build(t, j->cfg, &domains[i], a) ? t : NULL;
}

const struct judge *judge_prepare(const struct config *cfg, arena *a)
{
    struct judge *j = arena_alloc(a, sizeof *j);
    if (!j || !domain_index_build(&j->domains, cfg, a))
        return NULL;
    j->cfg = cfg;
    j->tables = arena_array(a, cfg->n_domains, sizeof(struct sender_tables *));
    if (!j->tables)
        return NULL;
    for (size_t i = 0; i < cfg->n_domains; i++) {
        j->tables[i] = tables_for(j, i, a);
        if (!j->tables[i])
            return NULL;
    }
    return j;
}

size_t judge_domain(const struct judge *j, sv domain)
{
    return domain_find(&j->domains, SV_ABSENT, domain);
}

static bool says(struct word verdict)
{
    return verdict.v == VERDICT_PASS || verdict.v == VERDICT_FAIL;
}

struct ours {
    const struct judge *judge;
    const struct sender_tables *tables;
};

static bool is_ours(const void *ctx, const struct ip *ip)
{
    const struct ours *o = ctx;
    size_t at = address_find(&o->tables->proof.addresses, ip);
    if (address_find(&o->tables->networks, ip) != SIZE_MAX)
        return true;
    return at != SIZE_MAX && o->judge->cfg->senders[o->tables->senders[at]].kind == SENDER_OURS;
}

static enum who who_of(enum sender_kind kind)
{
    switch (kind) {
    case SENDER_OURS:
        return WHO_known;
    case SENDER_FORWARDER:
        return WHO_forwarder;
    case SENDER_FOREIGN:
        return WHO_foreign;
    }
    return WHO_unknown;
}

static bool is_expired(const struct sender_cfg *s, const struct row *row)
{
    return s->expires != 0 && row->day * DAY_SECONDS >= s->expires;
}

static void judge_sender(const struct judge *j, const struct row *row, struct verdict *out)
{
    const struct sender_tables *t = j->tables[out->domain];
    struct sender_match match = sender_find(t, &t->proof, row);
    out->forwarding = forwarding_of(row, is_ours, &(struct ours){j, t});
    out->step = match.step;
    out->sender = match.sender;
    if (match.step != MATCH_NONE) {
        out->who = who_of(j->cfg->senders[match.sender].kind);
        out->expired = is_expired(&j->cfg->senders[match.sender], row);
    } else if (out->forwarding != FORWARDING_NONE)
        out->who = WHO_forwarder;
    if (out->who != WHO_unknown)
        return;
    out->via = sender_find(t, &t->shared, row).sender;
    size_t net = out->pass ? SIZE_MAX : address_find(&t->networks, &row->record.source_ip);
    out->unlisted = net == SIZE_MAX ? net : t->senders[net];
}

void judge_row(const struct judge *j, const struct row *row, struct verdict *out)
{
    const struct record *r = &row->record;
    struct name_room room;
    *out = (struct verdict){.who = WHO_unknown, .sender = SIZE_MAX, .via = SIZE_MAX, .unlisted = SIZE_MAX};
    out->pass = record_passes(r);
    out->fate = fate_of(r->disposition);
    out->dkim = evidence_dkim(row);
    out->spf = evidence_spf(row);
    out->inconclusive = !out->pass && evidence_inconclusive(r);
    out->unclear = !out->pass && !(says(r->dkim) && says(r->spf));
    out->domain = domain_find(&j->domains, name_fold(r->header_from, &room), row->domain);
    if (out->domain != SIZE_MAX)
        judge_sender(j, row, out);
}
