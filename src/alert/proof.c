#include "proof.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/utf8.h"
#include "episode.h"

/* A reporter by the domain that vouches for it, else by the name that it gives itself. */
struct witness_key {
    size_t sender;
    bool verified;
    sv reporter;
};

struct witness {
    struct table_entry head;
    struct witness_key key;
    struct days days;
};

bool proofs_init(struct proofs *p, const struct alert_case *c, arena *a)
{
    *p = (struct proofs){.alert_case = c,
                         .of_sender = arena_array(a, c->config->n_senders, sizeof *p->of_sender)};
    p->reporters.cap = c->config->limits.proof_reporters;
    memcpy(&p->hash_key, c->config->hash, sizeof p->hash_key);
    if (!p->of_sender)
        return false;
    for (size_t i = 0; i < c->n_incidents; i++) {
        const struct incident *in = &c->incidents[i];
        if (in->rule != RULE_known_sender_failing || in->state != INCIDENT_firing)
            continue;
        for (size_t s = 0; s < c->config->n_senders; s++) {
            if (sv_eq(c->config->senders[s].name, in->subject)) {
                p->of_sender[s] = in;
                p->any = true;
            }
        }
    }
    return true;
}

static void free_witness(void *ctx, struct table_entry *e)
{
    (void)ctx;
    struct witness *w = (struct witness *)e;
    free(w->days.p);
    free(w);
}

void proofs_free(struct proofs *p)
{
    table_free(&p->reporters, free_witness, NULL);
}

static bool same_witness(const struct table_entry *e, const void *key)
{
    const struct witness *w = (const struct witness *)e;
    const struct witness_key *k = key;
    return w->key.sender == k->sender && w->key.verified == k->verified &&
           sv_eq(w->key.reporter, k->reporter);
}

static uint64_t hash_of(const struct proofs *p, const struct witness_key *k)
{
    struct siphash_key key = {{p->hash_key.k[0] ^ k->sender, p->hash_key.k[1] ^ k->verified}};
    return siphash(&key, k->reporter);
}

static struct witness *make(struct proofs *p, const struct witness_key *k, uint64_t hash)
{
    struct witness *w = calloc(1, sizeof *w + k->reporter.n);
    if (!w)
        return NULL;
    w->head = (struct table_entry){hash, false};
    if (k->reporter.n > 0)
        memcpy(w + 1, k->reporter.p, k->reporter.n);
    w->key = (struct witness_key){k->sender, k->verified, sv_of((const char *)(w + 1), k->reporter.n)};
    if (table_put(&p->reporters, &w->head))
        return w;
    free(w);
    return NULL;
}

static void count(struct proofs *p, const struct witness_key *key, const struct day_sum *sum)
{
    uint64_t hash = hash_of(p, key);
    struct witness *w = (struct witness *)table_find(&p->reporters, hash, same_witness, key);
    if (!w && !table_takes(&p->reporters, hash))
        return;
    if (!w)
        w = make(p, key, hash);
    p->failed = !w || !days_add(&w->days, sum) || !table_thin(&p->reporters, free_witness, NULL);
}

void proofs_add(void *proofs, const struct row *row, const struct verdict *v)
{
    struct proofs *p = proofs;
    if (!p->any || p->failed || v->who != WHO_known || v->sender == SIZE_MAX || !p->of_sender[v->sender])
        return;
    struct row_class class = row_class(p->alert_case->config, row, v);
    if (class.rule != RULE_known_sender_failing || row->day < p->of_sender[v->sender]->first_day)
        return;
    bool verified = row->trust.trust == TRUST_verified;
    sv reporter = verified ? row->trust.domain : row->reporter;
    struct witness_key key = {v->sender, verified,
                              utf8_cut(reporter, p->alert_case->config->limits.text_shown)};
    struct day_sum sum = {.day = row->day, .counts = {.total = row->record.count}};
    if (class.counts)
        sum.counts.failed = row->record.count;
    count(p, &key, &sum);
}

static bool passes(const struct rule *rule, const struct counts *day)
{
    return day->failed == 0 || day->failed < day->total / 10000 * rule->share_bp;
}

/* Of the days after the incident's last one; a failure behind a good day takes its proof away. */
static bool has_seen_it_pass(const struct witness *w, const struct rule *rule, int64_t last_day)
{
    uint64_t total = 0, n = 0;
    for (size_t i = 0; i < w->days.n && w->days.p[i].day <= last_day; i++, n++)
        total = sat_add(total, w->days.p[i].counts.total);
    for (size_t i = w->days.n; i-- > n && passes(rule, &w->days.p[i].counts);) {
        if (n > 0 && w->days.p[i].counts.total > 0 && w->days.p[i].counts.total >= total / n / 2)
            return true;
    }
    return false;
}

/* On the newest of its days since then at least half of what it saw fails, and no less than the rule minds of
 * a small source: it is not mended for that one. */
static bool sees_it_fail(const struct witness *w, const struct rule *rule, int64_t last_day)
{
    const struct day_sum *newest = w->days.n > 0 ? &w->days.p[w->days.n - 1] : NULL;
    return newest && newest->day > last_day && newest->counts.failed >= rule->small_messages &&
           newest->counts.failed > 0 && newest->counts.failed >= newest->counts.total / 2;
}

/* What some witnesses of a sender told of. */
struct told_of {
    uint64_t failed, proven; /* messages; those of reporters who have since seen it pass */
    bool fails_still;
};

static struct told_of told_by(const struct proofs *p, size_t sender, bool verified)
{
    const struct alert_case *c = p->alert_case;
    const struct rule rule = rule_in_force(c->config, c->entry, RULE_known_sender_failing);
    int64_t last_day = p->of_sender[sender]->last_day;
    struct told_of all = {0};
    for (size_t i = 0; i < p->reporters.n_slots; i++) {
        const struct witness *w = (const struct witness *)p->reporters.slots[i];
        if (!w || w->key.sender != sender || w->key.verified != verified)
            continue;
        struct counts of_it = episode_counts(&w->days, INT64_MIN, INT64_MAX);
        all.failed = sat_add(all.failed, of_it.failed);
        all.fails_still = all.fails_still || sees_it_fail(w, &rule, last_day);
        if (has_seen_it_pass(w, &rule, last_day))
            all.proven = sat_add(all.proven, of_it.failed);
    }
    return all;
}

bool proofs_done(const struct proofs *p, size_t sender)
{
    struct told_of by = told_by(p, sender, true);
    if (by.failed == 0)
        by = told_by(p, sender, false);
    return by.failed > 0 && !by.fails_still && by.proven >= by.failed - by.failed / 5;
}
