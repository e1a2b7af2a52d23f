/* Configurations that are none, and memory that ends. The verdicts themselves: tests/cli/test-verdicts.c. */
#include "unit.h"

#include "judge/judge.h"

static arena memory;

static int set_up(void **state)
{
    (void)state;
    arena_init(&memory, 1u << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static void star_covers_the_rest(void **state)
{
    (void)state;
    struct domain_cfg domains[] = {{.name = SV("example.com")}, {.wildcard = true}};
    struct config c = {.domains = domains, .n_domains = 2};
    const struct judge *j = judge_prepare(&c, &memory);
    struct row row = {.domain = SV("example.info"), .record = {.header_from = SV("example.org")}};
    struct verdict v;
    judge_row(j, &row, &v);
    assert_int_equal(v.domain, 1);
    row.domain = SV("example.com");
    judge_row(j, &row, &v);
    assert_int_equal(v.domain, 0);
    assert_int_equal(judge_domain(j, SV("example.com")), 0);
    assert_int_equal(judge_domain(j, SV("www.example.com")), 1);
}

/* A reporter's word that mail was forwarded is worth what the report is: nothing when it is forged. */
static void a_forged_report_is_no_evidence_of_forwarding(void **state)
{
    (void)state;
    struct domain_cfg domains[] = {{.name = SV("example.com")}};
    struct config c = {.domains = domains, .n_domains = 1};
    const struct judge *j = judge_prepare(&c, &memory);
    struct reason reasons[] = {{.type = {.v = REASON_MAILING_LIST}},
                               {.type = {.v = REASON_LOCAL_POLICY}, .comment = SV("arc=pass")}};
    struct verdict v;
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        struct row row = {
            .domain = SV("example.com"),
            .record = {.header_from = SV("example.com"), .reasons = &reasons[i], .n_reasons = 1}};
        judge_row(j, &row, &v);
        assert_int_equal(v.who, WHO_forwarder);
        row.trust.trust = TRUST_verified;
        judge_row(j, &row, &v);
        assert_int_equal(v.who, WHO_forwarder);
        row.trust.trust = TRUST_failed;
        judge_row(j, &row, &v);
        assert_int_equal(v.who, WHO_unknown);
        assert_int_equal(v.forwarding, FORWARDING_NONE);
    }
}

static void no_configuration_at_all(void **state)
{
    (void)state;
    struct config c = {0};
    const struct judge *j = judge_prepare(&c, &memory);
    struct row row = {.domain = SV("example.com")};
    struct verdict v;
    assert_non_null(j);
    judge_row(j, &row, &v);
    assert_true(v.domain == SIZE_MAX && v.sender == SIZE_MAX && !v.pass && v.unclear);
}

static void no_memory_is_null(void **state)
{
    (void)state;
    struct domain_cfg domains[8] = {{.name = SV("example.com")}};
    struct config c = {.domains = domains, .n_domains = 8};
    for (size_t size = 0; size < 400; size += 50) {
        arena small;
        arena_init(&small, size);
        assert_null(judge_prepare(&c, &small));
        arena_free(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(star_covers_the_rest),
        cmocka_unit_test(a_forged_report_is_no_evidence_of_forwarding),
        cmocka_unit_test(no_configuration_at_all),
        cmocka_unit_test(no_memory_is_null),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
