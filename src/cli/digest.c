#include "digest.h"

#include <stdlib.h>
#include <string.h>

#include "alert/digest.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/zone.h"
#include "judge/judge.h"
#include "model/route.h"
#include "render/freeze.h"
#include "say.h"
#include "store/decide.h"
#include "store/digests.h"
#include "store/facts.h"
#include "tenant.h"
#include "trust.h"

#define DOMAIN_MEMORY MIB(64)

struct digests {
    struct run *run;
    const struct judge *judge;
    int64_t now;
    arena *a;     /* of the notices */
    arena domain; /* of one domain */
    struct notice *list;
    size_t n, room; /* notices */
};

struct walk {
    const struct judge *judge;
    struct digest *digest;
};

static bool on_row(void *ctx, const struct row *row)
{
    struct walk *w = ctx;
    struct verdict v;
    judge_row(w->judge, row, &v);
    digest_add(w->digest, row, &v);
    return true;
}

/* The notice of the tenant, with the week as its first item; NULL: no memory. */
static struct notice *notice_of(struct digests *d, sv tenant)
{
    for (size_t i = 0; i < d->n; i++)
        if (sv_eq(d->list[i].tenant, tenant))
            return &d->list[i];
    struct notice *n = &d->list[d->n];
    *n = (struct notice){
        .kind = NOTICE_digest, .created = d->now, .severity = SEVERITY_info, .tenant = tenant, .n_items = 1};
    n->items = arena_alloc(d->a, sizeof *n->items);
    if (n->items == NULL)
        return NULL;
    n->items[0] = (struct notice_item){.kind = ITEM_list, .severity = SEVERITY_info, .news = NEWS_first};
    random_bytes(n->id, INCIDENT_ID);
    tenant_sign(&d->run->config, n);
    d->n++;
    return n;
}

/* Room for one more: there is always as much as the next power of two. */
static bool grow(struct digests *d, struct notice *n)
{
    if (n->n_items & (n->n_items - 1))
        return true;
    struct notice_item *more = arena_array(d->a, 2 * n->n_items, sizeof *more);
    if (more == NULL)
        return false;
    memcpy(more, n->items, n->n_items * sizeof *more);
    n->items = more;
    return true;
}

static bool keep_item(struct digests *d, struct notice *n, const struct notice_item *item)
{
    if (!grow(d, n))
        return false;
    struct notice_item *to = &n->items[n->n_items++];
    *to = *item;
    to->domain = arena_sv(d->a, item->domain);
    to->lines = arena_array(d->a, item->n_lines, sizeof *to->lines);
    for (size_t i = 0; to->lines && i < item->n_lines; i++) {
        to->lines[i] = item->lines[i];
        to->lines[i].name = arena_sv(d->a, item->lines[i].name);
        to->lines[i].detail = arena_sv(d->a, item->lines[i].detail);
    }
    return !d->a->failed;
}

static bool load_about(struct digests *d, sv domain, struct digest_about *about, struct err *e)
{
    struct store *s = d->run->store;
    struct store_domain_state state;
    struct store_known *known;
    struct incident *incidents;
    size_t n;
    if (!store_domain_state(s, domain, &d->domain, &state, e) ||
        !store_load_known(s, domain, &d->domain, &known, &n, e) ||
        !store_load_incidents(s, domain, &d->domain, &incidents, &about->n_incidents, e))
        return false;
    about->p = state.policy.p.v;
    about->incidents = incidents;
    about->now = d->now;
    about->data_since = INT64_MAX;
    for (size_t i = 0; i < n; i++)
        if (known[i].first_day < about->data_since)
            about->data_since = known[i].first_day;
    return true;
}

static void count_week(struct notice_item *week, const struct digest_about *about,
                       const struct notice_item *item)
{
    week->state_of.domains++;
    for (size_t i = 0; i < about->n_incidents; i++)
        week->state_of.told += about->incidents[i].told_at > about->now - DIGEST_WEEK * DAY_SECONDS;
    for (size_t i = 0; i < item->n_lines; i++)
        week->state_of.firing += item->lines[i].kind == LINE_going_on;
}

static bool add_domain(struct digests *d, sv domain, size_t entry, struct err *e)
{
    int64_t today = day_of(d->now);
    struct digest_about about;
    struct notice_item item;
    uint64_t reports;
    struct walk w = {d->judge, digest_open(&d->run->config, domain, entry, today, &d->domain)};
    struct notice *n = notice_of(d, d->run->config.domains[entry].tenant);
    if (w.digest == NULL || n == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (!load_about(d, domain, &about, e) ||
        !store_rows(d->run->store, domain, today - DIGEST_UNUSED, today, on_row, &w, e) ||
        !store_report_count(d->run->store, domain, d->now - DIGEST_WEEK * DAY_SECONDS, &reports, e) ||
        !digest_finish(w.digest, &about, &item, e))
        return false;
    count_week(&n->items[0], &about, &item);
    n->items[0].state_of.reports += reports;
    return !digest_says(&item) || keep_item(d, n, &item) || err_set(e, ERR_MEMORY, "out of memory");
}

static size_t count_lines(const struct notice_item *item, enum line_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < item->n_lines; i++)
        n += item->lines[i].kind == kind;
    return n;
}

/* The week first, then where most goes on, then where most fails. */
static int by_need(const void *a, const void *b)
{
    const struct notice_item *x = a, *y = b;
    size_t on_x = count_lines(x, LINE_going_on), on_y = count_lines(y, LINE_going_on);
    uint64_t fails_x = x->state_of.ours_failed, fails_y = y->state_of.ours_failed;
    int c = (on_x < on_y) - (on_x > on_y);
    c = c ? c : (fails_x < fails_y) - (fails_x > fails_y);
    return c ? c : sv_cmp(x->domain, y->domain);
}

static void order(struct notice *n, size_t max)
{
    qsort(n->items + 1, n->n_items - 1, sizeof *n->items, by_need);
    n->more = n->n_items > max ? n->n_items - max : 0;
    n->n_items -= n->more;
}

static bool add_all(struct digests *d, const struct store_domain *domains, size_t n, struct err *e)
{
    const struct config *c = &d->run->config;
    for (size_t i = 0; i < n; i++) {
        size_t entry = judge_domain(d->judge, domains[i].domain);
        arena_reset(&d->domain);
        if (entry != SIZE_MAX && !c->domains[entry].unwatched && !add_domain(d, domains[i].domain, entry, e))
            return false;
    }
    if (d->n == 0 && notice_of(d, SV_ABSENT) == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < d->n; i++)
        order(&d->list[i], (size_t)c->limits.notice_items);
    return true;
}

bool digest_notices(struct run *r, arena *a, struct notice **out, size_t *n, struct err *e)
{
    struct digests d = {.run = r, .judge = judge_prepare(&r->config, a), .now = clock_now(), .a = a};
    struct store_domain *domains;
    if (d.judge == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (!trust_answer(r->store, &r->config, a, e) || !store_domains(r->store, a, &domains, &d.room, e))
        return false;
    d.list = arena_array(a, d.room + 1, sizeof *d.list);
    arena_init(&d.domain, DOMAIN_MEMORY);
    bool ok = d.list ? add_all(&d, domains, d.room, e) : err_set(e, ERR_MEMORY, "out of memory");
    arena_free(&d.domain);
    store_ask_trust(r->store, NULL, NULL);
    *out = d.list;
    *n = d.n;
    return ok;
}

/* ---- in a run ---- */

#define DIGEST_MEMORY MIB(256)

/* Adds names of channels that are not in the list yet; how many there are then. */
static size_t add_channels(const struct config *c, const size_t *more, size_t n_more, sv *list, size_t n)
{
    for (size_t i = 0; i < n_more; i++) {
        size_t k = 0;
        while (k < n && !sv_eq(list[k], c->channels[more[i]].name))
            k++;
        if (k == n)
            list[n++] = c->channels[more[i]].name;
    }
    return n;
}

/* Everybody's, and the tenant's own. */
static bool put(struct run *r, struct notice *n, arena *a, struct err *e)
{
    const struct config *c = &r->config;
    const struct tenant_cfg *t = tenant_find(c, n->tenant);
    sv *channels = arena_array(a, c->n_channels, sizeof *channels);
    buf frozen;
    if (channels == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    size_t n_channels = add_channels(c, c->digest.channels, c->digest.n_channels, channels, 0);
    if (t)
        n_channels = add_channels(c, t->digest, t->n_digest, channels, n_channels);
    if (n_channels == 0)
        return true;
    buf_init(&frozen, c->limits.notice_size);
    bool ok = notice_freeze(n, &frozen, e) &&
              store_put_notice(r->store, n, buf_view(&frozen), channels, n_channels, e);
    buf_free(&frozen);
    r->counts.notices += ok;
    return ok;
}

/* A tenant that is configured has its own hour; all others have one. */
static size_t slot_of(const struct config *c, sv tenant)
{
    const struct tenant_cfg *t = tenant_find(c, tenant);
    return t ? (size_t)(t - c->tenants) : c->n_tenants;
}

static bool put_due(struct run *r, const bool *due, arena *a, struct err *e)
{
    struct notice *list = NULL;
    size_t n = 0;
    if (!digest_notices(r, a, &list, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (due[slot_of(&r->config, list[i].tenant)] && !put(r, &list[i], a, e))
            return false;
    return true;
}

/* The first run there is only begins to count; a tenant that is new takes up where the others are. A last one
 * of the future is of a clock that was wrong. */
static bool is_due(struct run *r, sv tenant, sv tz, bool *due, struct err *e)
{
    bool known;
    int64_t now = clock_now(), last = 0, slot = digest_due(&r->config.digest, now, zone_ahead(tz, now));
    if (!store_last_digest(r->store, tenant, &last, &known, e) ||
        (!known && tenant.n && !store_last_digest(r->store, SV(""), &last, &known, e)))
        return false;
    *due = known && last < slot;
    return (known && last <= now && !*due) || store_set_digest(r->store, tenant, now, e);
}

/* due: one for each tenant of the configuration, and one for all others, which are asked last. */
static bool find_due(struct run *r, bool *due, bool *any, struct err *e)
{
    const struct config *c = &r->config;
    *any = false;
    for (size_t i = 0; i <= c->n_tenants; i++) {
        sv name = i < c->n_tenants ? c->tenants[i].name : SV("");
        sv tz = i < c->n_tenants && c->tenants[i].tz.n ? c->tenants[i].tz : c->digest.tz;
        if (!is_due(r, name, tz, &due[i], e))
            return false;
        *any = *any || due[i];
    }
    return true;
}

static bool is_wanted(const struct config *c)
{
    bool wanted = c->digest.n_channels > 0;
    for (size_t i = 0; i < c->n_tenants; i++)
        wanted = wanted || c->tenants[i].n_digest > 0;
    return wanted;
}

static bool digest(struct run *r, arena *a, struct err *e)
{
    bool any, *due = arena_array(a, r->config.n_tenants + 1, sizeof *due);
    if (due == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    return find_due(r, due, &any, e) && (!any || put_due(r, due, a, e));
}

bool run_digest(struct run *r, struct err *e)
{
    if (!is_wanted(&r->config))
        return true;
    arena a;
    arena_init(&a, DIGEST_MEMORY);
    bool ok = store_begin_decide(r->store, e);
    if (ok) {
        ok = digest(r, &a, e);
        if (ok)
            ok = store_commit_decide(r->store, e);
        else
            store_abort_decide(r->store);
    }
    arena_free(&a);
    if (ok || (e->cls != ERR_MEMORY && e->cls != ERR_LIMIT))
        return ok;
    say(SAY_ERROR, "no digest is made in this run: %s", e->msg); /* that is no reason to hold notices back */
    return true;
}
