#include "store/decide.h"

#include "incident.h"

bool store_begin_decide(struct store *s, struct err *e)
{
    return tx_begin(s, TX_DECIDE, e);
}

bool store_commit_decide(struct store *s, struct err *e)
{
    return tx_need(s, TX_DECIDE, e) && tx_commit(s, e);
}

void store_abort_decide(struct store *s)
{
    if (s->tx == TX_DECIDE)
        tx_rollback(s);
}

static bool damaged(struct store *s, struct err *e)
{
    tx_rollback(s);
    return err_set(e, ERR_DAMAGED, "%s: the database is damaged: an incident", s->path);
}

static bool no_memory(struct store *s, struct err *e)
{
    tx_rollback(s);
    return err_set(e, ERR_MEMORY, "%s: out of memory over incidents", s->path);
}

static bool load_networks(struct store *s, arena *a, struct incident *i, struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(struct cidr)};
    bool ok = true;
    struct query q = query_start(s, SQL_network_list);
    bind_blob(&q, i->id, INCIDENT_ID);
    while (ok && query_row(&q)) {
        sv ip = col_blob(&q, 0);
        struct cidr *net = growing_add(&list);
        ok = net && ip.n == sizeof net->ip.b;
        if (!ok)
            break;
        memcpy(net->ip.b, ip.p, ip.n);
        net->bits = (uint8_t)col_int(&q, 1);
    }
    i->networks = list.items;
    i->n_networks = list.n;
    return query_end(&q, e) && (ok || (a->failed ? no_memory(s, e) : damaged(s, e)));
}

static bool load_told(struct store *s, arena *a, struct incident *i, struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(struct told_channel)};
    struct query q = query_start(s, SQL_told_list);
    bind_blob(&q, i->id, INCIDENT_ID);
    for (struct told_channel *t; query_row(&q) && (t = growing_add(&list));)
        *t = (struct told_channel){.channel = arena_sv(a, col_text(&q, 0)),
                                   .episode = (uint32_t)col_int(&q, 1),
                                   .at = col_int(&q, 2)};
    i->told = list.items;
    i->n_told = list.n;
    return query_end(&q, e) && (!a->failed || no_memory(s, e));
}

bool store_load_incidents(struct store *s, sv domain, arena *a, struct incident **out, size_t *n,
                          struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(struct incident)};
    bool ok = tx_need(s, TX_DECIDE, e);
    if (!ok)
        return false;
    struct query q = query_start(s, SQL_incident_list);
    bind_text(&q, domain);
    while (ok && query_row(&q)) {
        struct incident *i = growing_add(&list);
        ok = i && incident_read(&q, a, i);
    }
    if (!query_end(&q, e))
        return false;
    if (!ok || a->failed)
        return a->failed ? no_memory(s, e) : damaged(s, e);
    *out = list.items;
    *n = list.n;
    for (size_t i = 0; i < list.n; i++)
        if (!load_networks(s, a, &(*out)[i], e) || !load_told(s, a, &(*out)[i], e))
            return false;
    return true;
}

bool store_due(struct store *s, int64_t now, arena *a, struct store_domain **out, size_t *n, struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(struct store_domain)};
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_incident_due);
    bind_int(&q, now);
    for (struct store_domain *d; query_row(&q) && (d = growing_add(&list));)
        *d = (struct store_domain){arena_sv(a, col_text(&q, 0)), col_int(&q, 1)};
    *out = list.items;
    *n = list.n;
    return query_end(&q, e) && (!a->failed || no_memory(s, e));
}

bool store_same_incidents(struct store *s, const struct incident *i, sv channel, int64_t before, arena *a,
                          sv **out, size_t *n, struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(sv)};
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_incident_same);
    bind_text(&q, sv_c(rule_name(i->rule)));
    bind_text(&q, i->subject);
    bind_int(&q, before);
    bind_text(&q, channel);
    for (sv *domain; query_row(&q) && (domain = growing_add(&list));)
        *domain = arena_sv(a, col_text(&q, 0));
    *out = list.items;
    *n = list.n;
    return query_end(&q, e) && (!a->failed || no_memory(s, e));
}

bool store_put_told(struct store *s, const struct incident *i, sv channel, int64_t now, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_told_put);
    bind_blob(&q, i->id, INCIDENT_ID);
    bind_text(&q, channel);
    bind_int(&q, i->episode);
    bind_int(&q, now);
    return query_run(&q, e);
}

bool store_load_known(struct store *s, sv domain, arena *a, struct store_known **out, size_t *n,
                      struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(struct store_known)};
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_known_list);
    bind_text(&q, domain);
    while (!a->failed && query_row(&q)) {
        struct store_known *k = growing_add(&list);
        if (k)
            *k = (struct store_known){col_int(&q, 0), arena_sv(a, col_blob(&q, 1)), col_int(&q, 2)};
    }
    *out = list.items;
    *n = list.n;
    return query_end(&q, e) && (!a->failed || no_memory(s, e));
}

bool store_put_known(struct store *s, sv domain, const struct store_known *k, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_known_put);
    bind_text(&q, domain);
    bind_int(&q, k->kind);
    bind_blob(&q, k->key.p ? k->key.p : "", k->key.n);
    bind_int(&q, k->first_day);
    return query_run(&q, e);
}

bool store_set_deadline(struct store *s, sv domain, int64_t at, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, at ? SQL_deadline_put : SQL_deadline_drop);
    bind_text(&q, domain);
    if (at)
        bind_int(&q, at);
    return query_run(&q, e);
}

static bool put_network(struct store *s, const struct incident *i, const struct cidr *net, struct err *e)
{
    struct query q = query_start(s, SQL_network_put);
    bind_blob(&q, i->id, INCIDENT_ID);
    bind_blob(&q, net->ip.b, sizeof net->ip.b);
    bind_int(&q, net->bits);
    return query_run(&q, e);
}

bool store_put_incident(struct store *s, const struct incident *i, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_incident_put);
    bind_blob(&q, i->id, INCIDENT_ID);
    bind_text(&q, sv_c(rule_name(i->rule)));
    bind_text(&q, i->domain);
    bind_text(&q, i->subject.p ? i->subject : SV(""));
    bind_text(&q, sv_c(severity_name(i->severity)));
    bind_text(&q, sv_c(incident_state_name(i->state)));
    bind_int(&q, i->episode);
    bind_int(&q, i->first_day);
    bind_int(&q, i->last_day);
    bind_int(&q, i->opened);
    bind_int(&q, i->told_at);
    bind_text(&q, sv_c(severity_name(i->told_severity)));
    bind_count(&q, i->told_failed);
    bind_count(&q, i->told_let_through);
    bind_text(&q, i->before);
    bind_text(&q, i->after);
    bind_int(&q, i->repeats);
    bind_int(&q, i->due);
    bind_int(&q, i->acked_at);
    bind_text(&q, i->acked_by);
    if (!query_run(&q, e))
        return false;
    for (size_t n = 0; n < i->n_networks; n++)
        if (!put_network(s, i, &i->networks[n], e))
            return false;
    return true;
}

static bool put_outbox(struct store *s, const struct notice *notice, sv channel, struct err *e)
{
    struct query q = query_start(s, SQL_outbox_put);
    bind_blob(&q, notice->id, INCIDENT_ID);
    bind_text(&q, channel);
    bind_int(&q, notice->created);
    return query_run(&q, e);
}

bool store_put_notice(struct store *s, const struct notice *notice, sv frozen, const sv *channels,
                      size_t n_channels, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_notice_put);
    bind_blob(&q, notice->id, INCIDENT_ID);
    bind_text(&q, notice->domain.p ? notice->domain : SV(""));
    bind_text(&q, sv_c(severity_name(notice->severity)));
    bind_int(&q, notice->created);
    bind_blob(&q, frozen.p, frozen.n);
    if (!query_run(&q, e))
        return false;
    for (size_t i = 0; i < n_channels; i++)
        if (!put_outbox(s, notice, channels[i], e))
            return false;
    return true;
}

bool store_count_notices(struct store *s, sv domain, int64_t after, uint64_t *n, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_notice_count);
    bind_int(&q, after);
    bind_text(&q, domain);
    int64_t all;
    bool found;
    if (!query_int(&q, &all, &found, e))
        return false;
    *n = (uint64_t)all;
    return true;
}

bool store_clear_dirty(struct store *s, sv domain, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_dirty_drop);
    bind_text(&q, domain);
    return query_run(&q, e);
}

bool store_set_config_hash(struct store *s, const uint8_t hash[32], struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_meta_put);
    bind_text(&q, SV("config_hash"));
    bind_blob(&q, hash, 32);
    return query_run(&q, e);
}
