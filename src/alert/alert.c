#include "alert/alert.h"

#include <stdlib.h>

#include "finding.h"
#include "groups.h"
#include "life.h"
#include "model/route.h"
#include "notice.h"
#include "policy.h"
#include "sums.h"

int64_t alert_first_day(const struct config *c, const struct incident *incidents, size_t n, int64_t dirty_day)
{
    int64_t first = dirty_day - ALERT_WINDOW_DAYS - ALERT_BASELINE_DAYS - 1;
    (void)c;
    for (size_t i = 0; i < n; i++) {
        if (rule_about(incidents[i].rule) == ABOUT_SOURCES && incidents[i].state == INCIDENT_firing &&
            incidents[i].first_day < first)
            first = incidents[i].first_day;
    }
    return first;
}

/* What the first walk makes. */
struct counted {
    struct sums sums;
    struct votes votes;
    struct proofs proofs;
    struct explanations explanations;
    struct figures figures;
    struct survey survey;
};

static void count_row(void *counted, const struct row *row, const struct verdict *v)
{
    struct counted *all = counted;
    sums_add(&all->sums, row, v);
    votes_add(&all->votes, row, v);
    proofs_add(&all->proofs, row, v);
    explain_add(&all->explanations, row, v);
    figures_add(&all->figures, row, v);
}

/* The policy has outcomes of its own, and of what TLS and failure reports say no row tells. */
static bool is_of_rows(enum rule_id rule)
{
    return rule_about(rule) != ABOUT_POLICY && rule_about(rule) != ABOUT_OTHERS;
}

static struct outcome outcome_of_rest(const struct alert_case *c, const struct incident *was,
                                      const struct counted *all)
{
    return rule_about(was->rule) == ABOUT_REPORTS ? life_of_absence(c, was)
                                                  : life_of_silence(c, was, &all->explanations);
}

/* Which networks would each be an incident of its own now. */
static bool join_botnet(const struct alert_case *c, struct groups *g, const struct counted *all, arena *a)
{
    bool *is_new = arena_array(a, g->n, sizeof *is_new);
    for (size_t i = 0; is_new && i < g->n; i++) {
        struct outcome o = {.exists = false};
        if (g->p[i].rule == RULE_unknown_source && !g->p[i].was)
            o = life_of_group(c, &g->p[i], &all->proofs, a);
        is_new[i] = o.exists;
    }
    return is_new && groups_join_botnet(g, c, is_new, a);
}

/* What is told already by another incident of the same domain; same: of the same subject; days: whose mail is
 * of days that the other is about, too; subject: the muted one's. */
static const struct inhibition {
    enum rule_id by, muted;
    bool same, days;
    sv subject;
} inhibitions[] = {
    {RULE_volume_spike, RULE_unknown_source, false, true, SV_INIT("")},
    {RULE_known_sender_failing, RULE_sender_leg_lost, true, false, SV_INIT("")},
    {RULE_known_sender_failing, RULE_volume_spike, false, false, SV_INIT("own senders")},
    {RULE_known_sender_failing, RULE_pass_rate_drop, false, false, SV_INIT("")},
    {RULE_policy_weakened, RULE_policy_changed, false, false, SV_INIT("")},
};

/* It goes on, or went on in days that the other is about: figures of closed days come late. */
static bool is_told(const struct outcome *by, const struct outcome *o)
{
    return by->exists && (by->news != NEWS_none || by->incident.told_at) &&
           (by->incident.state == INCIDENT_firing || by->incident.last_day >= o->incident.first_day);
}

static bool share_days(const struct incident *a, const struct incident *b)
{
    return a->first_day <= b->last_day && b->first_day <= a->last_day;
}

static bool applies(const struct inhibition *i, const struct incident *by, const struct incident *muted)
{
    return by->rule == i->by && muted->rule == i->muted && (!i->same || sv_eq(by->subject, muted->subject)) &&
           (!i->days || share_days(by, muted)) && (!i->subject.n || sv_eq(muted->subject, i->subject));
}

static bool mutes(const struct outcome *by, const struct outcome *o)
{
    if (!is_told(by, o) || by->incident.severity < o->incident.severity)
        return false;
    for (size_t i = 0; i < COUNT_OF(inhibitions); i++)
        if (applies(&inhibitions[i], &by->incident, &o->incident))
            return true;
    return false;
}

static void inhibit(struct outcome *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n && all[i].news != NEWS_none; k++)
            if (mutes(&all[k], &all[i]))
                all[i].news = NEWS_none;
}

/* One outcome for each group, each finding, then those of the policy, then one for each incident that is
 * left. */
static struct outcome *outcomes_of(const struct alert_case *c, struct groups *g, const struct counted *all,
                                   arena *a, size_t *n)
{
    const struct survey *s = &all->survey;
    struct outcome *out = arena_array(a, g->n + 1 + s->n + c->n_incidents + POLICY_OUTCOMES, sizeof *out);
    bool *met = arena_array(a, c->n_incidents, sizeof *met);
    *n = 0;
    if (!out || !met || !join_botnet(c, g, all, a))
        return NULL;
    for (size_t i = 0; i < g->n; i++) {
        if (g->p[i].into == SIZE_MAX)
            out[(*n)++] = life_of_group(c, &g->p[i], &all->proofs, a);
        if (g->p[i].was)
            met[g->p[i].was - c->incidents] = true;
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct incident *was = finding_incident(c, &s->list[i]);
        out[(*n)++] = finding_outcome(c, &s->list[i], was);
        if (was)
            met[was - c->incidents] = true;
    }
    *n += policy_outcomes(c, &all->votes, a, out + *n);
    for (size_t i = 0; i < c->n_incidents; i++) {
        if (!met[i] && is_of_rows(c->incidents[i].rule))
            out[(*n)++] = outcome_of_rest(c, &c->incidents[i], all);
    }
    inhibit(out, *n);
    return out;
}

static void make_ids(const struct alert_case *c, struct outcome *outcomes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (outcomes[i].exists && outcomes[i].is_new)
            c->make_id(c->make_id_ctx, outcomes[i].incident.id);
    }
}

static bool write_out(const struct outcome *outcomes, size_t n, arena *a, struct decision *out)
{
    out->incidents = arena_array(a, n, sizeof *out->incidents);
    for (size_t i = 0; out->incidents && i < n; i++) {
        if (outcomes[i].exists && outcomes[i].changed)
            out->incidents[out->n_incidents++] = outcomes[i].incident;
    }
    return out->incidents != NULL;
}

static bool decide(const struct alert_case *c, const struct alert_rows *rows, struct counted *all,
                   struct groups *g, arena *a, struct decision *out, struct err *e)
{
    struct sums *s = &all->sums;
    if (!rows->walk(rows->ctx, count_row, all, e))
        return false;
    size_t n = 0;
    bool counted = !s->failed && !all->proofs.failed && !all->figures.failed && groups_build(g, s, c, a) &&
                   votes_sort(&all->votes, a);
    if (counted)
        findings_make(&all->survey, c, &all->figures, s, a);
    struct outcome *outcomes = counted ? outcomes_of(c, g, all, a, &n) : NULL;
    if (!outcomes)
        return err_set(e, ERR_MEMORY, "no memory to evaluate %.*s", SV_ARG(c->domain));
    make_ids(c, outcomes, n);
    if (!notice_build(c, rows, s, g, &all->survey, outcomes, n, a, out, e))
        return false;
    out->known = all->survey.news;
    out->n_known = all->survey.n_news;
    out->due = all->survey.due;
    if (!write_out(outcomes, n, a, out) || a->failed)
        return err_set(e, ERR_MEMORY, "no memory to evaluate %.*s", SV_ARG(c->domain));
    return true;
}

bool alert_decide(const struct alert_case *c, const struct alert_rows *rows, arena *a, struct decision *out,
                  struct err *e)
{
    struct counted all;
    struct groups groups = {0};
    *out = (struct decision){0};
    sums_init(&all.sums, c->config);
    votes_init(&all.votes, c->config);
    figures_init(&all.figures, c->config);
    all.survey = (struct survey){0};
    bool ok = proofs_init(&all.proofs, c, a) && explain_init(&all.explanations, c, a);
    ok = ok ? decide(c, rows, &all, &groups, a, out, e)
            : err_set(e, ERR_MEMORY, "no memory to evaluate %.*s", SV_ARG(c->domain));
    proofs_free(&all.proofs);
    groups_free(&groups);
    figures_free(&all.figures);
    votes_free(&all.votes);
    sums_free(&all.sums);
    return ok;
}

static const struct incident *incident_of(const struct decision *d, const struct notice_item *item)
{
    for (size_t i = 0; i < d->n_incidents; i++) {
        if (memcmp(d->incidents[i].id, item->incident, INCIDENT_ID) == 0)
            return &d->incidents[i];
    }
    return NULL;
}

/* Channels that have heard of the episode; of one from before it was written down who did: as routes say.
 * Those of the tenant that had the domain then hear no more of it. */
static bool choose_told(const struct config *c, const struct incident *i, sv tenant, bool *chosen)
{
    bool any = false;
    for (size_t t = 0; t < i->n_told; t++) {
        for (size_t k = 0; k < c->n_channels; k++) {
            if (i->told[t].episode == i->episode && sv_eq(c->channels[k].name, i->told[t].channel)) {
                any = true;
                chosen[k] = chosen[k] || channel_may_hear_of(c, k, tenant);
            }
        }
    }
    return any;
}

void alert_channels(const struct config *c, const struct decision *d, bool *chosen)
{
    const struct notice *n = &d->notice;
    for (size_t i = 0; i < n->n_items; i++) {
        const struct notice_item *item = &n->items[i];
        const struct incident *in = incident_of(d, item);
        const struct route_subject subject = {item->rule, item->severity, n->tenant, item->domain};
        if (!news_is_end(item->news) || !in || !choose_told(c, in, n->tenant, chosen))
            (void)route_choose(c, &subject, chosen);
    }
}
