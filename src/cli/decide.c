/* T2: what has come in is judged, and what is to be told becomes a row, in one transaction. */
#include "store/decide.h"
#include "alert/alert.h"
#include "alert/compose.h"
#include "alert/gather.h"
#include "base/clock.h"
#include "base/random.h"
#include "coalesce.h"
#include "hush.h"
#include "judge/judge.h"
#include "render/freeze.h"
#include "run.h"
#include "say.h"
#include "store/facts.h"
#include "store/imports.h"
#include "tenant.h"
#include "trust.h"
#include "watch.h"

/* All that one domain needs in memory: incidents, counted networks, the notice. */
#define DOMAIN_MEMORY MIB(512)

enum { STRANGERS_MAX = 1000 }; /* far more than are told one by one */

struct decide {
    struct run *run;
    const struct judge *judge;
    arena arena;    /* of one domain */
    bool some_left; /* a domain was set aside */
    bool reconfigured;
    const struct silence_cfg *silences;
    size_t n_silences;
    bool imported; /* since the last decision */
    bool is_first; /* decision ever: what is to be told then, and after an import, is one notice a tenant */
    arena texts;   /* of the notices of all domains */
    struct gathered *kept;
    size_t n_kept, room;
    uint64_t told; /* notices of this hour, before this run */
    unsigned n_waiting;
    bool *broken;                     /* channels that are not to hear of it; NULL: all may */
    struct watch_stranger *strangers; /* of this run, STRANGERS_MAX at most */
    size_t n_strangers, more_strangers;
    bool waited; /* what was handed over last */
    bool half;   /* the same: a part of it is written */
    arena reads; /* what is read of all domains at once */
};

struct walk {
    struct decide *d;
    sv domain;
    int64_t from_day;
    alert_row_fn *fn;
    void *sink;
};

static bool on_row(void *ctx, const struct row *row)
{
    struct walk *w = ctx;
    struct verdict v;
    judge_row(w->d->judge, row, &v);
    w->fn(w->sink, row, &v);
    return true;
}

static bool walk(void *ctx, alert_row_fn *fn, void *sink, struct err *e)
{
    struct walk *w = ctx;
    w->fn = fn;
    w->sink = sink;
    return store_rows(w->d->run->store, w->domain, w->from_day, INT64_MAX, on_row, w, e);
}

static void make_id(void *ctx, uint8_t id[INCIDENT_ID])
{
    (void)ctx;
    random_bytes(id, INCIDENT_ID);
}

static bool put_told(struct decide *d, const struct decision *made, const bool *chosen, struct err *e)
{
    const struct config *c = &d->run->config;
    for (size_t i = 0; i < made->n_incidents; i++) {
        const struct incident *in = &made->incidents[i];
        for (size_t k = 0; in->told_at == made->notice.created && k < c->n_channels; k++)
            if (chosen[k] && !store_put_told(d->run->store, in, c->channels[k].name, in->told_at, e))
                return false;
    }
    return true;
}

static bool is_of_tenant(const struct decide *d, sv domain, sv tenant)
{
    size_t entry = judge_domain(d->judge, domain);
    return entry != SIZE_MAX && sv_eq(d->run->config.domains[entry].tenant, tenant);
}

/* The channel knows it from COMPOSE_FOLD other domains of the tenant. */
static bool knows(struct decide *d, const struct decision *made, const struct notice_item *item, sv channel,
                  bool *known, struct err *e)
{
    const struct incident like = {.rule = item->rule, .subject = item->subject};
    sv *domains;
    size_t n, others = 0;
    if (!store_same_incidents(d->run->store, &like, channel, made->notice.created, &d->arena, &domains, &n,
                              e))
        return false;
    for (size_t i = 0; i < n; i++)
        others += !sv_eq(domains[i], item->domain) && is_of_tenant(d, domains[i], made->notice.tenant);
    *known = others >= COMPOSE_FOLD;
    return true;
}

/* Where all that hear of it know it from others, this domain joins them in silence. */
static bool is_known_elsewhere(struct decide *d, const struct decision *made, const struct notice_item *item,
                               const bool *chosen, bool *known, struct err *e)
{
    const struct config *c = &d->run->config;
    *known = false;
    if (item->severity == SEVERITY_critical || (item->news != NEWS_first && item->news != NEWS_again) ||
        !rule_folds(item->rule))
        return true;
    for (size_t i = 0; i < c->n_channels; i++) {
        if (!chosen[i])
            continue;
        if (!knows(d, made, item, c->channels[i].name, known, e))
            return false;
        if (!*known)
            break;
    }
    return true;
}

static bool leave_out_known(struct decide *d, struct decision *made, const bool *chosen, struct err *e)
{
    struct notice *n = &made->notice;
    size_t left = 0;
    bool known;
    for (size_t i = 0; i < n->n_items; i++) {
        if (!is_known_elsewhere(d, made, &n->items[i], chosen, &known, e))
            return false;
        if (!known)
            n->items[left++] = n->items[i];
    }
    n->known += n->n_items - left;
    n->n_items = left;
    n->severity = left ? n->items[0].severity : n->severity;
    return true;
}

/* Until all domains are decided: what is told of them is put together then. */
static bool keep(struct decide *d, const struct notice *notice, const bool *chosen, struct err *e)
{
    buf frozen;
    if (notice->n_items == 0)
        return true;
    struct gathered *all = arena_more(&d->texts, d->kept, d->n_kept, &d->room, sizeof *all);
    bool *copy = arena_array(&d->texts, d->run->config.n_channels, sizeof *copy);
    if (!all || !copy)
        return err_set(e, ERR_MEMORY, "out of memory");
    d->kept = all;
    memcpy(copy, chosen, d->run->config.n_channels * sizeof *copy);
    all[d->n_kept].chosen = copy;
    buf_init(&frozen, d->run->config.limits.notice_size);
    bool ok = notice_freeze(notice, &frozen, e) &&
              notice_thaw(buf_view(&frozen), &d->texts, &all[d->n_kept].notice, e);
    buf_free(&frozen);
    d->n_kept += ok;
    return ok;
}

/* By mail, unless it gets the whole there already. */
static bool is_for_owner(const struct channel_cfg *c, sv owner)
{
    for (size_t i = 0; i < c->n_to; i++)
        if (sv_eq_nocase(c->to[i], owner))
            return false;
    return c->to_owner;
}

static bool keep_for_owners(struct decide *d, const struct decision *made, const bool *chosen, struct err *e)
{
    const struct config *config = &d->run->config;
    const struct owners_case c = {config, &made->notice, chosen, make_id, NULL};
    struct notice *list;
    size_t n;
    bool *mails = arena_array(&d->arena, config->n_channels, sizeof *mails);
    if (mails == NULL || !alert_owners(&c, &d->arena, &list, &n))
        return err_set(e, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < config->n_channels; k++)
            mails[k] = chosen[k] && is_for_owner(&config->channels[k], list[i].owner);
        if (!keep(d, &list[i], mails, e))
            return false;
    }
    return true;
}

static bool put_decision(struct decide *d, struct decision *made, struct err *e)
{
    for (size_t i = 0; i < made->n_incidents; i++)
        if (!store_put_incident(d->run->store, &made->incidents[i], e))
            return false;
    if (!made->tells)
        return true;
    bool *chosen = arena_array(&d->arena, d->run->config.n_channels, sizeof *chosen);
    if (chosen == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (d->broken)
        alert_channels_but(&d->run->config, made, d->broken, chosen);
    else
        alert_channels(&d->run->config, made, chosen);
    return put_told(d, made, chosen, e) && leave_out_known(d, made, chosen, e) &&
           keep(d, &made->notice, chosen, e) && keep_for_owners(d, made, chosen, e);
}

static bool put_notice(struct decide *d, struct gathered *one, struct err *e)
{
    const struct config *c = &d->run->config;
    struct notice *n = &one->notice;
    tenant_sign(c, n);
    sv *channels = arena_array(&d->arena, c->n_channels, sizeof *channels);
    size_t n_channels = 0;
    buf frozen;
    if (channels == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    bool joined = false, done;
    for (size_t i = 0; i < c->n_channels; i++) {
        if (!one->chosen[i])
            continue;
        if (!coalesce(d->run->store, c, n, &c->channels[i], &d->arena, &done, e))
            return false;
        joined = joined || done;
        if (!done)
            channels[n_channels++] = c->channels[i].name;
    }
    buf_init(&frozen, c->limits.notice_size);
    bool ok = (joined && n_channels == 0) ||
              (notice_freeze(n, &frozen, e) &&
               store_put_notice(d->run->store, n, buf_view(&frozen), channels, n_channels, e));
    buf_free(&frozen);
    d->run->counts.notices += ok;
    say(SAY_VERBOSE, "%.*s: %s notice for %zu channels",
        SV_ARG(n->domain.n   ? n->domain
               : n->domain.p ? SV("the agent")
                             : SV("many domains")),
        severity_name(n->severity), n_channels);
    return ok;
}

static bool together(struct decide *d, struct gathered **out, size_t *n, struct err *e)
{
    const struct config *config = &d->run->config;
    bool one = d->imported || d->is_first;
    const struct compose_case compose = {config, d->kept, d->n_kept, one, clock_now(), make_id, NULL};
    if (!alert_compose(&compose, &d->texts, out, n, e))
        return false;
    const struct gather_case gather = {
        config, d->imported ? NOTICE_imported : NOTICE_first, *out, *n, clock_now(), make_id, NULL};
    return !one || (alert_gather(&gather, &d->texts, out, n, e) && store_clear_import(d->run->store, e));
}

static bool put_notices(struct decide *d, struct err *e)
{
    struct gathered *out;
    size_t n;
    arena_reset(&d->arena);
    if (!together(d, &out, &n, e))
        return false;
    d->n_kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!put_notice(d, &out[i], e))
            return false;
    d->told += n;
    return true;
}

/* A domain that is too much for us must not stop the others: it stays dirty, or the configuration stays
 * new, and the next run tries again. Nothing of it has been written. What the store says ends the run. */
static bool set_aside(struct decide *d, sv domain, const struct err *e)
{
    d->some_left = true;
    if (e->cls != ERR_MEMORY && e->cls != ERR_LIMIT)
        return false;
    say(SAY_ERROR, "%.*s: not decided in this run: %s", SV_ARG(domain), e->msg);
    return true;
}

/* What the rules have seen of the domain before; the store's and their kinds are the same numbers. */
static bool load_known(struct decide *d, sv domain, struct alert_case *c, struct err *e)
{
    struct store_known *list;
    size_t n;
    if (!store_load_known(d->run->store, domain, &d->arena, &list, &n, e))
        return false;
    struct alert_known *known = arena_array(&d->arena, n, sizeof *known);
    if (known == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < n; i++)
        known[i] = (struct alert_known){(enum alert_known_kind)list[i].kind, list[i].key, list[i].first_day};
    c->known = known;
    c->n_known = n;
    return true;
}

static bool put_known(struct decide *d, sv domain, const struct decision *made, struct err *e)
{
    for (size_t i = 0; i < made->n_known; i++) {
        const struct alert_known *k = &made->known[i];
        if (!store_put_known(d->run->store, domain, &(struct store_known){k->kind, k->key, k->first_day}, e))
            return false;
    }
    return store_set_deadline(d->run->store, domain, made->due, e);
}

enum { HOUR = 3600 };

/* Something that people need not doubt, or must know of at once. */
static bool is_urgent(const struct notice *n)
{
    bool urgent = n->severity == SEVERITY_critical;
    for (size_t i = 0; i < n->n_items; i++)
        urgent |= n->items[i].verified;
    return urgent;
}

/* Who floods us with reports must not flood people: beyond the notices of an hour, what no report that we can
 * verify speaks of waits. It is then decided with all that has come in since. */
static bool must_wait(struct decide *d, sv domain, const struct decision *made, bool *waits, struct err *e)
{
    const struct limits *l = &d->run->config.limits;
    uint64_t of_domain = 0;
    *waits = false;
    if (!made->tells || d->imported || d->is_first || is_urgent(&made->notice))
        return true;
    if (domain.n && !store_count_notices(d->run->store, domain, clock_now() - HOUR, &of_domain, e))
        return false;
    *waits = d->told + d->n_kept >= l->notices_hour || of_domain >= l->notices_domain;
    return true;
}

static bool put_off(struct decide *d)
{
    d->some_left = true;
    d->n_waiting++;
    return true;
}

/* Once where the notices of an hour run out, not in each run until the next hour. */
static void tell_waiting(const struct decide *d)
{
    if (d->n_waiting)
        say(d->run->counts.notices ? SAY_ERROR : SAY_VERBOSE,
            "%u notices wait for a later run: no verified report speaks of them, and there were enough in an "
            "hour (limits notices_hour, notices_domain); trust: in the configuration makes reports verified",
            d->n_waiting);
}

/* It is told of with others, when all domains are decided; until then it stays dirty. */
static bool keep_stranger(struct decide *d, sv domain, const struct store_domain_state *state, struct err *e)
{
    if (state->clock == 0)
        return store_clear_dirty(d->run->store, domain, e);
    for (size_t i = 0; i < d->n_strangers; i++)
        if (sv_eq(d->strangers[i].domain, domain))
            return true;
    if (d->n_strangers == STRANGERS_MAX) {
        d->more_strangers++;
        return store_clear_dirty(d->run->store, domain, e);
    }
    if (d->strangers == NULL)
        d->strangers = arena_array(&d->texts, STRANGERS_MAX, sizeof *d->strangers);
    if (d->strangers == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    d->strangers[d->n_strangers++] = (struct watch_stranger){
        .domain = arena_sv(&d->texts, domain), .clock = state->clock, .verified = state->verified};
    return true;
}

static bool decide_domain(struct decide *d, const struct store_domain *which, struct err *e)
{
    struct run *r = d->run;
    arena_reset(&d->arena);
    struct store_domain_state state;
    struct incident *incidents;
    size_t n;
    int64_t first;
    if (!store_domain_state(r->store, which->domain, &d->arena, &state, e) ||
        !store_first_clock(r->store, which->domain, &first, e) ||
        !store_load_incidents(r->store, which->domain, &d->arena, &incidents, &n, e))
        return false;
    struct walk w = {.d = d,
                     .domain = which->domain,
                     .from_day = alert_first_day(&r->config, incidents, n, which->from_day)};
    struct alert_case c = {
        .config = &r->config,
        .domain = which->domain,
        .entry = judge_domain(d->judge, which->domain),
        .incidents = incidents,
        .n_incidents = n,
        .silences = d->silences,
        .n_silences = d->n_silences,
        .learning = state.clock - first < r->config.learn,
        .reconfigured = d->reconfigured,
        .now = clock_now(),
        .event_clock = state.clock,
        .published = state.policy.p.v,
        .make_id = make_id,
    };
    const struct alert_rows rows = {walk, &w};
    struct decision made;
    if (!load_known(d, which->domain, &c, e))
        return set_aside(d, which->domain, e);
    if (!alert_decide(&c, &rows, &d->arena, &made, e))
        return set_aside(d, which->domain, e);
    bool waits;
    if (!must_wait(d, which->domain, &made, &waits, e))
        return false;
    if (waits)
        return put_off(d);
    return put_decision(d, &made, e) && put_known(d, which->domain, &made, e) &&
           (c.entry == SIZE_MAX ? keep_stranger(d, which->domain, &state, e)
                                : store_clear_dirty(r->store, which->domain, e));
}

static bool decide_each(struct decide *d, const struct store_domain *domains, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (!decide_domain(d, &domains[i], e))
            return false;
    return true;
}

/* Of what is due, a domain that has been looked at is due no more: it comes up at most once. */
static bool decide_due(struct decide *d, arena *a, struct err *e)
{
    struct store_domain *domains;
    size_t n;
    return store_due(d->run->store, clock_now(), a, &domains, &n, e) && decide_each(d, domains, n, e);
}

/* Days whose last reports are waited for no longer. */
static bool decide_overdue(struct decide *d, arena *a, struct err *e)
{
    struct store_domain *domains;
    size_t n;
    return store_overdue(d->run->store, clock_now(), a, &domains, &n, e) && decide_each(d, domains, n, e);
}

static bool decide_all(struct decide *d, arena *a, struct err *e)
{
    struct run *r = d->run;
    struct store_domain *domains;
    size_t n;
    if (!store_config_changed(r->store, r->config.hash, &d->reconfigured, e) ||
        !(d->reconfigured ? store_domains : store_dirty)(r->store, a, &domains, &n, e) ||
        !decide_each(d, domains, n, e) || !decide_due(d, a, e) || !decide_overdue(d, a, e))
        return false;
    return !d->reconfigured || d->some_left || store_set_config_hash(r->store, r->config.hash, e);
}

/* A domain of which no report came for a while, with what the decision needs. *watched: somebody sends
 * reports about it to a mailbox; that nobody imports any more is no news. */
static bool load_quiet(struct decide *d, sv domain, int64_t from, struct alert_quiet *q, bool *watched,
                       struct err *e)
{
    struct incident *incidents;
    int64_t *days;
    if (!store_is_delivered(d->run->store, domain, from, watched, e))
        return false;
    if (!store_load_incidents(d->run->store, domain, &d->arena, &incidents, &q->n_incidents, e) ||
        !store_report_days(d->run->store, domain, from, &d->arena, &days, &q->n_days, e))
        return false;
    q->domain = domain;
    q->entry = judge_domain(d->judge, domain);
    q->incidents = incidents;
    q->days = days;
    return true;
}

static bool put_quiet(struct decide *d, const struct alert_quiet *q, size_t n, struct err *e)
{
    const struct alert_quiet_case c = {.config = &d->run->config,
                                       .domains = q,
                                       .n_domains = n,
                                       .now = clock_now(),
                                       .silences = d->silences,
                                       .n_silences = d->n_silences,
                                       .make_id = make_id};
    struct decision *made;
    size_t n_made;
    if (!alert_decide_quiet(&c, &d->arena, &made, &n_made, e))
        return false;
    for (size_t i = 0; i < n_made; i++)
        if (!put_decision(d, &made[i], e))
            return false;
    return true;
}

/* Where a mailbox was not read to its end, its reports may lie in it. */
static bool decide_quiet(struct decide *d, struct err *e)
{
    struct run *r = d->run;
    struct store_domain *domains;
    size_t n;
    int64_t from = clock_now() - ALERT_QUIET_DAYS * DAY_SECONDS;
    if (r->read_to_end < r->config.n_mailboxes)
        return true;
    arena_reset(&d->arena);
    if (!store_quiet(r->store, from, clock_now() - ALERT_QUIET_LEAST * DAY_SECONDS, &d->arena, &domains, &n,
                     e))
        return false;
    struct alert_quiet *q = arena_array(&d->arena, n, sizeof *q);
    size_t n_watched = 0;
    for (size_t i = 0; q && i < n; i++) {
        bool watched;
        if (!load_quiet(d, domains[i].domain, from, &q[n_watched], &watched, e))
            return false;
        n_watched += watched;
    }
    return q ? put_quiet(d, q, n_watched, e) : err_set(e, ERR_MEMORY, "out of memory");
}

static bool put_plain(void *ctx, const struct alert_plain_case *base, struct err *e)
{
    struct decide *d = ctx;
    struct alert_plain_case c = *base;
    struct incident *incidents;
    struct decision made;
    c.make_id = make_id;
    c.silences = d->silences;
    c.n_silences = d->n_silences;
    if (!store_load_incidents(d->run->store, c.domain, &d->arena, &incidents, &c.n_incidents, e))
        return false;
    c.incidents = incidents;
    d->waited = false;
    if (!alert_decide_plain(&c, &d->arena, &made, e) || !must_wait(d, c.domain, &made, &d->waited, e))
        return false;
    if (d->waited)
        return put_off(d);
    d->half = !put_decision(d, &made, e);
    return !d->half;
}

/* After something was looked at in vain: what is too much for us there must not keep other news back. */
static bool without(struct decide *d, const char *what, struct err *e)
{
    arena_reset(&d->arena);
    arena_reset(&d->reads);
    return !d->half && set_aside(d, sv_c(what), e);
}

/* Domains of reports that nobody configured. Those that wait stay dirty. */
static bool decide_strangers(struct decide *d, const struct watch_to *to, struct err *e)
{
    const struct watch_strangers s = {
        .p = d->strangers, .n = d->n_strangers, .more = d->more_strangers, .reconfigured = d->reconfigured};
    d->waited = false;
    if (!watch_strangers(d->run, d->judge, &s, &d->arena, to, e))
        return without(d, "domains that are not configured", e);
    for (size_t i = 0; i < d->n_strangers && !d->waited; i++)
        if (!store_clear_dirty(d->run->store, d->strangers[i].domain, e))
            return false;
    return true;
}

/* That the agent does not work is no news out of an import, nor the state of a domain. */
static bool decide_agent(struct decide *d, struct err *e)
{
    const struct watch_to to = {put_plain, d, &d->waited};
    arena_reset(&d->arena);
    d->imported = d->is_first = false;
    return (watch_agent(d->run, &d->arena, &to, e) || without(d, "the agent", e)) &&
           (watch_unread(d->run, &d->arena, &to, e) || without(d, "mails that cannot be read", e)) &&
           decide_strangers(d, &to, e);
}

/* What other reports than aggregate ones say of domains. */
static bool decide_others(struct decide *d, struct err *e)
{
    static const struct {
        const char *what;
        bool (*look)(struct run *r, const struct judge *judge, const struct watch_memory *m,
                     const struct watch_to *to, struct err *e);
    } all[] = {{"failure reports", watch_failures},
               {"failures in TLS reports", watch_tls},
               {"policies in TLS reports", watch_tls_policy}};
    const struct watch_to to = {put_plain, d, &d->waited};
    const struct watch_memory memory = {&d->reads, &d->arena};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        arena_reset(&d->reads);
        arena_reset(&d->arena);
        if (!all[i].look(d->run, d->judge, &memory, &to, e) && !without(d, all[i].what, e))
            return false;
    }
    arena_reset(&d->reads);
    return true;
}

bool run_decide(struct run *r, struct err *e)
{
    arena a;
    arena_init(&a, DOMAIN_MEMORY);
    struct decide d = {.run = r, .judge = judge_prepare(&r->config, &a)};
    arena_init(&d.arena, DOMAIN_MEMORY);
    struct silence_cfg *silences = NULL;
    arena_init(&d.texts, DOMAIN_MEMORY);
    arena_init(&d.reads, DOMAIN_MEMORY);
    bool ok = d.judge ? store_begin_decide(r->store, e) : err_set(e, ERR_MEMORY, "out of memory");
    if (ok) {
        ok = hush_load(r->store, &r->config, clock_now(), &a, &silences, &d.n_silences, e);
        d.silences = silences;
        ok = ok && store_import_marked(r->store, &d.imported, e) &&
             store_is_undecided(r->store, &d.is_first, e) &&
             store_count_notices(r->store, SV(""), clock_now() - HOUR, &d.told, e) &&
             trust_answer(r->store, &r->config, &a, e) && decide_all(&d, &a, e) && decide_quiet(&d, e) &&
             decide_others(&d, e) && put_notices(&d, e) && decide_agent(&d, e) && put_notices(&d, e);
        store_ask_trust(r->store, NULL, NULL);
        if (ok)
            ok = store_commit_decide(r->store, e);
        else
            store_abort_decide(r->store);
    }
    if (ok)
        tell_waiting(&d);
    arena_free(&d.reads);
    arena_free(&d.texts);
    arena_free(&d.arena);
    arena_free(&a);
    return ok;
}

bool run_decide_channels(struct run *r, struct err *e)
{
    struct decide d = {.run = r};
    arena_init(&d.arena, DOMAIN_MEMORY);
    arena_init(&d.texts, DOMAIN_MEMORY);
    d.broken = arena_array(&r->arena, r->config.n_channels, sizeof *d.broken);
    bool ok = d.broken ? store_begin_decide(r->store, e) : err_set(e, ERR_MEMORY, "out of memory");
    if (ok) {
        struct silence_cfg *silences = NULL;
        ok = hush_load(r->store, &r->config, clock_now(), &r->arena, &silences, &d.n_silences, e);
        d.silences = silences;
        ok = ok && watch_channels(r, &d.arena, d.broken, &(struct watch_to){put_plain, &d, &d.waited}, e) &&
             put_notices(&d, e);
        if (ok)
            ok = store_commit_decide(r->store, e);
        else
            store_abort_decide(r->store);
    }
    arena_free(&d.texts);
    arena_free(&d.arena);
    return ok;
}
