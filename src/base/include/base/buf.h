/* A growing buffer, born with its maximum. Errors are sticky: after the first failed write every
 * further one does nothing, and the writer checks `failed` once at its end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"

typedef struct buf {
    char *p;
    size_t n, cap, max;
    bool failed; /* the maximum or the memory of the machine was reached */
} buf;

void buf_init(buf *b, size_t max);
void buf_free(buf *b);

/* Empties it and clears `failed`; keeps the memory. */
void buf_reset(buf *b);

void buf_put(buf *b, const void *p, size_t n);
void buf_char(buf *b, char c);
void buf_printf(buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Makes room for n more octets and gives the place to write them (then add to b->n), or NULL. */
char *buf_room(buf *b, size_t n) NODISCARD;

/* Removes the first n octets. */
void buf_consume(buf *b, size_t n);

static inline void buf_sv(buf *b, sv s)
{
    buf_put(b, s.p, s.n);
}

static inline void buf_puts(buf *b, const char *s)
{
    buf_put(b, s, strlen(s));
}

static inline sv buf_view(const buf *b)
{
    return sv_of(b->p, b->n);
}

#endif
