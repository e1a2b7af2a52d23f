#include "votes.h"

#include <stdlib.h>

#include "base/num.h"
#include "class.h"

enum { PCT_ALL = 100 };

void votes_init(struct votes *v, const struct config *c)
{
    *v = (struct votes){.config = c, .last_report = INT64_MIN};
    v->table.cap = c->limits.policy_votes;
    memcpy(&v->hash_key, c->hash, sizeof v->hash_key);
}

static void free_vote(void *ctx, struct table_entry *e)
{
    (void)ctx;
    free(e);
}

void votes_free(struct votes *v)
{
    table_free(&v->table, free_vote, NULL);
}

static bool same_vote(const struct table_entry *e, const void *key)
{
    return ((const struct vote *)e)->report == *(const int64_t *)key;
}

static int16_t known(struct word w)
{
    return w.v > WORD_UNKNOWN ? w.v : VOTE_NONE;
}

/* testing=y takes the edge off the policy, so it is the less strict value. */
static int16_t testing_of(struct word w)
{
    return w.v == TESTING_YES ? 0 : w.v == TESTING_NO ? 1 : VOTE_NONE;
}

static void read_values(const struct policy_published *p, int16_t values[POLICY_FIELDS])
{
    uint64_t pct;
    values[FIELD_P] = known(p->p);
    values[FIELD_SP] = p->sp.v == POLICY_ABSENT ? values[FIELD_P] : known(p->sp);
    values[FIELD_NP] = known(p->np);
    values[FIELD_ADKIM] = known(p->adkim);
    values[FIELD_ASPF] = known(p->aspf);
    values[FIELD_PCT] = num_u64(p->pct, PCT_ALL, &pct) ? (int16_t)pct : VOTE_NONE;
    values[FIELD_TESTING] = testing_of(p->testing);
}

static struct vote *make(const struct row *row, uint64_t hash)
{
    struct vote *new = malloc(sizeof *new + row->reporter.n);
    if (new == NULL)
        return NULL;
    *new = (struct vote){.head = {hash, false},
                         .report = row->report,
                         .end = row->end,
                         .received = row->received,
                         .verified = row->trust.trust == TRUST_verified};
    if (row->reporter.n) {
        memcpy(new + 1, row->reporter.p, row->reporter.n);
        new->reporter = sv_of((const char *)(new + 1), row->reporter.n);
    }
    read_values(&row->policy, new->values);
    return new;
}

void votes_add(void *votes, const struct row *row, const struct verdict *verdict)
{
    struct votes *v = votes;
    if (v->failed || row->report == v->last_report || row_is_passed_over(v->config, row, verdict))
        return;
    v->last_report = row->report;
    uint64_t hash = siphash(&v->hash_key, sv_of(&row->report, sizeof row->report));
    if (table_find(&v->table, hash, same_vote, &row->report) || !table_takes(&v->table, hash))
        return;
    struct vote *new = make(row, hash);
    if (new && !table_put(&v->table, &new->head)) {
        free(new);
        new = NULL;
    }
    v->failed = new == NULL || !table_thin(&v->table, free_vote, NULL);
}

bool votes_same_reporter(const struct vote *a, const struct vote *b)
{
    return a->verified == b->verified && sv_eq(a->reporter, b->reporter);
}

static int by_reporter_and_time(const void *a, const void *b)
{
    const struct vote *x = *(struct vote *const *)a, *y = *(struct vote *const *)b;
    int c = sv_cmp(x->reporter, y->reporter);
    c = c ? c : x->verified - y->verified;
    c = c ? c : (x->end > y->end) - (x->end < y->end);
    return c ? c : (x->report > y->report) - (x->report < y->report);
}

bool votes_sort(struct votes *v, arena *a)
{
    v->sorted = v->failed ? NULL : arena_array(a, v->table.n_used, sizeof(struct vote *));
    if (v->sorted == NULL)
        return false;
    for (size_t i = 0; i < v->table.n_slots; i++)
        if (v->table.slots[i])
            v->sorted[v->n++] = (struct vote *)v->table.slots[i];
    if (v->n > 1)
        qsort(v->sorted, v->n, sizeof(struct vote *), by_reporter_and_time);
    return true;
}

static const struct {
    sv tag;
    enum word_list list; /* WORD_LIST_END: a number */
} fields[POLICY_FIELDS] = {
    [FIELD_P] = {SV_INIT("p"), POLICY_LIST},          [FIELD_SP] = {SV_INIT("sp"), POLICY_LIST},
    [FIELD_NP] = {SV_INIT("np"), POLICY_LIST},        [FIELD_ADKIM] = {SV_INIT("adkim"), ALIGNMENT_LIST},
    [FIELD_ASPF] = {SV_INIT("aspf"), ALIGNMENT_LIST}, [FIELD_PCT] = {SV_INIT("pct"), WORD_LIST_END},
    [FIELD_TESTING] = {SV_INIT("t"), TESTING_LIST},
};

static sv value_text(arena *a, enum policy_field f, int16_t value)
{
    if (fields[f].list == WORD_LIST_END)
        return arena_printf(a, "%d", value);
    if (f == FIELD_TESTING)
        return value ? SV("n") : SV("y");
    return word_text(fields[f].list, (struct word){.v = (uint8_t)value});
}

sv votes_text(arena *a, const int16_t values[POLICY_FIELDS])
{
    sv all = SV("");
    for (unsigned f = 0; f < POLICY_FIELDS; f++) {
        if (values[f] == VOTE_NONE)
            continue;
        sv value = value_text(a, f, values[f]);
        all = arena_printf(a, "%.*s%s%.*s=%.*s", SV_ARG(all), all.n ? " " : "", SV_ARG(fields[f].tag),
                           SV_ARG(value));
    }
    return all;
}

static int16_t value_of(enum policy_field f, sv text)
{
    uint64_t number;
    if (fields[f].list == WORD_LIST_END)
        return num_u64(text, PCT_ALL, &number) ? (int16_t)number : VOTE_NONE;
    struct word w = word_read(fields[f].list, text);
    return f == FIELD_TESTING ? testing_of(w) : known(w);
}

void votes_read(sv text, int16_t values[POLICY_FIELDS])
{
    sv part, tag;
    for (unsigned f = 0; f < POLICY_FIELDS; f++)
        values[f] = VOTE_NONE;
    while (sv_split(&text, ' ', &part)) {
        if (!sv_split(&part, '=', &tag))
            continue;
        for (unsigned f = 0; f < POLICY_FIELDS; f++)
            if (sv_eq(tag, fields[f].tag))
                values[f] = value_of(f, part);
    }
}
