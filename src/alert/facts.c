#include "facts.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/utf8.h"
#include "model/domain.h"

enum fact_kind { FACT_SOURCE, FACT_REPORTER, FACT_SPF, FACT_DKIM, FACT_HEADER_FROM, FACT_VIA, FACT_KINDS };

enum { WORD_SHOWN = 64 };

struct fact {
    struct table_entry head;
    size_t item;
    enum fact_kind kind;
    struct ip ip;       /* FACT_SOURCE */
    sv a, b;            /* name or domain, selector */
    struct word result; /* FACT_SPF, FACT_DKIM */
    bool ours;
    bool verified; /* FACT_REPORTER; then b is the domain it came through */
    struct counts counts;
};

bool facts_init(struct facts *f, const struct sums *s, const struct groups *g, const struct survey *survey,
                struct notice_item *items, size_t n_items, arena *a)
{
    *f = (struct facts){.sums = s,
                        .groups = g,
                        .survey = survey,
                        .config = s->config,
                        .items = items,
                        .hash_key = s->hash_key};
    f->table.cap = s->config->limits.notice_facts;
    f->newest = arena_array(a, n_items, sizeof *f->newest);
    for (size_t i = 0; f->newest && i < n_items; i++)
        f->newest[i] = (struct newest){INT64_MIN, INT64_MIN, INT64_MIN};
    return f->newest != NULL;
}

static void free_fact(void *ctx, struct table_entry *e)
{
    (void)ctx;
    free(e);
}

void facts_free(struct facts *f)
{
    table_free(&f->table, free_fact, NULL);
}

static uint64_t hash_on(const struct facts *f, uint64_t hash, sv text)
{
    struct siphash_key key = {{f->hash_key.k[0] ^ hash, f->hash_key.k[1]}};
    return siphash(&key, text);
}

static uint64_t fact_hash(const struct facts *f, const struct fact *k)
{
    const uint64_t fixed[] = {k->item, k->kind, k->result.v, k->verified};
    uint64_t hash = siphash(&f->hash_key, sv_of(fixed, sizeof fixed));
    hash = hash_on(f, hash, sv_of(&k->ip, sizeof k->ip));
    hash = hash_on(f, hash, k->a);
    hash = hash_on(f, hash, k->b);
    return hash_on(f, hash, k->result.raw);
}

static bool same_fact(const struct table_entry *e, const void *key)
{
    const struct fact *x = (const struct fact *)e, *y = key;
    return x->item == y->item && x->kind == y->kind && ip_cmp(&x->ip, &y->ip) == 0 && sv_eq(x->a, y->a) &&
           sv_eq(x->b, y->b) && x->verified == y->verified && x->result.v == y->result.v &&
           sv_eq(x->result.raw, y->result.raw);
}

static sv put_text(char **to, sv text)
{
    if (text.n == 0)
        return SV_ABSENT;
    memcpy(*to, text.p, text.n);
    sv out = sv_of(*to, text.n);
    *to += text.n;
    return out;
}

/* A copy with its texts behind it. */
static struct fact *fact_copy(const struct fact *k)
{
    struct fact *new = malloc(sizeof *new + k->a.n + k->b.n + k->result.raw.n);
    if (!new)
        return NULL;
    char *texts = (char *)(new + 1);
    *new = *k;
    new->a = put_text(&texts, k->a);
    new->b = put_text(&texts, k->b);
    new->result.raw = put_text(&texts, k->result.raw);
    return new;
}

/* Adds the key's counts to the fact with that key. */
static void count(struct facts *f, struct fact *key)
{
    key->head = (struct table_entry){fact_hash(f, key), false};
    struct fact *found = (struct fact *)table_find(&f->table, key->head.hash, same_fact, key);
    if (found) {
        counts_add(&found->counts, &key->counts);
        return;
    }
    if (f->failed || !table_takes(&f->table, key->head.hash))
        return;
    struct fact *new = fact_copy(key);
    if (new && !table_put(&f->table, &new->head)) {
        free(new);
        new = NULL;
    }
    f->failed = !new || !table_thin(&f->table, free_fact, NULL);
}

/* Room for the comparable forms of a result's texts. */
struct lowered {
    char domain[DOMAIN_MAX + 1], selector[DOMAIN_MAX + 1], raw[WORD_SHOWN];
};

static sv lower(char *room, size_t max, sv text)
{
    text = utf8_cut(text, max);
    for (size_t i = 0; i < text.n; i++)
        room[i] = ascii_lower(text.p[i]);
    return sv_of(room, text.n);
}

static void count_result(struct facts *f, struct fact key, enum fact_kind kind, sv domain, sv selector,
                         struct word result, sv policy_domain)
{
    struct lowered room;
    key.kind = kind;
    key.a = lower(room.domain, DOMAIN_MAX, domain);
    key.b = lower(room.selector, DOMAIN_MAX, selector);
    key.result = (struct word){result.v, lower(room.raw, sizeof room.raw, result.raw)};
    key.ours = domain_is_plain(key.a) && domain_is_related(key.a, policy_domain);
    count(f, &key);
}

static void count_name(struct facts *f, struct fact key, enum fact_kind kind, sv name)
{
    key.kind = kind;
    key.a = name;
    count(f, &key);
}

/* Somebody who only says that he is a reporter is not that reporter: they are told apart. */
static void count_reporter(struct facts *f, struct fact key, const struct row *row)
{
    const struct trust_verdict *t = &row->trust;
    key.kind = FACT_REPORTER;
    key.a = utf8_cut(row->reporter, f->config->limits.text_shown);
    key.verified = t->trust == TRUST_verified;
    key.b = key.verified && t->sender != TRUST_SENDER_own ? t->domain : SV_ABSENT;
    count(f, &key);
}

static void count_evidence(struct facts *f, const struct fact *key, const struct row *row,
                           const struct verdict *v)
{
    const struct record *r = &row->record;
    struct lowered room;
    for (size_t i = 0; i < r->n_spfs; i++)
        count_result(f, *key, FACT_SPF, r->spfs[i].domain, SV_ABSENT, r->spfs[i].result, row->domain);
    for (size_t i = 0; i < r->n_dkims; i++) {
        const struct dkim_auth *d = &r->dkims[i];
        if (d->result.v != DKIM_NONE || d->domain.n > 0)
            count_result(f, *key, FACT_DKIM, d->domain, d->selector, d->result, row->domain);
    }
    sv from = r->header_from.n > 0 ? r->header_from : row->domain;
    count_name(f, *key, FACT_HEADER_FROM, lower(room.domain, DOMAIN_MAX, from));
    count_reporter(f, *key, row);
    if (v->via != SIZE_MAX)
        count_name(f, *key, FACT_VIA, f->config->senders[v->via].name);
}

static void count_source(struct facts *f, struct fact key, const struct row *row)
{
    key.kind = FACT_SOURCE;
    key.ip = row->record.source_ip;
    count(f, &key);
}

static bool is_newer(const struct newest *a, const struct newest *b)
{
    if (a->end != b->end)
        return a->end > b->end;
    return a->received != b->received ? a->received > b->received : a->report > b->report;
}

static void note_report(struct notice_item *item, struct newest *newest, const struct row *row)
{
    struct newest this = {row->end, row->received, row->report};
    if (row->received > item->reported)
        item->reported = row->received;
    if (!is_newer(&this, newest))
        return;
    *newest = this;
    item->p = row->policy.p.v;
    item->sp = row->policy.sp.v;
    item->testing = row->policy.testing.v == TESTING_YES;
}

static void add_failed(struct facts *f, size_t i, const struct row *row, const struct verdict *v)
{
    struct notice_item *item = &f->items[i];
    uint64_t n = row->record.count;
    struct fact key = {.item = i, .counts = {.total = n, .failed = n}};
    key.counts.by_fate[v->fate] = n;
    item->dkim[v->dkim] = sat_add(item->dkim[v->dkim], n);
    item->spf[v->spf] = sat_add(item->spf[v->spf], n);
    item->unclear = sat_add(item->unclear, v->unclear ? n : 0);
    item->verified = item->verified || row->trust.trust == TRUST_verified;
    note_report(item, &f->newest[i], row);
    count_source(f, key, row);
    count_evidence(f, &key, row, v);
}

/* The first part of the row that is of the finding, or NULL. */
static const struct figure_part *part_of(const struct finding *f, const struct figure_part *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct figure_key *k = &parts[i].key;
        if (k->kind == f->of.kind && k->sender == f->of.sender &&
            (!f->of.text.p || sv_eq(k->text, f->of.text)))
            return &parts[i];
    }
    return NULL;
}

static void add_passed(struct notice_item *item, const struct row *row, const struct verdict *v)
{
    item->dkim_passed = sat_add(item->dkim_passed, v->dkim == LEG_PASSED ? row->record.count : 0);
    item->spf_passed = sat_add(item->spf_passed, v->spf == LEG_PASSED ? row->record.count : 0);
}

/* A row may be a fact of several findings. */
static void add_to_findings(struct facts *f, const struct row *row, const struct verdict *v)
{
    struct figure_part parts[FIGURE_PARTS];
    struct figure_room room;
    size_t n = f->survey->n ? figure_parts(f->config, row, v, parts, &room) : 0;
    for (size_t i = 0; n && i < f->survey->n; i++) {
        const struct finding *finding = &f->survey->list[i];
        if (finding->item == SIZE_MAX || row->day < finding->first_day || row->day > finding->last_day)
            continue;
        const struct figure_part *part = part_of(finding, parts, n);
        if (part && part->counts)
            add_failed(f, finding->item, row, v);
        else if (part)
            add_passed(&f->items[finding->item], row, v);
    }
}

static void add_to_group(struct facts *f, struct row_class class, const struct row *row,
                         const struct verdict *v)
{
    const struct source *source = sums_find(f->sums, class, row, v);
    const struct group *group = source && source->group != SIZE_MAX ? &f->groups->p[source->group] : NULL;
    if (group && group->into != SIZE_MAX)
        group = &f->groups->p[group->into];
    size_t i = group ? group->item : SIZE_MAX;
    if (i == SIZE_MAX || row->day < f->items[i].first_day || row->day > f->items[i].last_day)
        return;
    if (class.counts) {
        add_failed(f, i, row, v);
        return;
    }
    add_passed(&f->items[i], row, v);
}

void facts_add(void *facts, const struct row *row, const struct verdict *v)
{
    struct facts *f = facts;
    if (f->failed)
        return;
    struct row_class class = row_class(f->config, row, v);
    if (class.rule != RULE_END)
        add_to_group(f, class, row, v);
    add_to_findings(f, row, v);
}

/* By item and kind; most messages first, then by text, so that the order is always the same. */
static int by_weight(const void *a, const void *b)
{
    const struct fact *x = *(struct fact *const *)a, *y = *(struct fact *const *)b;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->counts.failed != y->counts.failed)
        return x->counts.failed > y->counts.failed ? -1 : 1;
    int c = sv_cmp(x->a, y->a);
    c = c ? c : sv_cmp(x->b, y->b);
    c = c ? c : y->verified - x->verified;
    c = c ? c : x->result.v - y->result.v;
    c = c ? c : sv_cmp(x->result.raw, y->result.raw);
    return c ? c : ip_cmp(&x->ip, &y->ip);
}

static struct word copy_word(arena *a, struct word w)
{
    return (struct word){w.v, arena_sv(a, w.raw)};
}

static void finish_sources(struct notice_item *item, struct fact **facts, size_t n, size_t all, arena *a)
{
    item->sources = arena_array(a, n, sizeof *item->sources);
    item->n_sources = item->sources ? n : 0;
    item->all_sources = all;
    for (size_t i = 0; i < item->n_sources; i++)
        item->sources[i] = (struct notice_source){facts[i]->ip, facts[i]->counts};
}

static void finish_reporters(struct notice_item *item, struct fact **facts, size_t n, size_t all, arena *a)
{
    item->reporters = arena_array(a, n, sizeof *item->reporters);
    item->n_reporters = item->reporters ? n : 0;
    item->all_reporters = all;
    for (size_t i = 0; i < item->n_reporters; i++)
        item->reporters[i] = (struct notice_reporter){
            .name = arena_sv(a, facts[i]->a),
            .messages = facts[i]->counts.failed,
            .verified = facts[i]->verified,
            .through = arena_sv(a, facts[i]->b),
        };
}

static void finish_spfs(struct notice_item *item, struct fact **facts, size_t n, size_t all, arena *a)
{
    item->spfs = arena_array(a, n, sizeof *item->spfs);
    item->n_spfs = item->spfs ? n : 0;
    item->all_spfs = all;
    for (size_t i = 0; i < item->n_spfs; i++)
        item->spfs[i] = (struct notice_spf){arena_sv(a, facts[i]->a), copy_word(a, facts[i]->result),
                                            facts[i]->ours, facts[i]->counts.failed};
}

static void finish_dkims(struct notice_item *item, struct fact **facts, size_t n, size_t all, arena *a)
{
    item->dkims = arena_array(a, n, sizeof *item->dkims);
    item->n_dkims = item->dkims ? n : 0;
    item->all_dkims = all;
    for (size_t i = 0; i < item->n_dkims; i++)
        item->dkims[i] =
            (struct notice_dkim){arena_sv(a, facts[i]->a), arena_sv(a, facts[i]->b),
                                 copy_word(a, facts[i]->result), facts[i]->ours, facts[i]->counts.failed};
}

static void finish_header_froms(struct notice_item *item, struct fact **facts, size_t n, size_t all, arena *a)
{
    item->header_froms = arena_array(a, n, sizeof *item->header_froms);
    item->n_header_froms = item->header_froms ? n : 0;
    item->all_header_froms = all;
    for (size_t i = 0; i < item->n_header_froms; i++)
        item->header_froms[i] = (struct notice_name){arena_sv(a, facts[i]->a), facts[i]->counts.failed};
}

static void finish_via(struct notice_item *item, struct fact **facts, size_t n, size_t all, arena *a)
{
    (void)all;
    if (n > 0)
        item->via = arena_sv(a, facts[0]->a);
}

typedef void finish_fn(struct notice_item *item, struct fact **facts, size_t n, size_t all, arena *a);

static finish_fn *const finishers[FACT_KINDS] = {finish_sources, finish_reporters,    finish_spfs,
                                                 finish_dkims,   finish_header_froms, finish_via};

bool facts_finish(struct facts *f, arena *a)
{
    const struct limits *l = &f->config->limits;
    struct fact **all = arena_array(a, f->table.n_used, sizeof(struct fact *));
    size_t n = 0;
    if (!all || f->failed)
        return false;
    for (size_t i = 0; i < f->table.n_slots; i++) {
        if (f->table.slots[i])
            all[n++] = (struct fact *)f->table.slots[i];
    }
    if (n > 1)
        qsort(all, n, sizeof(struct fact *), by_weight);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && all[end]->item == all[i]->item && all[end]->kind == all[i]->kind;)
            end++;
        uint64_t max = all[i]->kind == FACT_SOURCE ? l->notice_sources : l->notice_evidence;
        finishers[all[i]->kind](&f->items[all[i]->item], all + i, end - i > max ? max : end - i, end - i, a);
    }
    return !a->failed;
}
