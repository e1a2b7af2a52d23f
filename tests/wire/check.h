/* What every test of a frame does: take it out of its buffer, and hold a decoder against all its
 * damaged sisters. */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cursor.h"

enum { FRAME_MAX = 1 << 20 };

/* The payload of the one frame in b. */
static inline sv only_frame(const buf *b, enum wire_side side, enum wire_type type)
{
    struct wire_frame f;
    sv in = buf_view(b);
    assert_false(b->failed);
    assert_int_equal(wire_take(&in, side, FRAME_MAX, &f), WIRE_FRAME);
    assert_int_equal(f.type, type);
    assert_int_equal(in.n, 0);
    return f.payload;
}

/* decode must refuse the payload cut at every octet, and with an octet behind it. The copies are exact
 * in size, so that a sanitizer sees a read past the end. */
static inline void refuses_damage(sv payload, bool (*decode)(sv payload, void *self), void *self)
{
    assert_true(decode(payload, self));
    for (size_t n = 0; n <= payload.n + 1; n++) {
        if (n == payload.n)
            continue;
        char *copy = test_malloc(n + 1);
        memset(copy, 0, n + 1);
        memcpy(copy + 1, payload.p, n < payload.n ? n : payload.n);
        assert_false(decode(sv_of(copy + 1, n), self));
        test_free(copy);
    }
}

#endif
