#include "life.h"

#include <stdlib.h>

#include "base/clock.h"
#include "episode.h"
#include "finding.h"
#include "model/route.h"
#include "news.h"

static int64_t min_i64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t max_i64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Event time since the end of that day. */
static int64_t silence_since(const struct alert_case *c, int64_t day)
{
    return c->event_clock - (day + 1) * DAY_SECONDS;
}

/* Days of event time without a match after which an incident of the rule is over, and up to which a match
 * belongs to it. Mail of ours is over when reporters have seen it pass; where they see none of it any more,
 * it is forgotten. */
static int64_t resolve_days(enum rule_id rule)
{
    return rule == RULE_known_sender_failing ? ALERT_FORGET_DAYS : ALERT_RESOLVE_DAYS;
}

static bool is_over(const struct alert_case *c, const struct incident *i)
{
    return silence_since(c, i->last_day) >= resolve_days(i->rule) * DAY_SECONDS;
}

/* What is over already, and older than late reports can be, is history and no incident any more. */
static bool is_history(const struct alert_case *c, int64_t last_day)
{
    return silence_since(c, last_day) >= max_i64(ALERT_RESOLVE_DAYS * DAY_SECONDS, c->config->max_age);
}

static uint64_t floor_of(const struct alert_case *c)
{
    return c->entry == SIZE_MAX ? 0 : c->config->domains[c->entry].min_messages;
}

enum severity life_severity(enum severity s)
{
    return s == SEVERITY_critical ? SEVERITY_warning : s;
}

/* Reports whose authentication nobody checked tell a warning at most: critical is what verified ones say is
 * critical. What fails as a parked domain is what the domain is parked for, and what is let through under
 * p=none is told once (spoofed_under_none). */
static enum severity severity_of(const struct alert_case *c, enum rule_id id, const struct episode *e)
{
    const struct rule rule = rule_in_force(c->config, c->entry, id);
    enum severity s = e->harmful ? rule.harm : rule.mild, sure = e->sure_harmful ? rule.harm : rule.mild;
    bool parked = c->entry != SIZE_MAX && c->config->domains[c->entry].parked;
    bool asked_for = parked || finding_is_none(c);
    if (asked_for && id == RULE_unknown_source && !rule_sets_severity(c->config, c->entry, id))
        return SEVERITY_info;
    return s == SEVERITY_critical && !(e->sure && sure == SEVERITY_critical) ? SEVERITY_warning : s;
}

const struct silence_cfg *life_silence(const struct alert_case *c, const struct incident *i)
{
    sv tenant = c->entry == SIZE_MAX ? SV_ABSENT : c->config->domains[c->entry].tenant;
    const struct silence_subject what = {i->rule, tenant, c->domain, i->subject};
    return silence_find(c->silences, c->n_silences, &what, c->now);
}

bool life_is_carried(const struct alert_case *c, const struct incident *i)
{
    if (life_silence(c, i))
        return false;
    struct route_subject subject = {.rule = i->rule, .severity = i->severity, .domain = c->domain};
    if (c->entry != SIZE_MAX)
        subject.tenant = c->config->domains[c->entry].tenant;
    return route_choose(c->config, &subject, NULL);
}

bool life_is_orphan(const struct alert_case *c, const struct incident *i)
{
    if (i->rule != RULE_known_sender_failing || i->state != INCIDENT_firing)
        return false;
    const struct domain_cfg *d = c->entry == SIZE_MAX ? NULL : &c->config->domains[c->entry];
    for (size_t k = 0; d && k < d->n_senders; k++)
        if (sv_eq(c->config->senders[d->senders[k]].name, i->subject))
            return false;
    return true;
}

static int by_net(const void *a, const void *b)
{
    return cidr_cmp(a, b);
}

/* The networks of both; false when there is nothing to add to the incident's own. */
static bool join_networks(struct incident *i, const struct group *g, arena *a)
{
    size_t all = i->n_networks + g->n_networks, n = 0;
    struct cidr *nets = arena_array(a, all, sizeof *nets);
    if (!nets || all == 0)
        return false;
    if (i->n_networks > 0)
        memcpy(nets, i->networks, i->n_networks * sizeof *nets);
    memcpy(nets + i->n_networks, g->networks, g->n_networks * sizeof *nets);
    qsort(nets, all, sizeof *nets, by_net);
    for (size_t k = 0; k < all; k++) {
        if (n == 0 || cidr_cmp(&nets[n - 1], &nets[k]) != 0)
            nets[n++] = nets[k];
    }
    bool more = n > i->n_networks;
    i->networks = nets;
    i->n_networks = n;
    return more;
}

/* An incident keeps its severity, but for a critical one that no verified report backs any more. */
static enum severity kept_severity(const struct incident *i, const struct episode *e)
{
    return i->severity == SEVERITY_critical && !e->sure ? SEVERITY_warning : i->severity;
}

static void go_on(const struct alert_case *c, struct outcome *o, const struct episode *e)
{
    struct incident *i = &o->incident;
    enum severity severity = severity_of(c, i->rule, e), kept = kept_severity(i, e);
    int64_t first = min_i64(i->first_day, e->first_day), last = max_i64(i->last_day, e->last_day);
    severity = severity > kept ? severity : kept;
    o->changed = first != i->first_day || last != i->last_day || severity != i->severity;
    i->first_day = first;
    i->last_day = last;
    i->severity = severity;
}

static void open_episode(const struct alert_case *c, struct outcome *o, const struct episode *e)
{
    struct incident *i = &o->incident;
    i->state = INCIDENT_firing;
    i->severity = severity_of(c, i->rule, e);
    i->episode++;
    i->first_day = e->first_day;
    i->last_day = e->last_day;
    i->opened = c->now;
    i->told_at = 0;
    i->repeats = 0;
    o->exists = o->changed = true;
}

static struct outcome outcome_of(const struct alert_case *c, const struct group *g)
{
    struct outcome o = {.group = g, .exists = g->was != NULL, .is_new = g->was == NULL};
    if (g->was)
        o.incident = *g->was;
    else
        o.incident = (struct incident){.rule = g->rule, .domain = c->domain, .subject = g->subject};
    return o;
}

static void close(struct outcome *o)
{
    o->incident.state = INCIDENT_resolved;
    o->incident.due = 0;
    o->incident.acked_at = 0;
    o->incident.acked_by = SV_ABSENT;
    o->changed = true;
}

void life_close_if_over(const struct alert_case *c, struct outcome *o)
{
    if (!o->exists || o->incident.state != INCIDENT_firing || !is_over(c, &o->incident))
        return;
    close(o);
    o->reported = c->event_clock;
    if (o->incident.rule != RULE_known_sender_failing) /* nobody has seen that it is mended */
        o->news = news_of_end(c, &o->incident, NEWS_over);
}

/* Closes what reporters have seen to be mended, and what time has ended. */
static void end_group(const struct alert_case *c, const struct proofs *p, const struct group *g,
                      struct outcome *o)
{
    if (g->rule != RULE_known_sender_failing || g->sender == SIZE_MAX || !p->of_sender[g->sender] ||
        o->incident.state != INCIDENT_firing || !proofs_done(p, g->sender)) {
        life_close_if_over(c, o);
        return;
    }
    close(o);
    o->news = news_of_end(c, &o->incident, NEWS_over);
}

struct outcome life_of_group(const struct alert_case *c, const struct group *g, const struct proofs *p,
                             arena *a)
{
    struct outcome o = outcome_of(c, g);
    const struct incident *was = g->was;
    bool firing = was && was->state == INCIDENT_firing;
    int64_t after = was && !firing ? was->last_day : INT64_MIN;
    const struct rule rule = rule_in_force(c->config, c->entry, g->rule);
    if (rule.growth) /* of earlier days the baseline is not at hand */
        after = max_i64(after, day_of(c->event_clock) - ALERT_WINDOW_DAYS);
    struct episode e = episode_find(&rule, floor_of(c), &g->days, after);
    bool goes_on = e.matched && firing && e.first_match - was->last_day <= resolve_days(g->rule);
    if (goes_on)
        go_on(c, &o, &e);
    if (e.matched && !goes_on && !is_history(c, e.last_day))
        open_episode(c, &o, &e);
    else
        end_group(c, p, g, &o);
    if (o.exists)
        o.counts = episode_counts(&g->days, o.incident.first_day, o.incident.last_day);
    if (was && !sv_eq(was->subject, g->subject)) {
        o.incident.subject = g->subject;
        o.changed = true;
    }
    if (o.exists && o.incident.state == INCIDENT_firing) {
        o.changed = join_networks(&o.incident, g, a) || o.changed;
        o.news = news_of(c, &o);
    }
    return o;
}

/* Of what was told there are no rows any more, or nobody asked for them. */
static struct counts told_counts(const struct incident *i)
{
    struct counts counts = {.total = i->told_failed, .failed = i->told_failed};
    counts.by_fate[FATE_let_through] = i->told_let_through;
    return counts;
}

struct outcome life_of_silence(const struct alert_case *c, const struct incident *was,
                               const struct explanations *x)
{
    struct outcome o = {.exists = true, .incident = *was, .counts = told_counts(was)};
    size_t sender = was->state == INCIDENT_firing ? explain_find(x, was) : SIZE_MAX;
    bool orphan = life_is_orphan(c, was);
    if (sender == SIZE_MAX && !orphan) {
        life_close_if_over(c, &o);
        o.changed = o.changed || o.incident.due != 0;
        o.incident.due = 0;
        return o;
    }
    close(&o);
    o.incident.after = orphan ? SV_ABSENT : c->config->senders[sender].name;
    o.reported = c->event_clock;
    o.news = news_of_end(c, was, NEWS_explained);
    return o;
}

struct outcome life_of_absence(const struct alert_case *c, const struct incident *was)
{
    struct outcome o = {.exists = true, .incident = *was};
    if (was->state != INCIDENT_firing || day_of(c->event_clock - 1) <= was->last_day)
        return o;
    close(&o);
    o.reported = c->event_clock;
    o.news = was->told_at && life_is_carried(c, was) ? NEWS_over : NEWS_none;
    return o;
}

void life_tell(const struct alert_case *c, struct outcome *o)
{
    o->incident.told_at = c->now;
    o->incident.repeats += o->news == NEWS_repeat;
    o->incident.acked_at = 0; /* of what it was until now */
    o->incident.acked_by = SV_ABSENT;
    o->incident.due = 0;
    o->incident.told_severity = o->incident.severity;
    o->incident.told_failed = o->counts.failed;
    o->incident.told_let_through = o->counts.by_fate[FATE_let_through];
    o->changed = true;
}
