#include "unit.h"

#include "model/domain.h"

static arena a;

static void folds(void **state)
{
    (void)state;
    bool odd;
    assert_sv_equal(domain_fold(&a, SV(" Example.COM. "), &odd), "example.com");
    assert_false(odd);
    assert_sv_equal(domain_fold(&a,
                                SV("B\xc3\xbc"
                                   "cher.example"),
                                &odd),
                    "xn--bcher-kva.example");
    assert_false(odd);
    assert_sv_equal(domain_fold(&a, SV("_dmarc.example.com"), &odd), "_dmarc.example.com");
    assert_false(odd);
    /* An ideographic full stop is a dot too; what stands behind a NUL is not dropped. */
    assert_sv_equal(domain_fold(&a, SV("b\u00fccher.example\u3002 . "), &odd), "xn--bcher-kva.example");
    assert_false(odd);
    domain_fold(&a, SV("b\u00fccher.example\0.evil.example"), &odd);
    assert_true(odd);
    domain_fold(&a, SV("ex ample.com"), &odd);
    assert_true(odd);
    domain_fold(&a, SV("\xff.example"), &odd);
    assert_true(odd);
    domain_fold(&a, SV("<script>"), &odd);
    assert_true(odd);
    assert_null(domain_fold(&a, SV_ABSENT, NULL).p);
}

static void plain_names(void **state)
{
    (void)state;
    static const char *const bad[] = {"", ".", "a..b", ".a", "a.", "a b", "a/b"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(domain_is_plain(sv_c(bad[i])));
    assert_true(domain_is_plain(SV("a-b.example")));
    char label[80];
    memset(label, 'a', sizeof label);
    assert_true(domain_is_plain(sv_of(label, 63)));
    assert_false(domain_is_plain(sv_of(label, 64)));
}

static void below(void **state)
{
    (void)state;
    assert_true(domain_is_under(SV("mail.example.com"), SV("example.com")));
    assert_true(domain_is_under(SV("example.com"), SV("example.com")));
    assert_false(domain_is_under(SV("badexample.com"), SV("example.com")));
    assert_false(domain_is_under(SV("example.com"), SV("")));
    assert_sv_equal(domain_of_address(SV("a@b <x@Example.com>")), "Example.com");
    assert_null(domain_of_address(SV("none")).p);
    assert_null(domain_of_address(SV("a@")).p);
}

static int setup(void **state)
{
    (void)state;
    arena_init(&a, 1 << 16);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

static void related(void **state)
{
    (void)state;
    assert_true(domain_is_related(SV("example.com"), SV("example.com")));
    assert_true(domain_is_related(SV("a.example.com"), SV("example.com")));
    assert_true(domain_is_related(SV("example.com"), SV("a.b.example.com")));
    assert_false(domain_is_related(SV("example.com"), SV("notexample.com")));
    assert_false(domain_is_related(SV("com"), SV("example.com")));
    assert_false(domain_is_related(SV(""), SV("example.com")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(folds), cmocka_unit_test(plain_names),
                                       cmocka_unit_test(below), cmocka_unit_test(related)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
