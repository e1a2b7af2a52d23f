#include "store/debts.h"

#include "db.h"

static sv action_of(enum store_debt debt)
{
    switch (debt) {
    case STORE_DEBT_AFTER:
        return SV("after");
    case STORE_DEBT_ON_ERROR:
        return SV("on_error");
    case STORE_DEBT_END:
        break;
    }
    return SV_ABSENT;
}

static struct query start(struct store *s, enum statement which, int64_t mailbox, enum store_debt debt)
{
    struct query q = query_start(s, which);
    bind_int(&q, mailbox);
    bind_text(&q, action_of(debt));
    return q;
}

bool store_put_debt(struct store *s, int64_t mailbox, enum store_debt debt, uint32_t uid,
                    int64_t internaldate, struct err *e)
{
    if (!tx_need(s, TX_MAILS, e))
        return false;
    struct query q = start(s, SQL_debt_put, mailbox, debt);
    bind_int(&q, uid);
    bind_int(&q, internaldate);
    return query_run(&q, e);
}

static bool count(struct store *s, int64_t mailbox, enum store_debt debt, int64_t upto, uint64_t *n,
                  struct err *e)
{
    int64_t all;
    bool found;
    struct query q = start(s, SQL_debt_count, mailbox, debt);
    bind_int(&q, upto);
    if (!query_int(&q, &all, &found, e))
        return false;
    *n = (uint64_t)all < s->limits.mailbox_list ? (uint64_t)all : s->limits.mailbox_list;
    return true;
}

bool store_debts(struct store *s, int64_t mailbox, enum store_debt debt, int64_t upto, arena *a,
                 struct store_debts *out, struct err *e)
{
    uint64_t n;
    *out = (struct store_debts){.n = 0};
    if (!count(s, mailbox, debt, upto, &n, e))
        return false;
    if (n == 0)
        return true;
    out->uids = arena_array(a, (size_t)n, sizeof *out->uids);
    if (out->uids == NULL)
        return err_set(e, ERR_MEMORY, "%s: out of memory over what is owed to mails", s->path);
    struct query q = start(s, SQL_debt_list, mailbox, debt);
    bind_int(&q, upto);
    bind_count(&q, n);
    while (out->n < n && query_row(&q))
        out->uids[out->n++] = (uint32_t)col_int(&q, 0);
    return query_end(&q, e);
}

bool store_settle_debts(struct store *s, int64_t mailbox, enum store_debt debt, const uint32_t *uids,
                        size_t n, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct query q = start(s, SQL_debt_drop, mailbox, debt);
        bind_int(&q, uids[i]);
        if (!query_run(&q, e))
            return false;
    }
    return tx_commit(s, e);
}

bool store_forget_debts(struct store *s, int64_t mailbox, enum store_debt debt, struct err *e)
{
    uint64_t n;
    if (!count(s, mailbox, debt, INT64_MAX, &n, e))
        return false;
    if (n == 0)
        return true;
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = start(s, SQL_debt_forget, mailbox, debt);
    return query_run(&q, e) && tx_commit(s, e);
}
