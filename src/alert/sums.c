#include "sums.h"

#include <stdlib.h>

#include "base/num.h"

/* The configuration's hash is as good as secret: who sends reports cannot choose the places of entries. */
void sums_init(struct sums *s, const struct config *cfg)
{
    *s = (struct sums){.config = cfg};
    s->sources.cap = cfg->limits.domain_networks;
    memcpy(&s->hash_key, cfg->hash, sizeof s->hash_key);
}

static void free_source(void *ctx, struct table_entry *e)
{
    (void)ctx;
    struct source *source = (struct source *)e;
    free(source->days.p);
    free(source);
}

void sums_free(struct sums *s)
{
    table_free(&s->sources, free_source, NULL);
}

void counts_add(struct counts *to, const struct counts *from)
{
    to->total = sat_add(to->total, from->total);
    to->failed = sat_add(to->failed, from->failed);
    for (size_t i = 0; i < FATE_END; i++)
        to->by_fate[i] = sat_add(to->by_fate[i], from->by_fate[i]);
}

/* Place of the day, or where it belongs. Rows mostly come in the order of days. */
static size_t day_place(const struct days *d, int64_t day)
{
    size_t low = 0, high = d->n;
    if (d->n > 0 && d->p[d->n - 1].day < day)
        return d->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (d->p[mid].day < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool days_grow(struct days *d)
{
    if (d->n < d->cap)
        return true;
    size_t cap = d->cap ? 2 * d->cap : 4;
    struct day_sum *p = realloc(d->p, cap * sizeof *p);
    if (!p)
        return false;
    d->p = p;
    d->cap = cap;
    return true;
}

bool days_add(struct days *d, const struct day_sum *sum)
{
    size_t at = day_place(d, sum->day);
    if (at < d->n && d->p[at].day == sum->day) {
        counts_add(&d->p[at].counts, &sum->counts);
        counts_add(&d->p[at].sure, &sum->sure);
        return true;
    }
    if (!days_grow(d))
        return false;
    memmove(&d->p[at + 1], &d->p[at], (d->n - at) * sizeof *d->p);
    d->p[at] = *sum;
    d->n++;
    return true;
}

static uint64_t key_hash(const struct sums *s, const struct source_key *key)
{
    uint8_t octets[sizeof key->sender + 2 + sizeof key->net.ip];
    memcpy(octets, &key->sender, sizeof key->sender);
    octets[sizeof key->sender] = key->wide;
    octets[sizeof key->sender + 1] = (uint8_t)key->rule;
    memcpy(octets + sizeof key->sender + 2, &key->net.ip, sizeof key->net.ip);
    return siphash(&s->hash_key, sv_of(octets, sizeof octets));
}

static bool same_source(const struct table_entry *e, const void *key)
{
    const struct source_key *a = &((const struct source *)e)->key, *b = key;
    return a->rule == b->rule && a->sender == b->sender && a->wide == b->wide && a->net.bits == b->net.bits &&
           ip_cmp(&a->net.ip, &b->net.ip) == 0;
}

static struct source *find(const struct sums *s, const struct source_key *key)
{
    return (struct source *)table_find(&s->sources, key_hash(s, key), same_source, key);
}

static struct source_key wide_key(const struct source_key *key)
{
    return (struct source_key){.rule = key->rule, .sender = key->sender, .wide = true};
}

static struct source *make(struct sums *s, const struct source_key *key)
{
    struct source *new = calloc(1, sizeof *new);
    if (!new)
        return NULL;
    new->head = (struct table_entry){key_hash(s, key), key->wide};
    new->key = *key;
    new->group = SIZE_MAX;
    if (table_put(&s->sources, &new->head))
        return new;
    free(new);
    return NULL;
}

/* The wide one beside the source of that key. */
static struct source *wide_source(struct sums *s, const struct source_key *beside)
{
    struct source_key key = wide_key(beside);
    struct source *found = find(s, &key);
    return found ? found : make(s, &key);
}

/* The source of a key; a network that is not taken any more is its sender's wide one. */
static struct source *find_or_make(struct sums *s, const struct source_key *key)
{
    struct source *found = find(s, key);
    if (found)
        return found;
    return key->wide || !table_takes(&s->sources, key_hash(s, key)) ? wide_source(s, key) : make(s, key);
}

/* Networks dropped by the table, until their sums are in the wide sources. */
struct dropped {
    struct source **p;
    size_t n, cap;
};

static void collect(void *ctx, struct table_entry *e)
{
    struct dropped *d = ctx;
    d->p[d->n++] = (struct source *)e;
}

static bool fold(struct sums *s, const struct source *from)
{
    struct source *to = wide_source(s, &from->key);
    for (size_t i = 0; to && i < from->days.n; i++) {
        if (!days_add(&to->days, &from->days.p[i]))
            return false;
    }
    return to != NULL;
}

static bool thin(struct sums *s)
{
    struct dropped d = {calloc(s->sources.n_counted + 1, sizeof(struct source *)), 0, 0};
    if (!d.p)
        return false;
    bool ok = table_thin(&s->sources, collect, &d);
    for (size_t i = 0; i < d.n; i++) {
        ok = ok && fold(s, d.p[i]);
        free_source(NULL, &d.p[i]->head);
    }
    free(d.p);
    return ok;
}

/* Where a row of a class belongs: what does not count needs no network. */
static struct source_key key_of(struct row_class class, const struct row *row, const struct verdict *v)
{
    struct source_key key = {.rule = class.rule, .sender = SIZE_MAX};
    if (rule_standard(class.rule)->subject == SUBJECT_sender)
        key.sender = v->sender;
    if (!class.counts)
        return wide_key(&key);
    key.net = ip_neighbourhood(&row->record.source_ip);
    return key;
}

void sums_add(void *sums, const struct row *row, const struct verdict *v)
{
    struct sums *s = sums;
    struct row_class class = row_class(s->config, row, v);
    if (s->failed || class.rule == RULE_END)
        return;
    struct source_key key = key_of(class, row, v);
    struct source *source = find_or_make(s, &key);
    uint64_t count = row->record.count;
    struct day_sum sum = {.day = row->day, .counts = {.total = count}};
    if (class.counts)
        sum.counts.failed = sum.counts.by_fate[v->fate] = count;
    if (row->trust.trust == TRUST_verified)
        sum.sure = sum.counts;
    s->failed =
        !source || !days_add(&source->days, &sum) || (s->sources.n_counted > s->sources.cap && !thin(s));
}

struct source *sums_find(const struct sums *s, struct row_class class, const struct row *row,
                         const struct verdict *v)
{
    struct source_key key = key_of(class, row, v);
    struct source *found = find(s, &key);
    if (found)
        return found;
    key = wide_key(&key);
    return find(s, &key);
}
