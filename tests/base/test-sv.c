#include "unit.h"

static void compares(void **state)
{
    (void)state;
    assert_true(sv_eq(SV("abc"), SV("abc")));
    assert_false(sv_eq(SV("abc"), SV("abd")));
    assert_true(sv_eq(SV_ABSENT, SV("")));
    assert_true(sv_eq_nocase(SV("DMARC"), SV("dmarc")));
    /* Only ASCII folds: octets above 0x7f are text in some charset. */
    assert_false(sv_eq_nocase(SV("\xc4"), SV("\xe4")));
    assert_true(sv_cmp(SV("a"), SV("ab")) < 0);
    assert_true(sv_cmp(SV("b"), SV("ab")) > 0);
    assert_int_equal(sv_cmp(SV_ABSENT, SV("")), 0);
}

static void finds(void **state)
{
    (void)state;
    assert_true(sv_starts(SV("report"), SV("rep")));
    assert_false(sv_starts(SV("re"), SV("rep")));
    assert_true(sv_ends_nocase(SV("a.XML"), SV(".xml")));
    assert_int_equal(sv_find(SV("abcabc"), SV("bc"), 2), 4);
    assert_int_equal(sv_find(SV("abc"), SV("x"), 0), SIZE_MAX);
    assert_int_equal(sv_find(SV("abc"), SV("abc"), 1), SIZE_MAX);
    assert_int_equal(sv_find_char(SV("abc"), 'c', 3), SIZE_MAX);
}

static void trims_and_splits(void **state)
{
    (void)state;
    assert_sv_equal(sv_trim(SV(" \t a b \r\n")), "a b");
    assert_sv_equal(sv_trim(SV("  ")), "");
    sv rest = SV("a,,b"), part;
    assert_true(sv_split(&rest, ',', &part));
    assert_sv_equal(part, "a");
    assert_true(sv_split(&rest, ',', &part));
    assert_sv_equal(part, "");
    assert_true(sv_split(&rest, ',', &part));
    assert_sv_equal(part, "b");
    assert_false(sv_split(&rest, ',', &part));
    assert_sv_equal(sv_skip(SV("abc"), 9), "");
}

RUN_TESTS(cmocka_unit_test(compares), cmocka_unit_test(finds), cmocka_unit_test(trims_and_splits))
