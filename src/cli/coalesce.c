#include "coalesce.h"

#include "alert/coalesce.h"
#include "base/random.h"
#include "render/freeze.h"
#include "store/decide.h"
#include "store/outbox.h"

/* An Alertmanager hears every change, and digests and what is about many domains stand for themselves. */
static bool can_join(const struct notice *n)
{
    return n->kind == NOTICE_alert && n->domain.n > 0 && !n->test;
}

static bool same_readers(const struct notice *a, const struct notice *b)
{
    return sv_eq(a->tenant, b->tenant) && sv_eq(a->owner, b->owner);
}

static bool put(struct store *s, const struct config *c, const struct notice *n, sv channel, struct err *e)
{
    buf frozen;
    if (n->n_items == 0)
        return true;
    buf_init(&frozen, c->limits.notice_size);
    bool ok = notice_freeze(n, &frozen, e) && store_put_notice(s, n, buf_view(&frozen), &channel, 1, e);
    buf_free(&frozen);
    return ok;
}

/* What cannot be read is left to the one that sends it. */
static bool join(struct store *s, const struct config *c, const struct store_delivery *row, arena *a,
                 struct notice *all, bool *done, struct err *e)
{
    struct notice older, both;
    struct err ignored;
    if (!notice_thaw(row->frozen, a, &older, &ignored) || !can_join(&older) || !same_readers(&older, all))
        return true;
    if (!alert_coalesce(&older, all, &c->limits, a, &both))
        return err_set(e, ERR_MEMORY, "out of memory over notices that wait");
    *all = both;
    *done = true;
    return store_outbox_supersede(s, row->id, e);
}

bool coalesce(struct store *s, const struct config *c, const struct notice *n,
              const struct channel_cfg *channel, arena *a, bool *done, struct err *e)
{
    struct notice all = *n;
    struct store_delivery *rows;
    size_t n_rows;
    *done = false;
    if (!can_join(n) || channel->type == CHANNEL_ALERTMANAGER)
        return true;
    if (!store_outbox_of_domain(s, channel->name, n->domain, a, &rows, &n_rows, e))
        return false;
    for (size_t i = n_rows; i > 0; i--)
        if (!join(s, c, &rows[i - 1], a, &all, done, e))
            return false;
    random_bytes(all.id, INCIDENT_ID);
    return !*done || put(s, c, &all, channel->name, e);
}
