#include "unit.h"

#include "base/buf.h"

static void grows_to_its_maximum(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 10);
    buf_puts(&b, "12345");
    buf_puts(&b, "67890");
    assert_false(b.failed);
    buf_char(&b, 'x');
    assert_true(b.failed);
    assert_int_equal(b.n, 10);
    buf_puts(&b, "");
    assert_true(b.failed);
    buf_reset(&b);
    buf_printf(&b, "%s", "abc");
    assert_sv_equal(buf_view(&b), "abc");
    buf_free(&b);
}

static void consumes_from_the_front(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 100);
    buf_puts(&b, "hello world");
    buf_consume(&b, 6);
    assert_sv_equal(buf_view(&b), "world");
    buf_consume(&b, 99);
    assert_int_equal(b.n, 0);
    buf_free(&b);
}

RUN_TESTS(cmocka_unit_test(grows_to_its_maximum), cmocka_unit_test(consumes_from_the_front))
