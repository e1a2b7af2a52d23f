#include "hush.h"

#include "render/freeze.h"
#include "store/silences.h"

#define ROW_MEMORY MIB(64)

bool hush_load(struct store *s, const struct config *c, int64_t now, arena *a, struct silence_cfg **out,
               size_t *n, struct err *e)
{
    struct silence_cfg *stored;
    size_t n_stored;
    if (!store_silences(s, now, a, &stored, &n_stored, e))
        return false;
    *out = arena_array(a, c->n_silences + n_stored, sizeof **out);
    *n = 0;
    if (*out == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < c->n_silences; i++)
        if (c->silences[i].ends > now)
            (*out)[(*n)++] = c->silences[i];
    for (size_t i = 0; i < n_stored; i++)
        (*out)[(*n)++] = stored[i];
    return true;
}

/* The one over it, which is the earliest to end of those over its domains; NULL: not all of it is silenced.
 */
static const struct silence_cfg *silence_of(const struct notice *n, const struct notice_item *item,
                                            const struct silence_cfg *list, size_t n_list, int64_t now)
{
    struct silence_subject what = {item->rule, n->tenant, item->domain, item->subject};
    if (item->kind != ITEM_incident || item->n_lines != item->all_lines)
        return NULL;
    const struct silence_cfg *first = silence_find(list, n_list, &what, now);
    for (size_t i = 0; first && i < item->n_lines; i++) {
        what.domain = item->lines[i].name;
        what.subject = notice_line_subject(item, i);
        const struct silence_cfg *one = silence_find(list, n_list, &what, now);
        first = one == NULL || one->ends < first->ends ? one : first;
    }
    return first;
}

static bool is_silenced(const struct notice *n, const struct silence_cfg *list, size_t n_list, int64_t now,
                        int64_t *until)
{
    *until = INT64_MAX;
    for (size_t i = 0; i < n->n_items; i++) {
        const struct silence_cfg *one = silence_of(n, &n->items[i], list, n_list, now);
        if (one == NULL)
            return false;
        *until = one->ends < *until ? one->ends : *until;
    }
    return n->n_items > 0 && n->more == 0 && !n->test;
}

/* What cannot be read is left to the one that sends it. */
static bool hush_one(struct store *s, const struct store_delivery *row, const struct silence_cfg *list,
                     size_t n, int64_t now, arena *a, struct err *e)
{
    struct notice notice;
    struct err ignored;
    struct store_unsent u = {.id = row->id, .notice = &notice, .now = now};
    if (!notice_thaw(row->frozen, a, &notice, &ignored) || !is_silenced(&notice, list, n, now, &u.until))
        return true;
    return store_outbox_silenced(s, &u, e);
}

bool hush_waiting(struct store *s, const struct config *c, int64_t now, struct err *e)
{
    arena a CLEANUP(arena_free), of_row CLEANUP(arena_free);
    struct silence_cfg *list;
    struct store_delivery row = {.id = INT64_MIN};
    size_t n;
    arena_init(&a, ROW_MEMORY);
    arena_init(&of_row, ROW_MEMORY);
    if (!hush_load(s, c, now, &a, &list, &n, e))
        return false;
    for (bool found = n > 0; found; arena_reset(&of_row)) {
        if (!store_outbox_waiting(s, row.id, &of_row, &row, &found, e) ||
            (found && !hush_one(s, &row, list, n, now, &of_row, e)))
            return false;
    }
    return true;
}
