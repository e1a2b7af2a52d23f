/* Mailboxes: how far they are read, and what could not be had. */
#include "mailbox.h"

#include "db.h"
#include "store/mails.h"

static bool make_mailbox(struct store *s, const struct store_mailbox_key *key, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_mailbox_make);
    bind_mailbox(&q, key);
    return query_run(&q, e) && tx_commit(s, e);
}

static bool get_mailbox(struct store *s, const struct store_mailbox_key *key, struct store_mailbox *out,
                        bool *found, struct err *e)
{
    struct query q = query_start(s, SQL_mailbox_get);
    bind_mailbox(&q, key);
    *found = query_row(&q);
    if (*found)
        *out = (struct store_mailbox){
            .id = col_int(&q, 0), .uidvalidity = (uint32_t)col_int(&q, 1), .mark = (uint32_t)col_int(&q, 2)};
    return query_end(&q, e);
}

static bool gap_count(struct store *s, int64_t mailbox, int64_t *n, struct err *e)
{
    bool found;
    struct query q = query_start(s, SQL_gap_count);
    bind_int(&q, mailbox);
    return query_int(&q, n, &found, e);
}

static bool load_gaps(struct store *s, arena *a, struct store_mailbox *m, struct err *e)
{
    int64_t count;
    if (!gap_count(s, m->id, &count, e))
        return false;
    m->gaps = arena_array(a, (size_t)count, sizeof *m->gaps);
    if (m->gaps == NULL)
        return err_set(e, ERR_MEMORY, "%s: out of memory over the gaps of a mailbox", s->path);
    struct query q = query_start(s, SQL_gap_list);
    bind_int(&q, m->id);
    while (m->n_gaps < (size_t)count && query_row(&q))
        m->gaps[m->n_gaps++] = (struct store_gap){.uid = (uint32_t)col_int(&q, 0),
                                                  .tries = (uint32_t)col_int(&q, 1),
                                                  .reason = mailbox_reject(col_text(&q, 2)),
                                                  .size = (uint64_t)col_int(&q, 3)};
    return query_end(&q, e);
}

enum reject mailbox_reject(sv code)
{
    for (int r = REJECT_NONE_ + 1; r < REJECT_END; r++)
        if (sv_eq(code, sv_c(reject_code((enum reject)r))))
            return (enum reject)r;
    return REJECT_unfetchable;
}

bool store_mailbox(struct store *s, const struct store_mailbox_key *key, arena *a, struct store_mailbox *out,
                   struct err *e)
{
    bool found;
    if (!get_mailbox(s, key, out, &found, e))
        return false;
    if (!found && !(make_mailbox(s, key, e) && get_mailbox(s, key, out, &found, e)))
        return false;
    return load_gaps(s, a, out, e);
}

bool store_mailbox_id(struct store *s, const struct store_mailbox_key *key, int64_t *id, struct err *e)
{
    struct store_mailbox m;
    bool found;
    if (!get_mailbox(s, key, &m, &found, e))
        return false;
    *id = found ? m.id : 0;
    return true;
}

static bool void_mailbox(struct store *s, int64_t mailbox, uint32_t uidvalidity, struct err *e)
{
    static const enum statement what[] = {SQL_gap_void, SQL_debt_void};
    for (size_t i = 0; i < COUNT_OF(what); i++) {
        struct query q = query_start(s, what[i]);
        bind_int(&q, mailbox);
        if (!query_run(&q, e))
            return false;
    }
    struct query q = query_start(s, SQL_mailbox_void);
    bind_int(&q, mailbox);
    bind_int(&q, uidvalidity);
    return query_run_one(&q, e);
}

bool store_mailbox_opened(struct store *s, int64_t mailbox, uint32_t uidvalidity, bool *changed,
                          struct err *e)
{
    int64_t stored;
    bool found;
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_mailbox_validity);
    bind_int(&q, mailbox);
    if (!query_int(&q, &stored, &found, e))
        return false;
    bool other = stored != uidvalidity;
    if (other && !void_mailbox(s, mailbox, uidvalidity, e))
        return false;
    if (!tx_commit(s, e))
        return false;
    *changed = other && stored != 0;
    return true;
}

bool mailbox_tries(struct store *s, int64_t mailbox, uint32_t uid, uint64_t *tries, struct err *e)
{
    int64_t before;
    bool found;
    struct query q = query_start(s, SQL_gap_tries);
    bind_int(&q, mailbox);
    bind_int(&q, uid);
    if (!query_int(&q, &before, &found, e))
        return false;
    *tries = (uint64_t)before + 1;
    return true;
}

bool mailbox_gaps_full(struct store *s, int64_t mailbox, bool *full, struct err *e)
{
    int64_t n;
    if (!gap_count(s, mailbox, &n, e))
        return false;
    *full = (uint64_t)n >= s->limits.mailbox_gaps;
    return true;
}

bool mailbox_put_gap(struct store *s, int64_t mailbox, const struct store_gap *gap, sv detail, struct err *e)
{
    struct query q = query_start(s, SQL_gap_put);
    bind_int(&q, mailbox);
    bind_int(&q, gap->uid);
    bind_text(&q, sv_c(reject_code(gap->reason)));
    bind_text(&q, detail);
    bind_count(&q, gap->size);
    bind_int(&q, gap->tries);
    return query_run(&q, e);
}

bool store_drop_gap(struct store *s, int64_t mailbox, uint32_t uid, struct err *e)
{
    if (!tx_need(s, TX_MAILS, e))
        return false;
    struct query q = query_start(s, SQL_gap_drop);
    bind_int(&q, mailbox);
    bind_int(&q, uid);
    return query_run(&q, e);
}

static bool is_settled(struct store *s, int64_t mailbox, uint32_t uidvalidity, uint32_t uid, bool *settled,
                       struct err *e)
{
    int64_t one;
    struct query q = query_start(s, SQL_mailbox_settled);
    bind_int(&q, mailbox);
    bind_int(&q, uidvalidity);
    bind_int(&q, uid);
    return query_int(&q, &one, settled, e);
}

/* Position of the first UID above the mark. */
static size_t first_above(const struct store_listing *l, uint32_t mark)
{
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->uids[middle] <= mark)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The highest UID up to which nothing listed is open. */
static bool new_mark(struct store *s, int64_t mailbox, const struct store_listing *l, uint32_t *mark,
                     struct err *e)
{
    for (size_t i = first_above(l, *mark); i < l->n; i++) {
        bool settled;
        if (!is_settled(s, mailbox, l->uidvalidity, l->uids[i], &settled, e))
            return false;
        if (!settled)
            return true;
        *mark = l->uids[i];
    }
    if (l->upto > *mark)
        *mark = l->upto;
    return true;
}

bool store_move_mark(struct store *s, int64_t mailbox, const struct store_listing *l, uint32_t *mark,
                     struct err *e)
{
    int64_t stored;
    bool found;
    if (!tx_need(s, TX_MAILS, e))
        return false;
    struct query q = query_start(s, SQL_mailbox_mark);
    bind_int(&q, mailbox);
    bind_int(&q, l->uidvalidity);
    if (!query_int(&q, &stored, &found, e))
        return false;
    *mark = (uint32_t)stored;
    if (!found || *mark < l->from)
        return true;
    if (!new_mark(s, mailbox, l, mark, e))
        return false;
    q = query_start(s, SQL_mailbox_move);
    bind_int(&q, mailbox);
    bind_int(&q, *mark);
    return query_run(&q, e);
}
