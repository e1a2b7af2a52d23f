#include "table.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 64 };

struct table_entry *table_find(const struct table *t, uint64_t hash, table_same *same, const void *key)
{
    if (t->n_slots == 0)
        return NULL;
    for (size_t i = hash & (t->n_slots - 1); t->slots[i]; i = (i + 1) & (t->n_slots - 1)) {
        if (t->slots[i]->hash == hash && same(t->slots[i], key))
            return t->slots[i];
    }
    return NULL;
}

bool table_takes(const struct table *t, uint64_t hash)
{
    return t->level == 0 || hash >> (64 - t->level) == 0;
}

static void place(struct table *t, struct table_entry *e)
{
    size_t i = e->hash & (t->n_slots - 1);
    while (t->slots[i])
        i = (i + 1) & (t->n_slots - 1);
    t->slots[i] = e;
}

static bool grow(struct table *t)
{
    struct table bigger = *t;
    bigger.n_slots = t->n_slots ? 2 * t->n_slots : FIRST_SLOTS;
    bigger.slots = calloc(bigger.n_slots, sizeof(struct table_entry *));
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < t->n_slots; i++) {
        if (t->slots[i])
            place(&bigger, t->slots[i]);
    }
    free(t->slots);
    *t = bigger;
    return true;
}

bool table_put(struct table *t, struct table_entry *e)
{
    if (t->n_used + 1 > t->n_slots / 4 * 3 && !grow(t))
        return false;
    place(t, e);
    t->n_used++;
    t->n_counted += !e->pinned;
    return true;
}

/* Takes all entries out and places those again that are still taken. */
static void sift(struct table *t, table_drop *drop, void *ctx)
{
    struct table_entry **kept = t->slots;
    size_t n = 0;
    for (size_t i = 0; i < t->n_slots; i++) {
        struct table_entry *e = t->slots[i];
        if (e && !e->pinned && !table_takes(t, e->hash)) {
            t->n_counted--;
            drop(ctx, e);
        } else if (e) {
            kept[n++] = e;
        }
    }
    for (size_t i = n; i < t->n_slots; i++)
        kept[i] = NULL;
    t->n_used = n;
}

/* After sift the entries stand in the first n slots: each goes to its place. */
static bool spread(struct table *t)
{
    struct table_entry **all = calloc(t->n_slots, sizeof(struct table_entry *));
    if (!all)
        return false;
    struct table_entry **from = t->slots;
    t->slots = all;
    for (size_t i = 0; i < t->n_used; i++)
        place(t, from[i]);
    free(from);
    return true;
}

bool table_thin(struct table *t, table_drop *drop, void *ctx)
{
    if (t->n_counted <= t->cap)
        return true;
    while (t->n_counted > t->cap && t->level < 63) {
        t->level++;
        sift(t, drop, ctx);
    }
    return spread(t);
}

void table_free(struct table *t, table_drop *drop, void *ctx)
{
    for (size_t i = 0; i < t->n_slots; i++) {
        if (t->slots[i])
            drop(ctx, t->slots[i]);
    }
    free(t->slots);
    *t = (struct table){0};
}
