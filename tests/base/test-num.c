#include "unit.h"

#include "base/num.h"

static void reads_digits_only(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", " 1", "1 ", "+1", "-1", "1.0", "0x1", "1e3", "18446744073709551616"};
    uint64_t v = 42;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(num_u64(sv_c(bad[i]), UINT64_MAX, &v));
    assert_int_equal(v, 42);
    assert_true(num_u64(SV("18446744073709551615"), UINT64_MAX, &v));
    assert_true(v == UINT64_MAX);
    assert_true(num_u64(SV("0007"), 7, &v));
    assert_false(num_u64(SV("8"), 7, &v));
}

static void reads_signs(void **state)
{
    (void)state;
    int64_t v = 1;
    assert_true(num_i64(SV("-9223372036854775808"), INT64_MIN, INT64_MAX, &v));
    assert_true(v == INT64_MIN);
    assert_true(num_i64(SV("9223372036854775807"), INT64_MIN, INT64_MAX, &v));
    assert_false(num_i64(SV("9223372036854775808"), INT64_MIN, INT64_MAX, &v));
    assert_false(num_i64(SV("-"), INT64_MIN, INT64_MAX, &v));
    assert_false(num_i64(SV("--1"), INT64_MIN, INT64_MAX, &v));
    assert_false(num_i64(SV("-1"), 0, 10, &v));
}

static void sums_saturate(void **state)
{
    (void)state;
    assert_true(sat_add(UINT64_MAX, 1) == UINT64_MAX);
    assert_int_equal(sat_add(2, 3), 5);
}

RUN_TESTS(cmocka_unit_test(reads_digits_only), cmocka_unit_test(reads_signs), cmocka_unit_test(sums_saturate))
