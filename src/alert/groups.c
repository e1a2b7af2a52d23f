#include "groups.h"

#include "episode.h"
#include "life.h"

#include <stdlib.h>

/* A source under a rule, with the incident it belongs to. */
struct member {
    struct source *source;
    const struct incident *was;
};

struct owner {
    struct cidr net;
    const struct incident *incident;
};

struct owners {
    struct owner *p;
    size_t n;
};

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Which of two incidents a source belongs to: the one that goes on, else the later. */
static int better(const struct incident *a, const struct incident *b)
{
    if (a->state != b->state)
        return a->state == INCIDENT_firing ? -1 : 1;
    if (a->last_day != b->last_day)
        return a->last_day > b->last_day ? -1 : 1;
    return memcmp(a->id, b->id, sizeof a->id);
}

static int by_net(const void *a, const void *b)
{
    const struct owner *x = a, *y = b;
    int c = cidr_cmp(&x->net, &y->net);
    return c ? c : better(x->incident, y->incident);
}

/* Networks of all incidents of the rules whose incidents go by network. */
static bool owners_build(struct owners *o, const struct alert_case *c, arena *a)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_incidents; i++)
        n += c->incidents[i].n_networks;
    *o = (struct owners){arena_array(a, n, sizeof *o->p), 0};
    for (size_t i = 0; o->p && i < c->n_incidents; i++) {
        const struct incident *in = &c->incidents[i];
        if (rule_standard(in->rule)->subject == SUBJECT_sender)
            continue;
        for (size_t k = 0; k < in->n_networks; k++)
            o->p[o->n++] = (struct owner){in->networks[k], in};
    }
    if (o->p && o->n > 1)
        qsort(o->p, o->n, sizeof *o->p, by_net);
    return o->p != NULL;
}

static const struct incident *owner_of(const struct owners *o, enum rule_id rule, const struct cidr *net)
{
    size_t low = 0, high = o->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (cidr_cmp(&o->p[mid].net, net) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < o->n && cidr_cmp(&o->p[low].net, net) == 0; low++) {
        if (o->p[low].incident->rule == rule)
            return o->p[low].incident;
    }
    return NULL;
}

static const struct incident *named(const struct alert_case *c, enum rule_id rule, sv subject)
{
    const struct incident *best = NULL;
    for (size_t i = 0; i < c->n_incidents; i++) {
        const struct incident *in = &c->incidents[i];
        if (in->rule == rule && sv_eq(in->subject, subject) && (!best || better(in, best) < 0))
            best = in;
    }
    return best;
}

static const struct incident *incident_of(const struct alert_case *c, const struct owners *o,
                                          const struct source *s)
{
    enum rule_id rule = s->key.rule;
    if (s->key.sender != SIZE_MAX)
        return named(c, rule, c->config->senders[s->key.sender].name);
    return s->key.wide ? named(c, rule, SUBJECT_REST) : owner_of(o, rule, &s->key.net);
}

static int by_source(const struct source_key *a, const struct source_key *b)
{
    int c = compare(a->sender, b->sender);
    if (c == 0)
        c = compare(a->wide, b->wide);
    return c ? c : cidr_cmp(&a->net, &b->net);
}

/* Members of one group stand together, groups in a fixed order. */
static int by_group(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int c = compare(x->source->key.rule, y->source->key.rule);
    if (c == 0 && x->was != y->was)
        c = !x->was ? 1 : !y->was ? -1 : memcmp(x->was->id, y->was->id, sizeof x->was->id);
    return c ? c : by_source(&x->source->key, &y->source->key);
}

static bool same_group(const struct member *a, const struct member *b)
{
    if (a->source->key.rule != b->source->key.rule || a->was != b->was)
        return false;
    return a->was || (a->source->key.sender != SIZE_MAX && a->source->key.sender == b->source->key.sender);
}

static struct member *members_of(struct sums *s, const struct alert_case *c, arena *a, size_t *n)
{
    struct owners owners;
    struct member *m = arena_array(a, s->sources.n_used, sizeof *m);
    *n = 0;
    if (!m || !owners_build(&owners, c, a))
        return NULL;
    for (size_t i = 0; i < s->sources.n_slots; i++) {
        struct source *source = (struct source *)s->sources.slots[i];
        if (source)
            m[(*n)++] = (struct member){source, incident_of(c, &owners, source)};
    }
    if (*n > 1)
        qsort(m, *n, sizeof *m, by_group);
    return m;
}

static sv subject_of(const struct member *m, const struct alert_case *c, arena *a)
{
    char text[CIDR_TEXT];
    const struct source_key *key = &m->source->key;
    if (m->was)
        return m->was->subject;
    if (key->sender != SIZE_MAX)
        return c->config->senders[key->sender].name;
    return key->wide ? SUBJECT_REST : arena_sv(a, sv_c(cidr_text(&key->net, text)));
}

static bool add_member(struct group *g, const struct member *m)
{
    if (!m->source->key.wide)
        g->networks[g->n_networks++] = m->source->key.net;
    for (size_t i = 0; i < m->source->days.n; i++) {
        if (!days_add(&g->days, &m->source->days.p[i]))
            return false;
    }
    return true;
}

static bool owns_one_of(const struct incident *in, const struct group *g)
{
    for (size_t i = 0; i < in->n_networks; i++)
        for (size_t k = 0; k < g->n_networks; k++)
            if (cidr_cmp(&in->networks[i], &g->networks[k]) == 0)
                return true;
    return false;
}

static bool is_taken(const struct groups *g, const struct incident *in)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->p[i].was == in)
            return true;
    return false;
}

/* A sender that got another name while its mail fails: the incident goes on under the new one. */
static void adopt(struct groups *g, const struct alert_case *c)
{
    for (size_t i = 0; i < g->n; i++) {
        struct group *one = &g->p[i];
        for (size_t k = 0; one->sender != SIZE_MAX && !one->was && k < c->n_incidents; k++) {
            const struct incident *in = &c->incidents[k];
            if (in->rule == one->rule && life_is_orphan(c, in) && owns_one_of(in, one) && !is_taken(g, in))
                one->was = in;
        }
    }
}

bool groups_build(struct groups *g, struct sums *s, const struct alert_case *c, arena *a)
{
    size_t n;
    *g = (struct groups){0};
    struct member *m = members_of(s, c, a, &n);
    struct cidr *networks = arena_array(a, n, sizeof *networks);
    g->p = arena_array(a, n + 1, sizeof *g->p);
    if (!m || !networks || !g->p)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !same_group(&m[i - 1], &m[i]))
            g->p[g->n++] = (struct group){.rule = m[i].source->key.rule,
                                          .sender = m[i].source->key.sender,
                                          .was = m[i].was,
                                          .subject = subject_of(&m[i], c, a),
                                          .networks = networks + i,
                                          .item = SIZE_MAX,
                                          .into = SIZE_MAX};
        if (!add_member(&g->p[g->n - 1], &m[i]))
            return false;
        m[i].source->group = g->n - 1;
    }
    adopt(g, c);
    return !a->failed;
}

/* One that alone is as large as all that was told of the botnet is a thing of its own. */
static bool belongs(const struct group *g, const struct incident *botnet, bool is_new)
{
    if (g->rule != RULE_unknown_source)
        return false;
    if (sv_eq(g->subject, SUBJECT_REST) || (botnet && g->was == botnet))
        return true;
    bool goes_on = botnet && botnet->state == INCIDENT_firing;
    return is_new &&
           (!goes_on || episode_counts(&g->days, INT64_MIN, INT64_MAX).failed <= botnet->told_failed);
}

static bool take_in(struct groups *g, size_t i)
{
    struct group *all = &g->p[g->n], *one = &g->p[i];
    for (size_t k = 0; k < one->days.n; k++) {
        if (!days_add(&all->days, &one->days.p[k]))
            return false;
    }
    if (one->n_networks > 0)
        memcpy(all->networks + all->n_networks, one->networks, one->n_networks * sizeof *one->networks);
    all->n_networks += one->n_networks;
    one->into = g->n;
    return true;
}

bool groups_join_botnet(struct groups *g, const struct alert_case *c, const bool *is_new, arena *a)
{
    const struct incident *botnet = named(c, RULE_unknown_source, SUBJECT_REST);
    size_t begin = 0, networks = 0;
    for (size_t i = 0; i < g->n; i++) {
        begin += is_new[i] && g->p[i].rule == RULE_unknown_source;
        networks += g->p[i].n_networks;
    }
    if (begin <= ALERT_BOTNET && !(botnet && botnet->state == INCIDENT_firing))
        return true;
    struct group *all = &g->p[g->n];
    *all = (struct group){.rule = RULE_unknown_source,
                          .sender = SIZE_MAX,
                          .was = botnet,
                          .subject = SUBJECT_REST,
                          .networks = arena_array(a, networks, sizeof *all->networks),
                          .item = SIZE_MAX,
                          .into = SIZE_MAX};
    bool ok = all->networks != NULL;
    for (size_t i = 0; ok && i < g->n; i++) {
        if (belongs(&g->p[i], botnet, is_new[i]))
            ok = take_in(g, i);
    }
    g->n++;
    return ok;
}

void groups_free(struct groups *g)
{
    for (size_t i = 0; i < g->n; i++)
        free(g->p[i].days.p);
    *g = (struct groups){0};
}
