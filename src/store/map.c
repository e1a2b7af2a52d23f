#include "map.h"

#include <stdlib.h>

enum { FIRST_SIZE = 256 };

struct map_slot {
    sv key; /* p NULL: free */
    uint64_t hash, value;
};

void map_init(struct map *m, size_t max)
{
    /* Slots are at least half empty. */
    *m = (struct map){.most = max / 2 / (2 * sizeof(struct map_slot))};
    arena_init(&m->keys, max / 2);
    siphash_key_make(&m->key);
}

void map_free(struct map *m)
{
    free(m->slots);
    arena_free(&m->keys);
    m->slots = NULL;
    m->n = m->size = 0;
}

void map_clear(struct map *m)
{
    if (m->n == 0)
        return;
    memset(m->slots, 0, m->size * sizeof *m->slots);
    m->n = 0;
    arena_reset(&m->keys);
}

/* The slot of the key, or the free one where it belongs. At least one slot is free. */
static struct map_slot *slot_of(const struct map *m, sv key, uint64_t hash)
{
    size_t i = hash & (m->size - 1);
    while (m->slots[i].key.p && !(m->slots[i].hash == hash && sv_eq(m->slots[i].key, key)))
        i = (i + 1) & (m->size - 1);
    return &m->slots[i];
}

bool map_get(const struct map *m, sv key, uint64_t *value)
{
    if (m->n == 0)
        return false;
    const struct map_slot *slot = slot_of(m, key, siphash(&m->key, key));
    if (slot->key.p == NULL)
        return false;
    *value = slot->value;
    return true;
}

static bool grow(struct map *m)
{
    struct map bigger = *m;
    bigger.size = m->size ? m->size * 2 : FIRST_SIZE;
    bigger.slots = calloc(bigger.size, sizeof *bigger.slots);
    if (bigger.slots == NULL)
        return false;
    for (size_t i = 0; i < m->size; i++)
        if (m->slots[i].key.p)
            *slot_of(&bigger, m->slots[i].key, m->slots[i].hash) = m->slots[i];
    free(m->slots);
    *m = bigger;
    return true;
}

void map_put(struct map *m, sv key, uint64_t value)
{
    if (m->n >= m->most || m->keys.used + key.n >= m->keys.cap)
        map_clear(m);
    if (m->n >= m->size / 2 && !grow(m))
        return;
    sv copy = arena_sv(&m->keys, key.p ? key : SV(""));
    if (copy.p == NULL)
        return;
    uint64_t hash = siphash(&m->key, key);
    struct map_slot *slot = slot_of(m, key, hash);
    m->n += slot->key.p == NULL;
    *slot = (struct map_slot){.key = copy, .hash = hash, .value = value};
}
