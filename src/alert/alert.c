#include "alert/alert.h"

#include <stdlib.h>

#include "groups.h"
#include "life.h"
#include "notice.h"
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
        if (incidents[i].state == INCIDENT_firing && incidents[i].first_day < first)
            first = incidents[i].first_day;
    }
    return first;
}

/* One outcome for each group, then one for each incident that no group belongs to. */
static struct outcome *outcomes_of(const struct alert_case *c, const struct groups *g, arena *a, size_t *n)
{
    struct outcome *out = arena_array(a, g->n + c->n_incidents, sizeof *out);
    bool *met = arena_array(a, c->n_incidents, sizeof *met);
    *n = 0;
    if (!out || !met)
        return NULL;
    for (size_t i = 0; i < g->n; i++) {
        out[(*n)++] = life_of_group(c, &g->p[i], a);
        if (g->p[i].was)
            met[g->p[i].was - c->incidents] = true;
    }
    for (size_t i = 0; i < c->n_incidents; i++) {
        if (!met[i])
            out[(*n)++] = life_of_silence(c, &c->incidents[i]);
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

static bool decide(const struct alert_case *c, const struct alert_rows *rows, struct sums *s,
                   struct groups *g, arena *a, struct decision *out, struct err *e)
{
    if (!rows->walk(rows->ctx, sums_add, s, e))
        return false;
    size_t n = 0;
    bool counted = !s->failed && groups_build(g, s, c, a);
    struct outcome *outcomes = counted ? outcomes_of(c, g, a, &n) : NULL;
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
    struct sums sums;
    struct groups groups = {0};
    *out = (struct decision){0};
    sums_init(&sums, c->config);
    bool ok = decide(c, rows, &sums, &groups, a, out, e);
    groups_free(&groups);
    sums_free(&sums);
    return ok;
}
