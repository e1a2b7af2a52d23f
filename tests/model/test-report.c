#include "unit.h"

#include "model/report.h"

static void period_is_always_in_order(void **state)
{
    (void)state;
    static const struct {
        struct report r;
        int64_t begin, end;
    } cases[] = {
        {{.has_begin = true, .has_end = true, .begin = 86400, .end = 172799}, 86400, 172800},
        {{.has_begin = true, .has_end = true, .begin = 86400, .end = 172800}, 86400, 172800},
        {{.has_begin = true, .begin = 86400}, 86400, 172800},
        {{.has_end = true, .end = 172800}, 86400, 172800},
        {{.has_begin = true, .has_end = true, .begin = 20, .end = 10}, 10, 20},
        {{.has_begin = true, .has_end = true, .begin = 7, .end = 7}, 7, 8},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t b, e;
        report_period(&cases[i].r, &b, &e);
        assert_true(b == cases[i].begin && e == cases[i].end);
    }
    struct report far = {.has_begin = true, .has_end = true, .begin = INT64_MIN, .end = INT64_MAX};
    int64_t b, e;
    report_period(&far, &b, &e);
    assert_true(b < e && e - b > 0);
}

static void tls_reports_have_the_same_periods(void **state)
{
    (void)state;
    struct tlsrpt r = {.has_begin = true, .has_end = true, .begin = 86400, .end = 172799};
    int64_t b, e;
    tlsrpt_period(&r, &b, &e);
    assert_true(b == 86400 && e == 172800);
    r.has_begin = false;
    tlsrpt_period(&r, &b, &e);
    assert_true(b == 172799 - 86400 && e == 172800);
}

static void words_of_tls_reports(void **state)
{
    (void)state;
    assert_true(sv_eq(tls_policy_type_known(SV("sts")), SV("sts")));
    assert_true(sv_eq(tls_policy_type_known(SV("No-Policy-Found")), SV("no-policy-found")));
    assert_true(tls_policy_type_known(SV("sts-testing")).n == 0 && tls_policy_type_known(SV_ABSENT).n == 0);
    assert_true(sv_eq(tls_result_type_known(SV("STARTTLS-not-supported")), SV("starttls-not-supported")));
    assert_true(tls_result_type_known(SV("certificate")).n == 0 && tls_result_type_known(SV("")).n == 0);
}

static void only_a_pass_passes(void **state)
{
    (void)state;
    static const struct {
        uint8_t dkim, spf;
        bool pass;
    } cases[] = {
        {VERDICT_PASS, VERDICT_FAIL, true},     {VERDICT_FAIL, VERDICT_PASS, true},
        {VERDICT_FAIL, VERDICT_FAIL, false},    {VERDICT_ABSENT, VERDICT_ABSENT, false},
        {VERDICT_UNKNOWN, VERDICT_FAIL, false}, {VERDICT_ABSENT, VERDICT_PASS, true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct record r = {.dkim.v = cases[i].dkim, .spf.v = cases[i].spf};
        assert_int_equal(record_passes(&r), cases[i].pass);
    }
}

RUN_TESTS(cmocka_unit_test(period_is_always_in_order), cmocka_unit_test(only_a_pass_passes),
          cmocka_unit_test(tls_reports_have_the_same_periods), cmocka_unit_test(words_of_tls_reports))
