#include "store/outbox.h"

#include "db.h"
#include "incident.h"

enum { BACKOFF_FIRST = 300, BACKOFF_MOST = 6 * 3600, HOLD_MOST = 86400 };

int64_t store_backoff(uint32_t attempts, uint32_t jitter)
{
    int64_t wait = BACKOFF_FIRST;
    for (uint32_t i = 1; i < attempts && wait < BACKOFF_MOST; i++)
        wait *= 2;
    if (wait > BACKOFF_MOST)
        wait = BACKOFF_MOST;
    int64_t fifth = wait / 5;
    return wait - fifth + (int64_t)jitter % (2 * fifth + 1);
}

static bool run_alone(struct store *s, struct query *q, bool one, struct err *e)
{
    return (one ? query_run_one(q, e) : query_run(q, e)) && tx_commit(s, e);
}

bool store_outbox_recover(struct store *s, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_outbox_recover);
    return run_alone(s, &q, false, e);
}

bool store_outbox_next(struct store *s, int64_t now, arena *a, struct store_delivery *out, bool *found,
                       struct err *e)
{
    struct query q = query_start(s, SQL_outbox_next);
    bind_int(&q, now);
    bind_int(&q, STORE_WAIT_MAX);
    *found = query_row(&q);
    if (*found) {
        sv notice = col_blob(&q, 1);
        *out = (struct store_delivery){.id = col_int(&q, 0),
                                       .channel = arena_sv(a, col_text(&q, 2)),
                                       .frozen = arena_sv(a, col_blob(&q, 3)),
                                       .created = col_int(&q, 4),
                                       .attempts = (uint32_t)col_int(&q, 5),
                                       .repeat_possible = col_int(&q, 6) != 0};
        memcpy(out->notice, notice.p, notice.n < INCIDENT_ID ? notice.n : INCIDENT_ID);
    }
    return query_end(&q, e) &&
           (!a->failed || err_set(e, ERR_MEMORY, "%s: out of memory over a notice", s->path));
}

bool store_outbox_claim(struct store *s, int64_t id, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_outbox_claim);
    bind_int(&q, id);
    return run_alone(s, &q, true, e);
}

bool store_outbox_of_domain(struct store *s, sv channel, sv domain, arena *a, struct store_delivery **out,
                            size_t *n, struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(struct store_delivery)};
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_outbox_of_domain);
    bind_text(&q, channel);
    bind_text(&q, domain);
    for (struct store_delivery *row; query_row(&q) && (row = growing_add(&list));)
        *row = (struct store_delivery){
            .id = col_int(&q, 0), .frozen = arena_sv(a, col_blob(&q, 1)), .created = col_int(&q, 2)};
    *out = list.items;
    *n = list.n;
    return query_end(&q, e) &&
           (!a->failed || err_set(e, ERR_MEMORY, "%s: out of memory over notices that wait", s->path));
}

bool store_outbox_supersede(struct store *s, int64_t id, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_outbox_drop);
    bind_int(&q, id);
    return query_run(&q, e);
}

bool store_outbox_rest(struct store *s, int64_t id, int64_t until, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_outbox_rest);
    bind_int(&q, id);
    bind_int(&q, until);
    return run_alone(s, &q, true, e);
}

static bool finish(struct store *s, int64_t id, sv state, int64_t now, sv error, struct err *e)
{
    struct query q = query_start(s, SQL_outbox_finish);
    bind_int(&q, id);
    bind_text(&q, state);
    bind_int(&q, now);
    bind_text(&q, error);
    return run_alone(s, &q, true, e);
}

bool store_outbox_sent(struct store *s, int64_t id, int64_t now, struct err *e)
{
    return tx_begin(s, TX_SHORT, e) && finish(s, id, SV("sent"), now, SV_ABSENT, e);
}

bool store_outbox_dead(struct store *s, int64_t id, int64_t now, sv error, struct err *e)
{
    return tx_begin(s, TX_SHORT, e) && finish(s, id, SV("dead"), now, error, e);
}

struct attempt {
    sv channel;
    uint32_t attempts;
    int64_t created;
};

static bool find_attempt(struct store *s, int64_t id, arena *a, struct attempt *out, struct err *e)
{
    struct query q = query_start(s, SQL_outbox_attempt);
    bind_int(&q, id);
    bool found = query_row(&q);
    if (found)
        *out = (struct attempt){.channel = arena_sv(a, col_text(&q, 0)),
                                .attempts = (uint32_t)col_int(&q, 1),
                                .created = col_int(&q, 2)};
    if (!query_end(&q, e))
        return false;
    if (found && !a->failed)
        return true;
    tx_rollback(s);
    return found ? err_set(e, ERR_MEMORY, "%s: out of memory over a channel", s->path)
                 : err_set(e, ERR_BUG, "%s: a notice is not being sent", s->path);
}

static bool hold_channel(struct store *s, sv channel, int64_t until, struct err *e)
{
    struct query q = query_start(s, SQL_channel_hold);
    bind_text(&q, channel);
    bind_int(&q, until);
    return query_run(&q, e);
}

static bool wait_again(struct store *s, int64_t id, int64_t not_before, const struct store_retry *r,
                       struct err *e)
{
    struct query q = query_start(s, SQL_outbox_wait);
    bind_int(&q, id);
    bind_int(&q, not_before);
    bind_text(&q, r->error);
    bind_int(&q, r->repeat_possible);
    return run_alone(s, &q, true, e);
}

/* What waits for the channel as long as this one did goes with it. */
static bool expire(struct store *s, sv channel, const struct store_retry *r, struct err *e)
{
    struct query q = query_start(s, SQL_outbox_expire);
    bind_text(&q, channel);
    bind_int(&q, r->now - (int64_t)s->limits.send_give_up);
    bind_int(&q, r->now);
    bind_text(&q, r->error);
    if (!query_run(&q, e))
        return false;
    q = query_start(s, SQL_channel_gave_up);
    bind_text(&q, channel);
    bind_int(&q, r->now);
    return query_run(&q, e);
}

static bool retry(struct store *s, int64_t id, const struct store_retry *r, const struct attempt *at,
                  bool *gave_up, struct err *e)
{
    int64_t since = r->since > at->created ? r->since : at->created;
    *gave_up = r->now - since >= (int64_t)s->limits.send_give_up;
    if (*gave_up)
        return expire(s, at->channel, r, e) && finish(s, id, SV("dead"), r->now, r->error, e);
    if (r->retry_after <= 0)
        return wait_again(s, id, r->now + store_backoff(at->attempts, r->jitter), r, e);
    int64_t until = r->now + (r->retry_after < HOLD_MOST ? r->retry_after : HOLD_MOST);
    return hold_channel(s, at->channel, until, e) && wait_again(s, id, until, r, e);
}

bool store_outbox_retry(struct store *s, int64_t id, const struct store_retry *r, bool *gave_up,
                        struct err *e)
{
    struct attempt at = {.attempts = 0};
    arena a CLEANUP(arena_free);
    arena_init(&a, KIB(64));
    return tx_begin(s, TX_SHORT, e) && find_attempt(s, id, &a, &at, e) && retry(s, id, r, &at, gave_up, e);
}

bool store_outbox_counts(struct store *s, struct store_outbox_counts *out, struct err *e)
{
    struct query q = query_start(s, SQL_outbox_counts);
    *out = (struct store_outbox_counts){.waiting = 0};
    if (query_row(&q)) {
        out->waiting = (uint64_t)col_int(&q, 0);
        out->dead = (uint64_t)col_int(&q, 1);
        out->oldest = col_int(&q, 2);
    }
    return query_end(&q, e);
}

static bool outbox_state_from(sv text, enum store_outbox_state *out)
{
    static const sv names[] = {SV_INIT("waiting"), SV_INIT("sending"), SV_INIT("dead")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (sv_eq(text, names[i])) {
            *out = (enum store_outbox_state)i;
            return true;
        }
    }
    return false;
}

static bool read_row(struct query *q, arena *a, struct store_outbox_row *row)
{
    sv notice = col_blob(q, 1);
    *row = (struct store_outbox_row){.id = col_int(q, 0),
                                     .channel = arena_sv(a, col_text(q, 2)),
                                     .created = col_int(q, 4),
                                     .attempts = (uint32_t)col_int(q, 5),
                                     .not_before = col_int(q, 6),
                                     .error = arena_sv(a, col_text(q, 7)),
                                     .domain = arena_sv(a, col_text(q, 8)),
                                     .severity = arena_sv(a, col_text(q, 9))};
    memcpy(row->notice, notice.p, notice.n < INCIDENT_ID ? notice.n : INCIDENT_ID);
    return outbox_state_from(col_text(q, 3), &row->state);
}

bool store_outbox_list(struct store *s, int64_t id, arena *a, struct store_outbox_row **out, size_t *n,
                       struct err *e)
{
    struct query q = query_start(s, SQL_outbox_list);
    bind_int(&q, id);
    bind_int(&q, STORE_OUTBOX_LIST);
    *out = arena_array(a, id ? 1 : STORE_OUTBOX_LIST, sizeof **out);
    *n = 0;
    while (*out && query_row(&q) && read_row(&q, a, &(*out)[*n]))
        ++*n;
    return query_end(&q, e) && (!a->failed || err_set(e, ERR_MEMORY, "%s: out of memory", s->path));
}

static bool change_one(struct store *s, enum statement which, int64_t id, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, which);
    bind_int(&q, id);
    return run_alone(s, &q, false, e);
}

bool store_outbox_revive(struct store *s, int64_t id, struct err *e)
{
    return change_one(s, SQL_outbox_revive, id, e);
}

bool store_outbox_drop(struct store *s, int64_t id, struct err *e)
{
    return change_one(s, SQL_outbox_drop, id, e);
}
