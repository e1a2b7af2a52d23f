#include "store/channels.h"

#include "db.h"

static bool run_alone(struct store *s, struct query *q, struct err *e)
{
    return query_run(q, e) && tx_commit(s, e);
}

bool store_channels(struct store *s, arena *a, struct store_channel **out, size_t *n, struct err *e)
{
    int64_t most = 0;
    bool found;
    struct query count = query_start(s, SQL_channel_count);
    *n = 0;
    if (!query_int(&count, &most, &found, e))
        return false;
    *out = arena_array(a, (size_t)most + 1, sizeof **out);
    struct query q = query_start(s, SQL_channel_list);
    while (*out && *n < (size_t)most && query_row(&q))
        (*out)[(*n)++] = (struct store_channel){.name = arena_sv(a, col_text(&q, 0)),
                                                .hold_until = col_int(&q, 1),
                                                .parked = col_int(&q, 2),
                                                .error = arena_sv(a, col_text(&q, 3)),
                                                .gave_up = col_int(&q, 4),
                                                .waiting = (uint64_t)col_int(&q, 5),
                                                .dead = (uint64_t)col_int(&q, 6)};
    return query_end(&q, e) && (!a->failed || err_set(e, ERR_MEMORY, "%s: out of memory", s->path));
}

static bool begin(struct store *s, sv channel, uint32_t config, struct err *e)
{
    struct query q = query_start(s, SQL_channel_begin);
    bind_text(&q, channel);
    bind_int(&q, config);
    if (!query_run(&q, e))
        return false;
    q = query_start(s, SQL_outbox_due);
    bind_text(&q, channel);
    return query_run(&q, e);
}

bool store_channel_begin(struct store *s, sv channel, uint32_t config, bool *changed, struct err *e)
{
    int64_t last = 0;
    bool found;
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_channel_config);
    bind_text(&q, channel);
    if (!query_int(&q, &last, &found, e))
        return false;
    bool same = found && last == config;
    *changed = found && !same;
    return (same || begin(s, channel, config, e)) && tx_commit(s, e);
}

bool store_channel_park(struct store *s, sv channel, int64_t now, sv error, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_channel_park);
    bind_text(&q, channel);
    bind_int(&q, now);
    bind_text(&q, error);
    return run_alone(s, &q, e);
}

bool store_channel_worked(struct store *s, sv channel, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_channel_worked);
    bind_text(&q, channel);
    return run_alone(s, &q, e);
}

bool store_standing_put(struct store *s, sv channel, const uint8_t incident[INCIDENT_ID],
                        const uint8_t notice[INCIDENT_ID], struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_standing_put);
    bind_text(&q, channel);
    bind_blob(&q, incident, INCIDENT_ID);
    bind_blob(&q, notice, INCIDENT_ID);
    return run_alone(s, &q, e);
}

static void read_standing(struct query *q, arena *a, const struct store_standing *before,
                          struct store_standing *out)
{
    sv incident = col_blob(q, 0), notice = col_blob(q, 1);
    memcpy(out->incident, incident.p, incident.n < INCIDENT_ID ? incident.n : INCIDENT_ID);
    memcpy(out->notice, notice.p, notice.n < INCIDENT_ID ? notice.n : INCIDENT_ID);
    out->firing = col_int(q, 2) != 0;
    bool same = before && memcmp(before->notice, out->notice, INCIDENT_ID) == 0;
    out->frozen = same ? before->frozen : arena_sv(a, col_blob(q, 3));
}

bool store_standing(struct store *s, sv channel, const uint8_t *after, size_t most, arena *a,
                    struct store_standing **out, size_t *n, struct err *e)
{
    static const uint8_t first[INCIDENT_ID] = {0};
    struct query q = query_start(s, SQL_standing_list);
    bind_text(&q, channel);
    bind_blob(&q, after ? after : first, INCIDENT_ID);
    bind_int(&q, (int64_t)most);
    *out = arena_array(a, most, sizeof **out);
    *n = 0;
    while (*out && *n < most && query_row(&q)) {
        read_standing(&q, a, *n ? &(*out)[*n - 1] : NULL, &(*out)[*n]);
        ++*n;
    }
    return query_end(&q, e) && (!a->failed || err_set(e, ERR_MEMORY, "%s: out of memory", s->path));
}

bool store_standing_drop(struct store *s, sv channel, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_standing_drop);
    bind_text(&q, channel);
    return run_alone(s, &q, e);
}
