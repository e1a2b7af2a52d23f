#include "store/runs.h"

#include "base/clock.h"
#include "db.h"

static bool check_file(struct store *s, struct err *e)
{
    struct query q = query_start(s, SQL_run_check);
    sv said = query_row(&q) ? col_text(&q, 0) : SV_ABSENT;
    bool sound = sv_eq(said, SV("ok"));
    struct err damage;
    err_set(&damage, ERR_DAMAGED, "%s: the database is damaged (%.*s)", s->path, SV_ARG(said));
    if (!query_end(&q, e))
        return false;
    if (!sound)
        *e = damage;
    return sound;
}

static const char checked_key[] = "checked";

/* After a run that did not end, and else now and then: it reads the whole file. */
static bool is_check_due(struct store *s, int64_t now, bool *due, struct err *e)
{
    int64_t unended, checked;
    bool found;
    struct query q = query_start(s, SQL_run_unended);
    if (!query_int(&q, &unended, &found, e))
        return false;
    q = query_start(s, SQL_meta_get);
    bind_text(&q, sv_c(checked_key));
    if (!query_int(&q, &checked, &found, e))
        return false;
    *due = unended || !found || now - checked >= STORE_CHECK_DAYS * DAY_SECONDS || checked > now;
    return true;
}

static bool note_check(struct store *s, int64_t now, struct err *e)
{
    struct query q = query_start(s, SQL_meta_put);
    bind_text(&q, sv_c(checked_key));
    bind_int(&q, now);
    return query_run(&q, e);
}

bool store_run_begin(struct store *s, int64_t now, int64_t *id, struct err *e)
{
    bool due;
    if (!is_check_due(s, now, &due, e) || (due && !check_file(s, e)) || !tx_begin(s, TX_SHORT, e) ||
        (due && !note_check(s, now, e)))
        return false;
    struct query q = query_start(s, SQL_run_put);
    bind_int(&q, now);
    if (!query_run(&q, e))
        return false;
    *id = sqlite3_last_insert_rowid(s->db);
    return tx_commit(s, e);
}

bool store_run_end(struct store *s, int64_t id, int64_t now, int exit_code, const struct store_run_counts *c,
                   struct err *e)
{
    const uint64_t counts[] = {c->mails, c->reports, c->known, c->rejects, c->notices, c->sent, c->failed};
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_run_end);
    bind_int(&q, id);
    bind_int(&q, now);
    bind_int(&q, exit_code);
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        bind_count(&q, counts[i]);
    return query_run_one(&q, e) && tx_commit(s, e);
}

bool store_last_run(struct store *s, struct store_run *out, bool *found, struct err *e)
{
    struct query q = query_start(s, SQL_run_last);
    *found = query_row(&q);
    if (*found)
        *out = (struct store_run){.id = col_int(&q, 0),
                                  .started = col_int(&q, 1),
                                  .ended = col_int(&q, 2),
                                  .exit_code = (int)col_int(&q, 3),
                                  .counts = {.mails = (uint64_t)col_int(&q, 4),
                                             .reports = (uint64_t)col_int(&q, 5),
                                             .known = (uint64_t)col_int(&q, 6),
                                             .rejects = (uint64_t)col_int(&q, 7),
                                             .notices = (uint64_t)col_int(&q, 8),
                                             .sent = (uint64_t)col_int(&q, 9),
                                             .failed = (uint64_t)col_int(&q, 10)}};
    return query_end(&q, e);
}

static bool get_streak(struct store *s, sv object, sv error, struct store_streak *out, struct err *e)
{
    struct query q = query_start(s, SQL_streak_get);
    bind_text(&q, object);
    bind_text(&q, error);
    *out = (struct store_streak){.runs = 0};
    if (query_row(&q))
        *out = (struct store_streak){
            .runs = (uint32_t)col_int(&q, 0), .since = col_int(&q, 1), .same_error = col_int(&q, 2) != 0};
    return query_end(&q, e);
}

bool store_streak_failed(struct store *s, int64_t run, sv object, int64_t now, sv error,
                         struct store_streak *out, struct err *e)
{
    struct store_streak before;
    if (!tx_begin(s, TX_SHORT, e) || !get_streak(s, object, error, &before, e))
        return false;
    struct query q = query_start(s, SQL_streak_put);
    bind_text(&q, object);
    bind_int(&q, now);
    bind_int(&q, run);
    bind_text(&q, error);
    if (!query_run(&q, e) || !get_streak(s, object, error, out, e))
        return false;
    out->same_error = before.same_error;
    return tx_commit(s, e);
}

bool store_streak_ended(struct store *s, sv object, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_streak_drop);
    bind_text(&q, object);
    return query_run(&q, e) && tx_commit(s, e);
}
