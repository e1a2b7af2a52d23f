/* Runs one escaper and compares. */
#ifndef TEST_TEXT_CHECK_H
#define TEST_TEXT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/utf8.h"
#include "text/escape.h"

static inline void check(text_escaper *esc, sv in, const char *want)
{
    buf b;
    buf_init(&b, 65536);
    esc(&b, in);
    assert_false(b.failed);
    assert_true(utf8_valid(buf_view(&b)));
    buf_char(&b, '\0');
    assert_string_equal(b.p, want);
    buf_free(&b);
}

#endif
