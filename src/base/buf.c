#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LARGE = 4 << 20 };

void buf_init(buf *b, size_t max)
{
    *b = (buf){.max = max};
}

void buf_free(buf *b)
{
    free(b->p);
    *b = (buf){.max = b->max};
}

void buf_reset(buf *b)
{
    b->n = 0;
    b->failed = false;
}

/* A large buffer is about to be filled, and thousands of small pages cost more than what they are filled
 * with. Asked for from the page in which it begins, so that the mapping stays one piece that realloc can
 * move. It is a hint and may be refused. */
static void want_large_pages(const char *p, size_t n)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), begin = (uintptr_t)p & ~(page - 1);
    (void)madvise((void *)begin, (uintptr_t)p + n - begin, MADV_HUGEPAGE);
}

char *buf_room(buf *b, size_t n)
{
    if (b->failed || n > b->max || b->n > b->max - n) {
        b->failed = true;
        return NULL;
    }
    size_t need = b->n + n;
    if (need <= b->cap && b->p)
        return b->p + b->n;
    size_t cap = b->cap ? b->cap : 256;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    if (cap > b->max)
        cap = b->max > need ? b->max : need;
    char *p = realloc(b->p, cap ? cap : 1);
    if (p == NULL) {
        b->failed = true;
        return NULL;
    }
    if (cap >= LARGE)
        want_large_pages(p, cap);
    b->p = p;
    b->cap = cap;
    return p + b->n;
}

void buf_put(buf *b, const void *p, size_t n)
{
    char *to = buf_room(b, n);
    if (to == NULL || n == 0)
        return;
    memcpy(to, p, n);
    b->n += n;
}

void buf_char(buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_printf(buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *to = n < 0 ? NULL : buf_room(b, (size_t)n + 1);
    if (to) {
        (void)vsnprintf(to, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void buf_consume(buf *b, size_t n)
{
    if (n >= b->n) {
        b->n = 0;
        return;
    }
    memmove(b->p, b->p + n, b->n - n);
    b->n -= n;
}
