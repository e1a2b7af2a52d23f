#include <limits.h>
#include <zlib.h>

#include "base/clock.h"
#include "mailbox.h"
#include "quarantine.h"
#include "store/quarantine.h"

enum { EXPIRE_STEP = 100 };

static bool read_unread(struct store *s, struct store_quarantined *m, arena *a, struct err *e)
{
    size_t n = 0;
    m->unread = arena_array(a, m->n_unread, sizeof *m->unread);
    if (m->unread == NULL)
        return err_set(e, ERR_MEMORY, "out of memory for the quarantine");
    struct query q = query_start(s, SQL_quarantine_mail);
    bind_int(&q, m->id);
    while (n < m->n_unread && query_row(&q))
        m->unread[n++] = (struct store_unread){.document = col_null(&q, 0) ? -1 : col_int(&q, 0),
                                               .member = arena_sv(a, col_text(&q, 1)),
                                               .reason = arena_sv(a, col_text(&q, 2)),
                                               .detail = arena_sv(a, col_text(&q, 3))};
    m->n_unread = n;
    return query_end(&q, e) && (!a->failed || err_set(e, ERR_MEMORY, "out of memory for the quarantine"));
}

static struct store_quarantined read_row(struct query *q, arena *a)
{
    return (struct store_quarantined){
        .id = col_int(q, 0),
        .since = col_int(q, 1),
        .mailbox = col_int(q, 2),
        .key = {.host = arena_sv(a, col_text(q, 3)),
                .port = (uint16_t)col_int(q, 4),
                .user = arena_sv(a, col_text(q, 5)),
                .folder = arena_sv(a, col_text(q, 6))},
        .current = col_int(q, 7) != 0,
        .uidvalidity = (uint32_t)col_int(q, 8),
        .uid = (uint32_t)col_int(q, 9),
        .size = (uint64_t)col_int(q, 10),
        .internaldate = col_int(q, 11),
        .kept = col_int(q, 12) != 0,
        .n_unread = (size_t)col_int(q, 13),
    };
}

/* The list's room doubles. */
static bool add(struct store_quarantined **list, size_t n, arena *a, const struct store_quarantined *m)
{
    if ((n & (n - 1)) == 0) {
        struct store_quarantined *more = arena_array(a, n ? 2 * n : 1, sizeof *more);
        if (more == NULL)
            return false;
        if (n)
            memcpy(more, *list, n * sizeof *more);
        *list = more;
    }
    (*list)[n] = *m;
    return true;
}

bool store_quarantine(struct store *s, int64_t id, arena *a, struct store_quarantined **out, size_t *n,
                      struct err *e)
{
    bool room = true;
    *out = NULL;
    *n = 0;
    struct query q = query_start(s, SQL_quarantine_list);
    id > 0 ? bind_int(&q, id) : bind_null(&q);
    while (room && query_row(&q)) {
        struct store_quarantined m = read_row(&q, a);
        room = add(out, *n, a, &m);
        *n += room;
    }
    if (!query_end(&q, e))
        return false;
    if (!room)
        return err_set(e, ERR_MEMORY, "out of memory for the quarantine");
    for (size_t i = 0; i < *n; i++)
        if (!read_unread(s, &(*out)[i], a, e))
            return false;
    return true;
}

/* False: damaged, or not of the size that was noted. */
static bool inflated(sv packed, buf *out, size_t size)
{
    char *room = packed.n > UINT_MAX || size > UINT_MAX ? NULL : buf_room(out, size + 1);
    z_stream z = {.next_in = (z_const Bytef *)(uintptr_t)packed.p, .avail_in = (uInt)packed.n};
    if (room == NULL || inflateInit(&z) != Z_OK)
        return false;
    z.next_out = (Bytef *)room;
    z.avail_out = (uInt)size + 1;
    bool whole = inflate(&z, Z_FINISH) == Z_STREAM_END && z.avail_out == 1;
    (void)inflateEnd(&z);
    out->n += whole ? size : 0;
    return whole;
}

bool store_quarantine_bytes(struct store *s, int64_t id, buf *out, bool *kept, struct err *e)
{
    bool fits = true, good = true;
    struct query q = query_start(s, SQL_raw_get);
    bind_int(&q, id);
    *kept = query_row(&q);
    if (*kept) {
        int64_t size = col_int(&q, 0);
        fits = size >= 0 && (uint64_t)size < out->max - out->n;
        good = fits && inflated(col_blob(&q, 1), out, (size_t)size);
    }
    if (!query_end(&q, e))
        return false;
    if (!fits)
        return err_set(e, ERR_LIMIT, "mail %lld of the quarantine is larger than the limit mail_size",
                       (long long)id);
    return good || err_set(e, ERR_DISK, "%s: the copy of mail %lld in quarantine is damaged; drop it",
                           s->path, (long long)id);
}

static bool drop(struct store *s, int64_t id, struct err *e)
{
    int64_t since;
    return tx_begin(s, TX_SHORT, e) && quarantine_drop(s, id, &since, e) && tx_commit(s, e);
}

bool store_quarantine_drop(struct store *s, int64_t id, bool *known, struct err *e)
{
    struct query q = query_start(s, SQL_quarantine_mail);
    bind_int(&q, id);
    *known = query_row(&q);
    return query_end(&q, e) && (!*known || drop(s, id, e));
}

bool store_quarantine_ask(struct store *s, const struct store_quarantined *m, bool *asked, struct err *e)
{
    bool full;
    if (!tx_need(s, TX_MAILS, e) || !mailbox_gaps_full(s, m->mailbox, &full, e))
        return false;
    *asked = !full;
    struct store_gap gap = {.uid = m->uid, .reason = REJECT_unfetchable, .size = m->size};
    return full || mailbox_put_gap(s, m->mailbox, &gap, SV("asked for again"), e);
}

/* Some at a time: no transaction is long. */
static bool expire_some(struct store *s, int64_t before, size_t *n, struct err *e)
{
    int64_t ids[EXPIRE_STEP];
    *n = 0;
    struct query q = query_start(s, SQL_quarantine_old);
    bind_int(&q, before);
    bind_int(&q, EXPIRE_STEP);
    while (*n < EXPIRE_STEP && query_row(&q))
        ids[(*n)++] = col_int(&q, 0);
    if (!query_end(&q, e) || *n == 0)
        return *n == 0;
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    for (size_t i = 0; i < *n; i++) {
        int64_t since;
        if (!quarantine_drop(s, ids[i], &since, e))
            return false;
    }
    return tx_commit(s, e);
}

bool store_quarantine_expire(struct store *s, int64_t now, struct err *e)
{
    size_t n;
    do {
        if (!expire_some(s, now - (int64_t)s->limits.quarantine_days * DAY_SECONDS, &n, e))
            return false;
    } while (n == EXPIRE_STEP);
    return true;
}
