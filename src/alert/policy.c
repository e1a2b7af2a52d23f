#include "policy.h"

#include <stdlib.h>

#include "base/clock.h"
#include "news.h"

enum {
    VALUES = 101,     /* percent have most of them */
    ALONE_DAYS = 2,   /* between the first and the last report of a reporter that says it alone */
    STOOD_DAYS = 3,   /* so long a better policy has to stand, for each time that it fell */
    STOOD_MOST = 14,  /* days, however often it went to and fro */
    SILENT_DAYS = 16, /* a reporter that says no more is not waited for; those of a fortnight are */
    LAG = DAY_SECONDS /* by so much a report may be older than the change, and yet contradict nothing */
};

/* What one reporter says of one field. */
struct opinion {
    int16_t first, last; /* VOTE_NONE: nothing */
    int16_t worst;       /* of all that it said */
    unsigned falls;      /* how often it said less than before */
    int64_t since, end;  /* ends of the first and the last report of those that say `last` in a row */
    int64_t sure;        /* end of the first of these that is ALONE_DAYS later; INT64_MAX: none is */
};

struct reporter {
    sv name;
    bool verified;
    uint64_t reports;
    struct opinion of[POLICY_FIELDS];
};

struct hearing {
    struct reporter *p;
    size_t n;
    int64_t received; /* of the report that came last */
};

struct change {
    bool is;
    int16_t before, after;
    int64_t since, believed, last; /* since when it is said; from which report on it was believed */
};

struct finding {
    struct change of[POLICY_FIELDS];
    int16_t stand[POLICY_FIELDS]; /* what is published, as far as it is believed */
    int64_t newest;               /* end of the newest report */
    bool surely_gone;             /* verified reports alone say that p=none is published */
};

static void hear(struct opinion *o, int16_t value, int64_t end)
{
    if (value == VOTE_NONE)
        return;
    if (o->first == VOTE_NONE)
        o->first = o->worst = value;
    o->falls += value < o->last;
    o->worst = value < o->worst ? value : o->worst;
    if (o->last != value) {
        o->since = end;
        o->sure = INT64_MAX;
    }
    if (o->sure == INT64_MAX && end - o->since >= ALONE_DAYS * DAY_SECONDS)
        o->sure = end;
    o->last = value;
    o->end = end;
}

static bool hear_all(struct hearing *h, const struct votes *v, arena *a)
{
    h->p = arena_array(a, v->n, sizeof *h->p);
    for (size_t i = 0; h->p && i < v->n; i++) {
        const struct vote *vote = v->sorted[i];
        if (i == 0 || !votes_same_reporter(vote, v->sorted[i - 1])) {
            h->p[h->n++] = (struct reporter){.name = vote->reporter, .verified = vote->verified};
            for (unsigned f = 0; f < POLICY_FIELDS; f++)
                h->p[h->n - 1].of[f] =
                    (struct opinion){.first = VOTE_NONE, .last = VOTE_NONE, .worst = VOTE_NONE};
        }
        struct reporter *r = &h->p[h->n - 1];
        r->reports++;
        h->received = vote->received > h->received ? vote->received : h->received;
        for (unsigned f = 0; f < POLICY_FIELDS; f++)
            hear(&r->of[f], vote->values[f], vote->end);
    }
    return h->p != NULL;
}

/* Reporters that stand behind one value of a field. */
struct camp {
    uint64_t n;
    int64_t since, second; /* when the first and the second of them began to say so */
    int64_t sure;          /* when one of them had said so for long enough alone */
    int64_t end;
};

static int64_t min_i64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The end of the report that made it believed: rare reporters are believed long after they began to say it.
 * INT64_MAX: it is not. */
static int64_t believed_at(const struct camp *c)
{
    return c->n ? min_i64(c->second, c->sure) : INT64_MAX;
}

static bool is_believed(const struct camp *c)
{
    return believed_at(c) != INT64_MAX;
}

static void join(struct camp *c, const struct opinion *o)
{
    if (c->n == 0)
        *c = (struct camp){.since = INT64_MAX, .second = INT64_MAX, .sure = INT64_MAX, .end = INT64_MIN};
    c->second = o->since < c->since ? c->since : min_i64(c->second, o->since);
    c->since = min_i64(c->since, o->since);
    c->sure = min_i64(c->sure, o->sure);
    c->end = o->end > c->end ? o->end : c->end;
    c->n++;
}

/* The greater camp; of two as great the one that came later. */
static bool is_stronger(const struct camp *a, const struct camp *b)
{
    return a->n != b->n ? a->n > b->n : a->since > b->since;
}

static int16_t strongest(const struct camp camps[VALUES])
{
    int best = VOTE_NONE;
    for (int v = 0; v < VALUES; v++)
        if (camps[v].n && (best == VOTE_NONE || is_stronger(&camps[v], &camps[best])))
            best = v;
    return (int16_t)best;
}

static int16_t find_stand(const struct hearing *h, enum policy_field f)
{
    struct camp camps[VALUES] = {0};
    for (size_t i = 0; i < h->n; i++)
        if (h->p[i].of[f].last != VOTE_NONE)
            join(&camps[h->p[i].of[f].last], &h->p[i].of[f]);
    int16_t best = strongest(camps);
    return best != VOTE_NONE && is_believed(&camps[best]) ? best : VOTE_NONE;
}

static bool is_surely_gone(const struct hearing *h)
{
    struct camp camp = {.n = 0};
    for (size_t i = 0; i < h->n; i++)
        if (h->p[i].verified && h->p[i].of[FIELD_P].last == POLICY_NONE)
            join(&camp, &h->p[i].of[FIELD_P]);
    return is_believed(&camp);
}

static bool has_turned(const struct opinion *o, int16_t to)
{
    return o->last == to && o->first != to;
}

/* What most of those said before who turned to the value. */
static int16_t turned_from(const struct hearing *h, enum policy_field f, int16_t to)
{
    struct camp camps[VALUES] = {0};
    for (size_t i = 0; i < h->n; i++)
        if (has_turned(&h->p[i].of[f], to))
            join(&camps[h->p[i].of[f].first], &h->p[i].of[f]);
    return strongest(camps);
}

static uint64_t contradictors(const struct hearing *h, enum policy_field f, int16_t value, int64_t since)
{
    uint64_t n = 0;
    for (size_t i = 0; i < h->n; i++) {
        const struct opinion *o = &h->p[i].of[f];
        n += o->last != VOTE_NONE && o->last != value && o->end > since + LAG;
    }
    return n;
}

static struct change find_change(const struct hearing *h, enum policy_field f)
{
    struct camp camps[VALUES] = {0};
    for (size_t i = 0; i < h->n; i++)
        if (h->p[i].of[f].last != VOTE_NONE && has_turned(&h->p[i].of[f], h->p[i].of[f].last))
            join(&camps[h->p[i].of[f].last], &h->p[i].of[f]);
    int16_t to = strongest(camps);
    if (to == VOTE_NONE || !is_believed(&camps[to]) || contradictors(h, f, to, camps[to].since) > camps[to].n)
        return (struct change){.is = false};
    const struct camp *camp = &camps[to];
    return (struct change){true, turned_from(h, f, to), to, camp->since, believed_at(camp), camp->end};
}

static void find(const struct hearing *h, struct finding *out)
{
    *out = (struct finding){.newest = INT64_MIN, .surely_gone = is_surely_gone(h)};
    for (unsigned f = 0; f < POLICY_FIELDS; f++) {
        out->of[f] = find_change(h, f);
        out->stand[f] = find_stand(h, f);
        for (size_t i = 0; i < h->n; i++)
            if (h->p[i].of[f].end > out->newest)
                out->newest = h->p[i].of[f].end;
    }
    /* Without tags of their own sp and np follow p: said once. */
    const struct change *p = &out->of[FIELD_P];
    for (unsigned f = FIELD_SP; f <= FIELD_NP; f++)
        if (p->is && out->of[f].before == p->before && out->of[f].after == p->after)
            out->of[f].is = false;
}

/* What is to be published by the configuration. */
static void read_required(const struct alert_case *c, int16_t out[POLICY_FIELDS])
{
    for (unsigned f = 0; f < POLICY_FIELDS; f++)
        out[f] = VOTE_NONE;
    if (c->entry == SIZE_MAX)
        return;
    const struct policy_cfg *p = &c->config->domains[c->entry].policy;
    const uint8_t words[] = {[FIELD_P] = p->p, [FIELD_SP] = p->sp, [FIELD_NP] = p->np};
    for (unsigned f = FIELD_P; f <= FIELD_NP; f++)
        if (words[f] > POLICY_UNKNOWN)
            out[f] = words[f];
}

/* What it was or must be, and what it is instead, field by field. */
struct gap {
    int16_t before[POLICY_FIELDS], after[POLICY_FIELDS];
    int64_t since, believed;
    bool is, weaker;
};

static void gap_start(struct gap *g)
{
    *g = (struct gap){.since = INT64_MAX, .believed = INT64_MIN};
    for (unsigned f = 0; f < POLICY_FIELDS; f++)
        g->before[f] = g->after[f] = VOTE_NONE;
}

static void gap_add(struct gap *g, unsigned f, int16_t before, int16_t after, int64_t since)
{
    g->before[f] = before;
    g->after[f] = after;
    g->since = since < g->since ? since : g->since;
    g->is = true;
    g->weaker = g->weaker || after < before;
}

static void gap_add_change(struct gap *g, unsigned f, const struct change *c)
{
    gap_add(g, f, c->before, c->after, c->since);
    g->believed = c->believed > g->believed ? c->believed : g->believed;
}

/* The changes that are seen now. */
static struct gap gap_of_changes(const struct finding *f)
{
    struct gap g;
    gap_start(&g);
    for (unsigned i = 0; i < POLICY_FIELDS; i++)
        if (f->of[i].is)
            gap_add_change(&g, i, &f->of[i]);
    return g;
}

/* Where what stands falls short of what is asked for. *unknown: a field of it is not known now. */
static struct gap gap_of_stand(const struct finding *f, const int16_t asked[POLICY_FIELDS], bool *unknown)
{
    struct gap g;
    gap_start(&g);
    *unknown = false;
    for (unsigned i = 0; i < POLICY_FIELDS; i++) {
        if (asked[i] == VOTE_NONE)
            continue;
        *unknown = *unknown || f->stand[i] == VOTE_NONE;
        if (f->stand[i] != VOTE_NONE && f->stand[i] < asked[i])
            gap_add(&g, i, asked[i], f->stand[i], f->newest);
    }
    return g;
}

static enum severity severity_of_gap(const struct alert_case *c, enum rule_id rule, const struct finding *f,
                                     const struct gap *g)
{
    struct rule r = rule_in_force(c->config, c->entry, rule);
    bool gone = g->after[FIELD_P] == POLICY_NONE;
    enum severity s = gone ? r.harm : r.mild;
    return gone && f->surely_gone ? s : life_severity(s);
}

/* Reporters that turned to it, most reports first; of a policy that never was as it must be, all who say so.
 */
static int by_reports(const void *a, const void *b)
{
    const struct notice_reporter *x = a, *y = b;
    if (x->messages != y->messages)
        return x->messages > y->messages ? -1 : 1;
    int c = sv_cmp(x->name, y->name);
    return c ? c : y->verified - x->verified;
}

static bool says(const struct reporter *r, const struct gap *g)
{
    for (unsigned f = 0; f < POLICY_FIELDS; f++)
        if (g->after[f] != VOTE_NONE && r->of[f].last == g->after[f])
            return true;
    return false;
}

static void add_reporters(const struct alert_case *c, const struct hearing *h, const struct gap *g, arena *a,
                          struct outcome *o)
{
    size_t max = c->config->limits.notice_evidence;
    struct notice_reporter *all = arena_array(a, h->n, sizeof *all);
    for (size_t i = 0; all && i < h->n; i++)
        if (says(&h->p[i], g))
            all[o->all_reporters++] = (struct notice_reporter){
                .name = arena_sv(a, h->p[i].name), .messages = h->p[i].reports, .verified = h->p[i].verified};
    if (all && o->all_reporters > 1)
        qsort(all, o->all_reporters, sizeof *all, by_reports);
    o->reporters = all;
    o->n_reporters = o->all_reporters > max ? max : o->all_reporters;
}

static void set_texts(struct outcome *o, const struct gap *g, arena *a)
{
    o->incident.before = votes_text(a, g->before);
    o->incident.after = votes_text(a, g->after);
    o->changed = true;
}

static struct outcome outcome_start(const struct alert_case *c, enum rule_id rule, const struct incident *was)
{
    struct outcome o = {.exists = was != NULL, .is_new = was == NULL};
    if (was)
        o.incident = *was;
    else
        o.incident = (struct incident){.rule = rule, .domain = c->domain, .subject = c->domain};
    return o;
}

static void open_gap(const struct alert_case *c, struct outcome *o, const struct gap *g,
                     const struct finding *f, arena *a)
{
    struct incident *i = &o->incident;
    i->state = INCIDENT_firing;
    i->severity = severity_of_gap(c, i->rule, f, g);
    i->episode++;
    i->first_day = day_of(g->since - 1);
    i->last_day = day_of(f->newest - 1);
    i->opened = c->now;
    i->told_at = 0;
    i->repeats = 0;
    o->exists = true;
    set_texts(o, g, a);
}

/* The incident of the rule that goes on, else the last one, or NULL. */
static const struct incident *last_of(const struct alert_case *c, enum rule_id rule)
{
    const struct incident *best = NULL;
    for (size_t i = 0; i < c->n_incidents; i++) {
        const struct incident *in = &c->incidents[i];
        if (in->rule == rule &&
            (best == NULL || (in->state == INCIDENT_firing && best->state != INCIDENT_firing) ||
             (in->state == best->state && in->last_day > best->last_day)))
            best = in;
    }
    return best;
}

/* By when it could first be told: not by when it began, which of rare reports is weeks earlier. */
static bool is_fresh(const struct alert_case *c, int64_t believed)
{
    return c->now - believed < ALERT_RESOLVE_DAYS * DAY_SECONDS || c->now - believed < c->config->max_age;
}

static bool is_firing(const struct incident *was)
{
    return was && was->state == INCIDENT_firing;
}

/* Two name servers out of step have the policy go to and fro from day to day. So it counts as mended only
 * when each who said less has said enough for some days, and the longer the more often it fell. */
static bool has_stood(const struct opinion *o, int16_t asked, int64_t newest)
{
    int64_t days = min_i64((int64_t)STOOD_DAYS * (o->falls ? o->falls : 1), STOOD_MOST);
    if (o->last == VOTE_NONE || o->worst >= asked || newest - o->end > SILENT_DAYS * DAY_SECONDS)
        return true;
    return o->last >= asked && newest - o->since >= days * DAY_SECONDS;
}

static bool any_verified(const struct hearing *h)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->p[i].verified)
            return true;
    return false;
}

/* Where some are verified only these are asked: others could keep it from ending, or end it. */
static bool all_stood(const struct hearing *h, const int16_t asked[POLICY_FIELDS], int64_t newest)
{
    bool verified = any_verified(h);
    for (size_t i = 0; i < h->n; i++)
        for (unsigned f = 0; f < POLICY_FIELDS && (h->p[i].verified || !verified); f++)
            if (asked[f] != VOTE_NONE && !has_stood(&h->p[i].of[f], asked[f], newest))
                return false;
    return true;
}

/* One that goes on: mended, the same, or worse. */
static void weakened_goes_on(const struct alert_case *c, const struct hearing *h, struct outcome *o,
                             const struct finding *f, arena *a, struct gap *g)
{
    int16_t asked[POLICY_FIELDS], required[POLICY_FIELDS], known[POLICY_FIELDS];
    bool unknown;
    votes_read(o->incident.before, asked);
    votes_read(o->incident.after, known);
    read_required(c, required);
    for (unsigned i = 0; i < POLICY_FIELDS; i++)
        asked[i] = required[i] != VOTE_NONE ? required[i] : asked[i];
    *g = gap_of_stand(f, asked, &unknown);
    if (!g->is && !unknown && all_stood(h, asked, f->newest)) {
        o->incident.state = INCIDENT_resolved;
        o->incident.last_day = day_of(f->newest - 1);
        o->changed = true;
        o->news = o->incident.told_at ? NEWS_over : NEWS_none;
        return;
    }
    enum severity severity = g->is ? severity_of_gap(c, o->incident.rule, f, g) : o->incident.severity;
    bool worse = severity > o->incident.severity;
    for (unsigned i = 0; i < POLICY_FIELDS; i++)
        worse = worse || (g->after[i] != VOTE_NONE && known[i] != VOTE_NONE && g->after[i] < known[i]);
    if (!worse)
        return;
    o->incident.severity = severity;
    o->incident.last_day = day_of(f->newest - 1);
    set_texts(o, g, a);
    o->news = o->incident.told_at ? NEWS_worse : NEWS_first;
}

static struct outcome weakened(const struct alert_case *c, const struct hearing *h, const struct finding *f,
                               arena *a, struct gap *g)
{
    const struct incident *was = last_of(c, RULE_policy_weakened);
    struct outcome o = outcome_start(c, RULE_policy_weakened, was);
    int16_t required[POLICY_FIELDS];
    bool unknown;
    gap_start(g);
    if (is_firing(was)) {
        weakened_goes_on(c, h, &o, f, a, g);
        return o;
    }
    struct gap changes = gap_of_changes(f);
    read_required(c, required);
    *g = gap_of_stand(f, required, &unknown);
    if (!g->is && changes.weaker && is_fresh(c, changes.believed))
        *g = changes;
    if (g->is)
        open_gap(c, &o, g, f, a);
    return o;
}

/* Any other change. It is over when it is a week old. */
static struct outcome changed(const struct alert_case *c, const struct hearing *h, const struct finding *f,
                              arena *a, struct gap *g)
{
    (void)h;
    const struct incident *was = last_of(c, RULE_policy_changed);
    struct outcome o = outcome_start(c, RULE_policy_changed, was);
    *g = gap_of_changes(f);
    bool same = is_firing(was) && sv_eq(was->after, votes_text(a, g->after));
    if (g->is && !g->weaker && !same && is_fresh(c, g->believed))
        open_gap(c, &o, g, f, a);
    else
        life_close_if_over(c, &o);
    return o;
}

/* fresh: a report has come in since that says so still. */
static void tell_news(const struct alert_case *c, struct outcome *o, bool fresh)
{
    if (o->exists && o->news == NEWS_none && o->incident.state == INCIDENT_firing && o->incident.told_at) {
        o->news = news_of_standing(c, o, fresh);
        return;
    }
    if (!o->exists || (o->news == NEWS_none && (o->incident.state != INCIDENT_firing || o->incident.told_at)))
        o->news = NEWS_none;
    else if (o->news == NEWS_none)
        o->news = o->incident.episode > 1 ? NEWS_again : NEWS_first;
    if (o->news != NEWS_none && !life_is_carried(c, &o->incident))
        o->news = NEWS_none;
}

size_t policy_outcomes(const struct alert_case *c, const struct votes *v, arena *a, struct outcome *out)
{
    typedef struct outcome rule_fn(const struct alert_case *, const struct hearing *, const struct finding *,
                                   arena *, struct gap *);
    static const struct {
        enum rule_id id;
        rule_fn *fn;
    } rules[POLICY_OUTCOMES] = {{RULE_policy_weakened, weakened}, {RULE_policy_changed, changed}};
    struct hearing h = {0};
    struct finding f;
    size_t n = 0;
    if (!hear_all(&h, v, a))
        return 0;
    find(&h, &f);
    for (size_t i = 0; i < POLICY_OUTCOMES; i++) {
        struct gap g;
        if (rule_is_off(c->config, c->entry, rules[i].id))
            continue;
        out[n] = rules[i].fn(c, &h, &f, a, &g);
        out[n].reported = h.received;
        out[n].policy_p = f.stand[FIELD_P] == VOTE_NONE ? POLICY_ABSENT : (uint8_t)f.stand[FIELD_P];
        out[n].policy_sp = f.stand[FIELD_SP] == VOTE_NONE ? POLICY_ABSENT : (uint8_t)f.stand[FIELD_SP];
        tell_news(c, &out[n], g.is && h.received > out[n].incident.told_at);
        if (out[n].news != NEWS_none)
            add_reporters(c, &h, &g, a, &out[n]);
        n += out[n].exists;
    }
    return n;
}
