#include "senders.h"

#include "model/domain.h"

/* How many entries each table gets at most. */
struct sizes {
    size_t networks, addresses, names[MATCH_STEPS];
};

static void count_sender(struct sizes *n, const struct sender_cfg *s)
{
    n->addresses += s->n_ips;
    n->networks += s->n_networks;
    n->names[MATCH_DKIM] += s->n_dkims;
    n->names[MATCH_SPF] += s->n_spfs;
    n->names[MATCH_SIGNS_AS] += s->n_signs_as;
    n->names[MATCH_BOUNCES_AS] += s->n_bounces_as;
}

static bool make_room(struct evidence_tables *e, const struct sizes *n, arena *a)
{
    e->addresses.entries = arena_array(a, n->addresses, sizeof *e->addresses.entries);
    bool ok = e->addresses.entries != NULL;
    for (size_t step = 0; step < MATCH_STEPS; step++) {
        e->names[step].entries = arena_array(a, n->names[step], sizeof *e->names[step].entries);
        ok = ok && e->names[step].entries != NULL;
    }
    return ok;
}

static void add_name(struct name_table *t, sv name, size_t value)
{
    bool below = name.n > 0 && name.p[0] == '.';
    t->entries[t->n++] = (struct name_entry){.name = sv_skip(name, below), .below = below, .value = value};
}

static void add_names(struct name_table *t, const sv *names, size_t n, size_t value)
{
    for (size_t i = 0; i < n; i++)
        add_name(t, names[i], value);
}

static void add_sender(struct sender_tables *t, const struct sender_cfg *s, size_t value)
{
    struct evidence_tables *e = s->shared ? &t->shared : &t->proof;
    for (size_t i = 0; i < s->n_ips; i++)
        e->addresses.entries[e->addresses.n++] = (struct address_entry){.net = s->ips[i], .value = value};
    for (size_t i = 0; i < s->n_networks; i++)
        t->networks.entries[t->networks.n++] = (struct address_entry){.net = s->networks[i], .value = value};
    add_names(&e->names[MATCH_SPF], s->spfs, s->n_spfs, value);
    add_names(&e->names[MATCH_SIGNS_AS], s->signs_as, s->n_signs_as, value);
    add_names(&e->names[MATCH_BOUNCES_AS], s->bounces_as, s->n_bounces_as, value);
    /* An aligned signature needs a key in our DNS: no other customer of a platform can make one. */
    struct name_table *dkim = &t->proof.names[MATCH_DKIM];
    for (size_t i = 0; i < s->n_dkims; i++) {
        add_name(dkim, s->dkims[i].domain, value);
        dkim->entries[dkim->n - 1].selectors = s->dkims[i].selectors;
        dkim->entries[dkim->n - 1].n_selectors = s->dkims[i].n_selectors;
    }
}

static void sort_tables(struct evidence_tables *e)
{
    address_table_sort(&e->addresses);
    for (size_t step = 0; step < MATCH_STEPS; step++)
        name_table_sort(&e->names[step]);
}

bool sender_tables_build(struct sender_tables *t, const struct config *cfg, const struct domain_cfg *domain,
                         arena *a)
{
    struct sizes n = {0};
    *t = (struct sender_tables){.senders = domain->senders, .n_senders = domain->n_senders};
    for (size_t i = 0; i < domain->n_senders; i++)
        count_sender(&n, &cfg->senders[domain->senders[i]]);
    t->networks.entries = arena_array(a, n.networks, sizeof *t->networks.entries);
    if (!t->networks.entries || !make_room(&t->proof, &n, a) || !make_room(&t->shared, &n, a))
        return false;
    for (size_t i = 0; i < domain->n_senders; i++)
        add_sender(t, &cfg->senders[domain->senders[i]], i);
    sort_tables(&t->proof);
    sort_tables(&t->shared);
    address_table_sort(&t->networks);
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t find_signature(const struct name_table *t, const struct row *row, bool aligned)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; t->n > 0 && i < row->record.n_dkims; i++) {
        const struct dkim_auth *d = &row->record.dkims[i];
        struct name_room room;
        sv name = d->result.v == DKIM_PASS ? name_fold(d->domain, &room) : SV_ABSENT;
        if (name.n > 0 && (!aligned || domain_is_related(name, row->domain)))
            best = least(best, name_find(t, name, d->selector));
    }
    return best;
}

/* The HELO name stands for the sender only where the reverse-path is null (RFC 7208 2.4). */
static bool is_envelope(const struct record *r, const struct spf_auth *s)
{
    return s->scope.v != SCOPE_HELO || (r->envelope_from.p != NULL && r->envelope_from.n == 0);
}

static size_t find_envelope(const struct name_table *t, const struct row *row, bool aligned)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; t->n > 0 && i < row->record.n_spfs; i++) {
        const struct spf_auth *s = &row->record.spfs[i];
        struct name_room room;
        bool counts = s->result.v == SPF_PASS && is_envelope(&row->record, s);
        sv name = counts ? name_fold(s->domain, &room) : SV_ABSENT;
        if (name.n > 0 && (!aligned || domain_is_related(name, row->domain)))
            best = least(best, name_find(t, name, SV_ABSENT));
    }
    return best;
}

static size_t find_step(const struct evidence_tables *e, enum match_step step, const struct row *row)
{
    const struct record *r = &row->record;
    switch (step) {
    case MATCH_ADDRESS:
        return address_find(&e->addresses, &r->source_ip);
    case MATCH_DKIM:
        return r->dkim.v == VERDICT_PASS ? find_signature(&e->names[step], row, true) : SIZE_MAX;
    case MATCH_SPF:
        return r->spf.v == VERDICT_PASS ? find_envelope(&e->names[step], row, true) : SIZE_MAX;
    case MATCH_SIGNS_AS:
        return find_signature(&e->names[step], row, false);
    case MATCH_BOUNCES_AS:
        return find_envelope(&e->names[step], row, false);
    case MATCH_NONE:
        break;
    }
    return SIZE_MAX;
}

struct sender_match sender_find(const struct sender_tables *t, const struct evidence_tables *e,
                                const struct row *row)
{
    for (int step = MATCH_ADDRESS; step < MATCH_STEPS; step++) {
        size_t found = find_step(e, (enum match_step)step, row);
        if (found != SIZE_MAX)
            return (struct sender_match){(enum match_step)step, t->senders[found]};
    }
    return (struct sender_match){MATCH_NONE, SIZE_MAX};
}
