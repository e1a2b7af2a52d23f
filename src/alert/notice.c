#include "notice.h"

#include <stdlib.h>

#include "waiting.h"

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Most severe first, ours before strangers', more before less. */
static int by_urgency(const void *a, const void *b)
{
    const struct outcome *x = *(struct outcome *const *)a, *y = *(struct outcome *const *)b;
    int c = compare(news_is_end(x->news), news_is_end(y->news));
    c = c ? c : compare(y->incident.severity, x->incident.severity);
    c = c ? c : compare(x->incident.rule, y->incident.rule);
    c = c ? c : compare(y->counts.failed, x->counts.failed);
    return c ? c : sv_cmp(x->incident.subject, y->incident.subject);
}

static struct notice_item item_of(const struct alert_case *c, const struct outcome *o)
{
    const struct incident *i = &o->incident;
    size_t sender = o->group ? o->group->sender : o->finding ? o->finding->of.sender : SIZE_MAX;
    struct notice_item item = {
        .rule = i->rule,
        .severity = i->severity,
        .state = i->state,
        .news = o->news,
        .episode = i->episode,
        .domain = c->domain,
        .subject = i->subject,
        .before = i->before,
        .after = i->after,
        .reporters = o->reporters,
        .n_reporters = o->n_reporters,
        .all_reporters = o->all_reporters,
        .reported = o->reported,
        .p = o->policy_p,
        .sp = o->policy_sp,
        .first_day = i->first_day,
        .last_day = i->last_day,
        .counts = o->counts,
        .since_told = o->counts.failed,
    };
    for (size_t k = 0; k < o->n_reporters; k++)
        item.verified = item.verified || o->reporters[k].verified;
    memcpy(item.incident, i->id, sizeof item.incident);
    if (i->told_at != 0)
        item.since_told = o->counts.failed > i->told_failed ? o->counts.failed - i->told_failed : 0;
    if (o->finding) {
        item.much = o->finding->much;
        item.usual = o->finding->usual;
        item.first_day = o->finding->first_day;
        item.verified = o->finding->sure;
    }
    if (sender != SIZE_MAX) {
        item.owner = c->config->senders[sender].owner;
        item.docs = c->config->senders[sender].docs;
    }
    return item;
}

/* The outcomes with news, in order; *n of them. Counts those that go on without. */
static struct outcome **pick(struct outcome *outcomes, size_t all, arena *a, struct notice *notice, size_t *n)
{
    struct outcome **told = arena_array(a, all, sizeof(struct outcome *));
    *n = 0;
    for (size_t i = 0; told && i < all; i++) {
        const struct incident *in = &outcomes[i].incident;
        if (outcomes[i].news != NEWS_none)
            told[(*n)++] = &outcomes[i];
        else if (outcomes[i].exists && in->state == INCIDENT_firing && in->told_at != 0)
            notice->known++;
    }
    if (told && *n > 1)
        qsort(told, *n, sizeof(struct outcome *), by_urgency);
    return told;
}

static bool collect(const struct alert_rows *rows, const struct sums *s, struct groups *g,
                    const struct survey *f, struct notice *notice, arena *a, struct err *e)
{
    struct facts facts;
    if (!facts_init(&facts, s, g, f, notice->items, notice->n_items, a))
        return err_set(e, ERR_MEMORY, "no memory for a notice");
    bool ok = rows->walk(rows->ctx, facts_add, &facts, e);
    if (ok && !facts_finish(&facts, a))
        ok = err_set(e, ERR_MEMORY, "no memory for the facts of a notice");
    facts_free(&facts);
    return ok;
}

/* All mail in the new name is that of a stranger who is told of beside it, with the name. */
static bool is_told_beside(const struct notice_item *name, const struct notice_item *source)
{
    if (name->rule != RULE_new_subdomain || source->rule != RULE_unknown_source ||
        source->severity < name->severity || news_is_end(source->news))
        return false;
    for (size_t i = 0; i < source->n_header_froms; i++)
        if (sv_eq(source->header_froms[i].name, name->subject))
            return source->header_froms[i].messages >= name->counts.total;
    return false;
}

static void leave_out_told_beside(struct notice *n)
{
    size_t left = 0;
    for (size_t i = 0; i < n->n_items; i++) {
        bool told = false;
        for (size_t k = 0; k < n->n_items && !told; k++)
            told = is_told_beside(&n->items[i], &n->items[k]);
        /* Those that it is held against stay where they are, or move to the front. */
        if (!told)
            n->items[left++] = n->items[i];
    }
    n->n_items = left;
}

bool notice_build(const struct alert_case *c, const struct alert_rows *rows, const struct sums *s,
                  struct groups *g, struct survey *f, struct outcome *outcomes, size_t n, arena *a,
                  struct decision *out, struct err *e)
{
    struct notice *notice = &out->notice;
    size_t told_n, max = c->config->limits.notice_items;
    struct outcome **told = pick(outcomes, n, a, notice, &told_n);
    if (!told)
        return err_set(e, ERR_MEMORY, "no memory for a notice");
    if (told_n == 0)
        return true;
    notice->n_items = told_n > max ? max : told_n;
    notice->more = told_n - notice->n_items;
    notice->items = arena_array(a, notice->n_items, sizeof *notice->items);
    if (!notice->items)
        return err_set(e, ERR_MEMORY, "no memory for a notice");
    for (size_t i = 0; i < notice->n_items; i++) {
        notice->items[i] = item_of(c, told[i]);
        if (told[i]->group)
            g->p[told[i]->group - g->p].item = i;
        if (told[i]->finding)
            f->list[told[i]->finding - f->list].item = i;
    }
    if (!collect(rows, s, g, f, notice, a, e))
        return false;
    if (!waiting_name(f, notice->items, notice->n_items, a))
        return err_set(e, ERR_MEMORY, "no memory for a notice");
    leave_out_told_beside(notice);
    for (size_t i = 0; i < told_n; i++)
        life_tell(c, told[i]);
    out->tells = true;
    notice->created = c->now;
    notice->domain = c->domain;
    notice->severity = told[0]->incident.severity;
    notice->tenant = c->entry == SIZE_MAX ? SV_ABSENT : c->config->domains[c->entry].tenant;
    c->make_id(c->make_id_ctx, notice->id);
    return true;
}
