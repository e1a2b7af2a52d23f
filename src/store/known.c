/* What a run asks about a mailbox with very many new mails: whose come first, and which it has already. */
#include "db.h"
#include "delivery.h"
#include "store/mails.h"

/* Different ways in which mails of a mailbox told who sent them. */
enum { LOOKED_AT = 20000 };

bool store_mails_above(struct store *s, const struct store_mailbox *m, size_t max, arena *a, uint32_t **uids,
                       size_t *n, struct err *e)
{
    *n = 0;
    *uids = arena_array(a, max, sizeof **uids);
    if (*uids == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    struct query q = query_start(s, SQL_mail_above);
    bind_int(&q, m->id);
    bind_int(&q, m->uidvalidity);
    bind_int(&q, m->mark);
    bind_int(&q, (int64_t)max);
    while (*n < max && query_row(&q))
        (*uids)[(*n)++] = (uint32_t)col_int(&q, 0);
    return query_end(&q, e);
}

struct names {
    sv *items;
    size_t n, max;
};

static void add(struct names *l, arena *a, sv name)
{
    for (size_t i = 0; i < l->n; i++)
        if (sv_eq_nocase(l->items[i], name))
            return;
    if (l->n < l->max)
        l->items[l->n++] = arena_sv(a, name);
}

bool store_known_reporters(struct store *s, int64_t mailbox, size_t max, arena *a, sv **out, size_t *n,
                           struct err *e)
{
    struct err why = {.cls = ERR_NONE};
    struct names verified = {arena_array(a, max, sizeof(sv)), 0, max};
    struct names others = {arena_array(a, max, sizeof(sv)), 0, max};
    if (verified.items == NULL || others.items == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    struct query q = query_start(s, SQL_mail_reporters);
    bind_int(&q, mailbox);
    bind_int(&q, LOOKED_AT);
    while (verified.n < max && query_row(&q)) {
        struct trust_verdict v;
        if (!delivery_row_trust(s, &q, SV_ABSENT, &v, &why))
            break;
        if (v.trust == TRUST_verified)
            add(&verified, a, col_text(&q, 1));
        else if (v.trust == TRUST_unknown)
            add(&others, a, col_text(&q, 1));
    }
    const struct names *known = verified.n ? &verified : &others;
    *out = known->items;
    *n = known->n;
    if (!query_end(&q, e))
        return false;
    if (why.cls != ERR_NONE)
        *e = why;
    return why.cls == ERR_NONE;
}
