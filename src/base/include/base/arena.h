/* Memory that is given back all at once: an arena a message, a report or a run.
 * Chunked, zeroed, with a hard cap. Nothing in it is freed singly. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/sv.h"

struct arena_chunk;

typedef struct arena {
    struct arena_chunk *chunks; /* newest first */
    size_t used;                /* octets handed out since the last reset */
    size_t cap;
    bool failed; /* sticky: the cap or the memory of the machine was reached */
} arena;

/* cap: the most octets the arena ever hands out between two resets. */
void arena_init(arena *a, size_t cap);

/* Zeroed memory aligned for any type, or NULL (and `failed` is set): callers check once, at the end of
 * a unit of work, or pass NULL on. n = 0 gives a valid pointer. */
void *arena_alloc(arena *a, size_t n) NODISCARD;

/* arena_alloc for `count` items of `size` octets; NULL also when the product overflows. */
void *arena_array(arena *a, size_t count, size_t size) NODISCARD;

/* Room for one more behind n items of `size` octets: the items themselves, or a copy of twice *room, which
 * starts at 0. NULL on failure; the items are as they were. */
void *arena_more(arena *a, void *items, size_t n, size_t *room, size_t size) NODISCARD;

/* A copy that the arena owns, followed by a NUL octet. Absent stays absent; absent also on failure. */
sv arena_sv(arena *a, sv s);
const char *arena_cstr(arena *a, sv s);
sv arena_printf(arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Forgets everything, keeps one chunk for the next use, clears `failed`. */
void arena_reset(arena *a);
void arena_free(arena *a);

#endif
