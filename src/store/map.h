/* A cache from octets to numbers. It may forget at any time; what it says is true. */
#ifndef STORE_MAP_H
#define STORE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/siphash.h"
#include "base/sv.h"

struct map_slot;

struct map {
    struct map_slot *slots;
    size_t n, size; /* used; a power of two, or 0 */
    size_t most;    /* entries */
    arena keys;
    struct siphash_key key;
};

/* max: octets of memory, about half of it for keys. */
void map_init(struct map *m, size_t max);
void map_free(struct map *m);
void map_clear(struct map *m);

bool map_get(const struct map *m, sv key, uint64_t *value) NODISCARD;

/* Copies the key. Forgets all others when there is no room; does nothing without memory. */
void map_put(struct map *m, sv key, uint64_t value);

static inline sv map_id(const int64_t *id)
{
    return sv_of(id, sizeof *id);
}

#endif
