#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK = 64 * 1024, ALIGN = _Alignof(max_align_t) };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size, used;
    _Alignas(max_align_t) unsigned char data[];
};

void arena_init(arena *a, size_t cap)
{
    *a = (arena){.cap = cap};
}

static struct arena_chunk *chunk_new(arena *a, size_t need)
{
    size_t size = need > CHUNK ? need : CHUNK;
    struct arena_chunk *c = malloc(sizeof *c + size);
    if (c == NULL)
        return NULL;
    *c = (struct arena_chunk){.next = a->chunks, .size = size};
    a->chunks = c;
    return c;
}

void *arena_alloc(arena *a, size_t n)
{
    if (n > a->cap || a->used > a->cap - n || n > SIZE_MAX / 2) {
        a->failed = true;
        return NULL;
    }
    size_t need = (n + ALIGN - 1) / ALIGN * ALIGN;
    struct arena_chunk *c = a->chunks;
    if (c == NULL || c->size - c->used < need)
        c = chunk_new(a, need);
    if (c == NULL) {
        a->failed = true;
        return NULL;
    }
    void *p = c->data + c->used;
    c->used += need;
    a->used += n;
    return memset(p, 0, n);
}

void *arena_array(arena *a, size_t count, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(count, size, &n)) {
        a->failed = true;
        return NULL;
    }
    return arena_alloc(a, n);
}

void *arena_more(arena *a, void *items, size_t n, size_t *room, size_t size)
{
    enum { FIRST_ROOM = 16 };
    if (n < *room)
        return items;
    size_t more = *room ? 2 * *room : FIRST_ROOM;
    void *p = arena_array(a, more, size);
    if (p == NULL)
        return NULL;
    if (n)
        memcpy(p, items, n * size);
    *room = more;
    return p;
}

sv arena_sv(arena *a, sv s)
{
    if (s.p == NULL)
        return SV_ABSENT;
    char *p = arena_alloc(a, s.n + 1);
    if (p == NULL)
        return SV_ABSENT;
    memcpy(p, s.p, s.n);
    return sv_of(p, s.n);
}

const char *arena_cstr(arena *a, sv s)
{
    return arena_sv(a, s.p ? s : SV("")).p;
}

sv arena_printf(arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
    if (p)
        (void)vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p ? sv_of(p, (size_t)n) : SV_ABSENT;
}

void arena_reset(arena *a)
{
    struct arena_chunk *keep = a->chunks;
    /* An outsized chunk is not kept: one big report must not hold its memory for the rest of the run. */
    if (keep && keep->size == CHUNK) {
        a->chunks = keep->next;
        keep->next = NULL;
        keep->used = 0;
    } else {
        keep = NULL;
    }
    arena_free(a);
    a->chunks = keep;
}

void arena_free(arena *a)
{
    while (a->chunks) {
        struct arena_chunk *next = a->chunks->next;
        free(a->chunks);
        a->chunks = next;
    }
    a->used = 0;
    a->failed = false;
}
