#include "alert/alert.h"

#include <stdlib.h>

#include "groups.h"
#include "life.h"
#include "notice.h"
#include "policy.h"
#include "sums.h"

static bool has_foreign(const struct config *c)
{
    for (size_t i = 0; i < c->n_senders; i++) {
        if (c->senders[i].kind == SENDER_FOREIGN)
            return true;
    }
    return false;
}

int64_t alert_first_day(const struct config *c, const struct incident *incidents, size_t n, int64_t dirty_day)
{
    int64_t first = dirty_day - (ALERT_WINDOW_DAYS - 1) - (has_foreign(c) ? ALERT_BASELINE_DAYS : 0);
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
};

static void count_row(void *counted, const struct row *row, const struct verdict *v)
{
    struct counted *all = counted;
    sums_add(&all->sums, row, v);
    votes_add(&all->votes, row, v);
}

static struct outcome outcome_of_rest(const struct alert_case *c, const struct incident *was)
{
    return rule_about(was->rule) == ABOUT_REPORTS ? life_of_absence(c, was) : life_of_silence(c, was);
}

/* One outcome for each group, then those of the policy, then one for each incident that is left. */
static struct outcome *outcomes_of(const struct alert_case *c, const struct groups *g, const struct votes *v,
                                   arena *a, size_t *n)
{
    struct outcome *out = arena_array(a, g->n + c->n_incidents + POLICY_OUTCOMES, sizeof *out);
    bool *met = arena_array(a, c->n_incidents, sizeof *met);
    *n = 0;
    if (!out || !met)
        return NULL;
    for (size_t i = 0; i < g->n; i++) {
        out[(*n)++] = life_of_group(c, &g->p[i], a);
        if (g->p[i].was)
            met[g->p[i].was - c->incidents] = true;
    }
    *n += policy_outcomes(c, v, a, out + *n);
    for (size_t i = 0; i < c->n_incidents; i++) {
        if (!met[i] && rule_about(c->incidents[i].rule) != ABOUT_POLICY)
            out[(*n)++] = outcome_of_rest(c, &c->incidents[i]);
    }
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
    bool counted = !s->failed && groups_build(g, s, c, a) && votes_sort(&all->votes, a);
    struct outcome *outcomes = counted ? outcomes_of(c, g, &all->votes, a, &n) : NULL;
    if (!outcomes)
        return err_set(e, ERR_MEMORY, "no memory to evaluate %.*s", SV_ARG(c->domain));
    make_ids(c, outcomes, n);
    if (!notice_build(c, rows, s, g, outcomes, n, a, out, e))
        return false;
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
    bool ok = decide(c, rows, &all, &groups, a, out, e);
    groups_free(&groups);
    votes_free(&all.votes);
    sums_free(&all.sums);
    return ok;
}
