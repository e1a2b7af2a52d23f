#include "names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool names_init(struct name_set *s, size_t most)
{
    *s = (struct name_set){.n_slots = 16, .most = most};
    while (s->n_slots < 2 * most)
        s->n_slots *= 2;
    s->slots = (const void **)calloc(s->n_slots, sizeof *s->slots);
    return s->slots != NULL;
}

void names_free(struct name_set *s)
{
    free((void *)s->slots);
    *s = (struct name_set){0};
}

void names_clear(struct name_set *s)
{
    if (s->n)
        memset((void *)s->slots, 0, s->n_slots * sizeof *s->slots);
    s->n = 0;
}

bool names_add(struct name_set *s, const void *name)
{
    uint64_t hash = (uint64_t)(uintptr_t)name * UINT64_C(0x9E3779B97F4A7C15);
    for (size_t i = (size_t)(hash >> 32);; i++) {
        const void **slot = &s->slots[i & (s->n_slots - 1)];
        if (*slot == name)
            return true;
        if (*slot != NULL)
            continue;
        if (s->n == s->most)
            return false;
        *slot = name;
        s->n++;
        return true;
    }
}
