#include "figures.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/utf8.h"
#include "class.h"
#include "model/domain.h"

void figures_init(struct figures *f, const struct config *c)
{
    *f = (struct figures){.config = c};
    f->table.cap = c->limits.domain_networks;
    memcpy(&f->hash_key, c->hash, sizeof f->hash_key);
}

static void free_figure(void *ctx, struct table_entry *e)
{
    struct figure *f = (struct figure *)e;
    (void)ctx;
    free(f->days.p);
    free(f);
}

void figures_free(struct figures *f)
{
    table_free(&f->table, free_figure, NULL);
}

/* ---- the parts of a row ---- */

struct parts {
    const struct config *config;
    const struct row *row;
    const struct verdict *v;
    struct figure_part *out;
    size_t n;
    struct figure_room *room;
};

static void put(struct parts *p, enum figure_kind kind, size_t sender, sv text, bool counts)
{
    if (p->n < FIGURE_PARTS)
        p->out[p->n++] = (struct figure_part){{kind, sender, text}, counts};
}

static sv lower(char *room, size_t max, sv text)
{
    text = utf8_cut(text, max);
    for (size_t i = 0; i < text.n; i++)
        room[i] = ascii_lower(text.p[i]);
    return sv_of(room, text.n);
}

/* The policy that was to be applied to the row: of a name below the domain the one for these. */
static uint8_t policy_in_force(const struct row *row)
{
    bool below = row->record.header_from.n && !sv_eq_nocase(row->record.header_from, row->domain);
    return below && row->policy.sp.v > POLICY_UNKNOWN ? row->policy.sp.v : row->policy.p.v;
}

/* A reason that the receiver gives for doing less than the policy says. */
static bool is_excused(const struct record *r)
{
    for (size_t i = 0; i < r->n_reasons; i++)
        if (r->reasons[i].type.v != REASON_OTHER && r->reasons[i].type.v > REASON_UNKNOWN)
            return true;
    return false;
}

static bool is_whole(sv pct)
{
    return pct.n == 0 || sv_eq(pct, SV("100"));
}

static bool is_not_applied(const struct row *row, const struct verdict *v)
{
    return !v->pass && v->fate == FATE_let_through && policy_in_force(row) >= POLICY_QUARANTINE &&
           row->policy.testing.v != TESTING_YES && is_whole(row->policy.pct) && !is_excused(&row->record);
}

static void put_reporter(struct parts *p, sv reporter)
{
    const struct verdict *v = p->v;
    bool fails = !v->pass && !(v->inconclusive && v->who == WHO_known);
    bool own = v->who == WHO_known || p->config->domains[v->domain].n_senders == 0;
    put(p, FIGURE_mail, SIZE_MAX, reporter, fails);
    if (own)
        put(p, FIGURE_own, SIZE_MAX, reporter, fails);
    if (fails && v->who == WHO_known)
        put(p, FIGURE_known_failed, SIZE_MAX, reporter, true);
    if (fails && v->who == WHO_unknown)
        put(p, FIGURE_unknown_failed, SIZE_MAX, reporter, true);
    if (v->who == WHO_unknown && is_not_applied(p->row, v))
        put(p, FIGURE_not_applied, SIZE_MAX, reporter, true);
}

static bool is_listed(const struct config *c, sv domain, sv selector)
{
    for (size_t i = 0; i < c->n_senders; i++)
        for (size_t k = 0; k < c->senders[i].n_dkims; k++) {
            const struct dkim_identity *d = &c->senders[i].dkims[k];
            bool any = d->n_selectors == 0;
            for (size_t s = 0; s < d->n_selectors; s++)
                any = any || sv_eq_nocase(d->selectors[s], selector);
            if (any && sv_eq_nocase(d->domain, domain))
                return true;
        }
    return false;
}

/* The first signature of a name of ours that passed. */
static void put_selector(struct parts *p)
{
    const struct record *r = &p->row->record;
    for (size_t i = 0; i < r->n_dkims; i++) {
        const struct dkim_auth *d = &r->dkims[i];
        size_t max = FIGURE_TEXT / 2 - 1;
        if (d->result.v != DKIM_PASS || d->selector.n == 0)
            continue;
        sv domain = lower(p->room->text, max, d->domain);
        if (!domain_is_plain(domain) || !domain_is_related(domain, p->row->domain) ||
            is_listed(p->config, domain, d->selector))
            continue;
        p->room->text[domain.n] = ' ';
        sv selector = lower(p->room->text + domain.n + 1, max, d->selector);
        put(p, FIGURE_selector, SIZE_MAX, sv_of(p->room->text, domain.n + 1 + selector.n), true);
        return;
    }
}

static void put_name(struct parts *p)
{
    sv name = lower(p->room->name, sizeof p->room->name, p->row->record.header_from);
    const struct domain_cfg *d = &p->config->domains[p->v->domain];
    bool has_entry = !d->wildcard && sv_eq(d->name, name);
    if (name.n && !has_entry && !sv_eq(name, p->row->domain) && domain_is_under(name, p->row->domain))
        put(p, FIGURE_name, SIZE_MAX, name, !p->v->pass);
}

static sv network_of(struct parts *p)
{
    struct cidr net = ip_neighbourhood(&p->row->record.source_ip);
    return sv_c(cidr_text(&net, p->room->network));
}

/* A key of ours passes where none of our servers is listed: mail of ours that was passed on whole, or
 * somebody who sends one signed mail again and again. Where a sender is known by its key alone no network is
 * odd. */
static bool is_relayed(const struct parts *p)
{
    const struct verdict *v = p->v;
    if (v->forwarding != FORWARDING_INTACT)
        return false;
    return v->who == WHO_forwarder
               ? v->sender == SIZE_MAX
               : v->who == WHO_known && v->step == MATCH_DKIM && p->config->senders[v->sender].n_ips > 0;
}

static void put_network(struct parts *p)
{
    sv text = network_of(p);
    put(p, FIGURE_passing, SIZE_MAX, text, true);
    if (p->v->dkim == LEG_PASSED)
        put(p, FIGURE_signed, SIZE_MAX, text, true);
}

size_t figure_parts(const struct config *c, const struct row *row, const struct verdict *v,
                    struct figure_part out[FIGURE_PARTS], struct figure_room *room)
{
    struct parts p = {.config = c, .row = row, .v = v, .out = out, .room = room};
    sv reporter = utf8_cut(row->reporter, c->limits.text_shown);
    if (v->domain == SIZE_MAX || c->domains[v->domain].unwatched)
        return 0;
    if (row->trust.trust == TRUST_failed)
        put(&p, FIGURE_untrusted, SIZE_MAX, reporter, true);
    if (row->trust.trust == TRUST_failed || row_is_from_the_future(c, row))
        return p.n;
    /* Also from a forwarder: mail of ours that it relays has a key that we know. */
    if (v->dkim == LEG_PASSED && v->who != WHO_foreign)
        put_selector(&p);
    bool relayed = is_relayed(&p);
    if (relayed)
        put(&p, FIGURE_relayed, SIZE_MAX, network_of(&p), true);
    if (v->who == WHO_forwarder) {
        put(&p, FIGURE_forwarded, SIZE_MAX, reporter, true);
        return p.n;
    }
    put_reporter(&p, reporter);
    put_name(&p);
    if (v->who == WHO_known && !v->inconclusive && !relayed) {
        put(&p, FIGURE_dkim_leg, v->sender, SV_ABSENT, v->dkim != LEG_PASSED);
        put(&p, FIGURE_spf_leg, v->sender, SV_ABSENT, v->spf != LEG_PASSED);
    }
    if (v->who == WHO_unknown && v->pass)
        put_network(&p);
    return p.n;
}

/* ---- the table ---- */

static uint64_t key_hash(const struct figures *f, const struct figure_key *k)
{
    const uint64_t fixed[] = {k->kind, k->sender};
    struct siphash_key key = {
        {f->hash_key.k[0] ^ siphash(&f->hash_key, sv_of(fixed, sizeof fixed)), f->hash_key.k[1]}};
    return siphash(&key, k->text);
}

static bool same_key(const struct table_entry *e, const void *key)
{
    const struct figure_key *x = &((const struct figure *)e)->key, *y = key;
    return x->kind == y->kind && x->sender == y->sender && sv_eq(x->text, y->text);
}

static struct figure *make(struct figures *f, const struct figure_key *key, uint64_t hash)
{
    struct figure *new = malloc(sizeof *new + key->text.n);
    if (new == NULL)
        return NULL;
    *new = (struct figure){.head = {hash, false}, .key = *key};
    if (key->text.n) {
        memcpy(new + 1, key->text.p, key->text.n);
        new->key.text = sv_of((const char *)(new + 1), key->text.n);
    }
    if (table_put(&f->table, &new->head))
        return new;
    free(new);
    return NULL;
}

static void count(struct figures *f, const struct figure_part *part, const struct day_sum *sum)
{
    uint64_t hash = key_hash(f, &part->key);
    struct figure *figure = (struct figure *)table_find(&f->table, hash, same_key, &part->key);
    if (figure == NULL && !table_takes(&f->table, hash))
        return;
    if (figure == NULL)
        figure = make(f, &part->key, hash);
    f->failed = figure == NULL || !days_add(&figure->days, sum) || !table_thin(&f->table, free_figure, NULL);
}

void figures_add(void *figures, const struct row *row, const struct verdict *v)
{
    struct figures *f = figures;
    struct figure_part parts[FIGURE_PARTS];
    struct figure_room room;
    uint64_t messages = row->record.count;
    size_t n = figure_parts(f->config, row, v, parts, &room);
    for (size_t i = 0; i < n && !f->failed; i++) {
        struct day_sum sum = {.day = row->day, .counts = {.total = messages}};
        if (parts[i].counts)
            sum.counts.failed = sum.counts.by_fate[v->fate] = messages;
        if (row->trust.trust == TRUST_verified)
            sum.sure = sum.counts;
        count(f, &parts[i], &sum);
    }
}

static int by_key(const void *a, const void *b)
{
    const struct figure *x = *(const struct figure *const *)a, *y = *(const struct figure *const *)b;
    if (x->key.sender != y->key.sender)
        return x->key.sender < y->key.sender ? -1 : 1;
    return sv_cmp(x->key.text, y->key.text);
}

const struct figure **figures_list(const struct figures *f, enum figure_kind kind, arena *a, size_t *n)
{
    const struct figure **list = arena_array(a, f->table.n_used, sizeof(struct figure *));
    *n = 0;
    for (size_t i = 0; list && i < f->table.n_slots; i++) {
        const struct figure *figure = (const struct figure *)f->table.slots[i];
        if (figure && figure->key.kind == kind)
            list[(*n)++] = figure;
    }
    if (list && *n > 1)
        qsort(list, *n, sizeof(struct figure *), by_key);
    return list;
}

uint64_t figure_share(uint64_t part, uint64_t whole)
{
    enum { ALL = 10000 };
    if (whole == 0)
        return 0;
    return part <= UINT64_MAX / ALL ? part * ALL / whole : part / (whole / ALL);
}

struct day_sum figure_sum(const struct figure *f, int64_t first, int64_t last)
{
    struct day_sum sum = {.day = last};
    for (size_t i = 0; i < f->days.n; i++) {
        if (f->days.p[i].day < first || f->days.p[i].day > last)
            continue;
        counts_add(&sum.counts, &f->days.p[i].counts);
        counts_add(&sum.sure, &f->days.p[i].sure);
    }
    return sum;
}
