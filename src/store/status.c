#include "store/status.h"

#include "db.h"

bool store_box_status(struct store *s, const struct store_mailbox_key *key, struct store_box_status *out,
                      struct err *e)
{
    struct query q = query_start(s, SQL_status_mailbox);
    bind_mailbox(&q, key);
    *out = (struct store_box_status){.known = query_row(&q)};
    if (out->known) {
        out->uidvalidity = (uint32_t)col_int(&q, 0);
        out->mark = (uint32_t)col_int(&q, 1);
        out->gaps = (uint64_t)col_int(&q, 2);
    }
    return query_end(&q, e);
}

static bool last_success(struct store *s, int64_t before, int64_t *out, struct err *e)
{
    bool found;
    struct query q = query_start(s, SQL_status_success);
    bind_int(&q, before);
    return query_int(&q, out, &found, e);
}

bool store_object_status(struct store *s, sv object, arena *a, struct store_object_status *out, struct err *e)
{
    struct query q = query_start(s, SQL_status_streak);
    bind_text(&q, object);
    *out = (struct store_object_status){.since = INT64_MAX};
    if (query_row(&q)) {
        out->failed_runs = (uint32_t)col_int(&q, 0);
        out->since = col_int(&q, 1);
        out->error = arena_sv(a, col_text(&q, 2));
    }
    return query_end(&q, e) && last_success(s, out->since, &out->last_success, e);
}

bool store_channel_status(struct store *s, sv channel, struct store_channel_status *out, struct err *e)
{
    struct query q = query_start(s, SQL_status_channel);
    bind_text(&q, channel);
    *out = (struct store_channel_status){.waiting = 0};
    if (query_row(&q)) {
        out->waiting = (uint64_t)col_int(&q, 0);
        out->dead = (uint64_t)col_int(&q, 1);
        out->hold_until = col_int(&q, 2);
    }
    return query_end(&q, e);
}

bool store_quarantine_count(struct store *s, uint64_t *out, struct err *e)
{
    int64_t n;
    bool found;
    struct query q = query_start(s, SQL_status_quarantine);
    bool fine = query_int(&q, &n, &found, e);
    *out = fine ? (uint64_t)n : 0;
    return fine;
}
