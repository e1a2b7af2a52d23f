/* Frames of TLS and failure reports. */
#include "check.h"

static struct limits limits;
static arena memory;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    arena_init(&memory, FRAME_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static struct tls_failure failures[] = {
    {.result_type = SV_INIT("certificate-expired"),
     .has_sessions = true,
     .sessions = 3,
     .sending_mta_ip = SV_INIT("192.0.2.1"),
     .receiving_mx_hostname = SV_INIT("mx.example.com"),
     .receiving_ip = SV_INIT("2001:db8::1"),
     .failure_reason_code = SV_INIT("454")},
    {.result_type = {NULL, 0}},
};
static struct tls_policy policies[] = {
    {.type = SV_INIT("sts"),
     .domain = SV_INIT("example.com"),
     .text = SV_INIT("version: STSv1\nmode: enforce"),
     .ok = 100,
     .failed = 3,
     .failures = failures,
     .n_failures = 2},
    {.type = SV_INIT(""), .ok = 1, .failed = 1000000000000},
};

static struct tlsrpt full_tlsrpt(void)
{
    struct tlsrpt r = {.org_name = SV("Org"),
                       .report_id = SV("1"),
                       .has_begin = true,
                       .begin = -5,
                       .policies = policies,
                       .n_policies = COUNT_OF(policies)};
    note_add(&r.notes, NOTE_json_form);
    return r;
}

static bool same_text(sv a, sv b)
{
    return sv_eq(a, b) && (a.p == NULL) == (b.p == NULL);
}

static bool decode_tlsrpt(sv payload, void *self)
{
    arena_reset(&memory);
    return wire_get_tlsrpt(payload, &limits, &memory, self);
}

static sv tlsrpt_frame(buf *b, const struct tlsrpt *r)
{
    buf_reset(b);
    wire_put_tlsrpt(b, r);
    return only_frame(b, WIRE_WORKER, WIRE_tlsrpt);
}

static void a_tls_report_survives(void **state)
{
    (void)state;
    struct tlsrpt sent = full_tlsrpt(), got;
    buf b;
    buf_init(&b, FRAME_MAX);
    sv payload = tlsrpt_frame(&b, &sent);
    refuses_damage(payload, decode_tlsrpt, &got);
    assert_true(decode_tlsrpt(payload, &got));
    assert_true(same_text(got.org_name, sent.org_name) && same_text(got.email, sent.email));
    assert_true(got.has_begin && got.begin == -5 && !got.has_end);
    assert_true(note_has(&got.notes, NOTE_json_form));
    assert_int_equal(got.n_policies, 2);
    assert_true(same_text(got.policies[0].type, policies[0].type));
    assert_true(same_text(got.policies[1].domain, policies[1].domain));
    assert_true(same_text(got.policies[0].text, policies[0].text));
    assert_true(same_text(got.policies[1].text, SV_ABSENT));
    assert_int_equal(got.policies[0].n_failures, 2);
    const struct tls_failure *f = got.policies[0].failures;
    assert_true(same_text(f[0].result_type, failures[0].result_type) && f[0].has_sessions &&
                f[0].sessions == 3);
    assert_true(same_text(f[0].sending_mta_ip, failures[0].sending_mta_ip));
    assert_true(same_text(f[0].receiving_mx_hostname, failures[0].receiving_mx_hostname));
    assert_true(same_text(f[0].receiving_ip, failures[0].receiving_ip));
    assert_true(same_text(f[0].failure_reason_code, failures[0].failure_reason_code));
    assert_true(same_text(f[1].result_type, failures[1].result_type) && !f[1].has_sessions);
    assert_true(got.ok == 101 && got.failed == 1000000000003);
    buf_free(&b);
}

static void refused_tlsrpt(const struct tlsrpt *r)
{
    struct tlsrpt got;
    buf b;
    buf_init(&b, FRAME_MAX);
    assert_false(decode_tlsrpt(tlsrpt_frame(&b, r), &got));
    buf_free(&b);
}

static void limits_hold_on_the_wire(void **state)
{
    (void)state;
    struct tlsrpt r = full_tlsrpt();
    limits.tls_policies = 1;
    refused_tlsrpt(&r);
    limits.tls_policies = 2;
    limits.tls_failures = 1;
    refused_tlsrpt(&r);
    limits.tls_failures = 2;
    limits.xml_leaf = 4;
    refused_tlsrpt(&r);
    limits_default(&limits);
    limits.row_count = 2;
    refused_tlsrpt(&r);
    limits_default(&limits);
    r.has_begin = false; /* a report without any date is none */
    refused_tlsrpt(&r);
    r = full_tlsrpt();
    r.org_name = SV("a\0b");
    refused_tlsrpt(&r);
    r.org_name = SV("\xff");
    refused_tlsrpt(&r);
    r = full_tlsrpt();
    r.notes.bits[1] = UINT64_C(1) << 63;
    refused_tlsrpt(&r);
}

/* The failures of all policies share one limit. */
static void failures_are_counted_over_all_policies(void **state)
{
    (void)state;
    struct tls_policy many[3];
    struct tlsrpt got, r = full_tlsrpt();
    buf b;
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = policies[0];
    r.policies = many;
    r.n_policies = COUNT_OF(many);
    buf_init(&b, FRAME_MAX);
    limits.tls_failures = 6;
    assert_true(decode_tlsrpt(tlsrpt_frame(&b, &r), &got));
    limits.tls_failures = 5;
    assert_false(decode_tlsrpt(tlsrpt_frame(&b, &r), &got));
    buf_free(&b);
}

static struct failure_report full_failure(void)
{
    struct failure_report f = {.feedback_type = SV("auth-failure"),
                               .auth_failure = SV("dmarc"),
                               .reported_domain = SV("example.com"),
                               .delivery_result = SV("reject"),
                               .identity_alignment = SV(""),
                               .dkim_domain = SV("example.net"),
                               .dkim_identity = SV("@example.net"),
                               .dkim_selector = SV("s1"),
                               .has_source_ip = true,
                               .has_arrival = true,
                               .arrival = 1795428000,
                               .incidents = 12,
                               .header_from_domain = SV("example.org"),
                               .message_id = SV("<1@example.org>")};
    assert_true(ip_parse(SV("192.0.2.1"), &f.source_ip));
    note_add(&f.notes, NOTE_ip_cleaned);
    return f;
}

static bool decode_failure(sv payload, void *self)
{
    return wire_get_failure(payload, &limits, self);
}

static sv failure_frame(buf *b, const struct failure_report *f)
{
    buf_reset(b);
    wire_put_failure(b, f);
    return only_frame(b, WIRE_WORKER, WIRE_failure);
}

static void a_failure_report_survives(void **state)
{
    (void)state;
    struct failure_report sent = full_failure(), got;
    buf b;
    buf_init(&b, FRAME_MAX);
    sv payload = failure_frame(&b, &sent);
    refuses_damage(payload, decode_failure, &got);
    assert_true(decode_failure(payload, &got));
    assert_true(same_text(got.feedback_type, sent.feedback_type) &&
                same_text(got.auth_failure, sent.auth_failure));
    assert_true(same_text(got.reported_domain, sent.reported_domain));
    assert_true(same_text(got.delivery_result, sent.delivery_result));
    assert_true(same_text(got.identity_alignment, sent.identity_alignment));
    assert_true(same_text(got.dkim_domain, sent.dkim_domain) &&
                same_text(got.dkim_identity, sent.dkim_identity));
    assert_true(same_text(got.dkim_selector, sent.dkim_selector));
    assert_true(got.has_source_ip && ip_cmp(&got.source_ip, &sent.source_ip) == 0);
    assert_true(got.has_arrival && got.arrival == sent.arrival && got.incidents == 12);
    assert_true(same_text(got.header_from_domain, sent.header_from_domain));
    assert_true(same_text(got.message_id, sent.message_id));
    assert_true(note_has(&got.notes, NOTE_ip_cleaned));
    buf_free(&b);
}

static void an_empty_failure_report_survives(void **state)
{
    (void)state;
    struct failure_report sent = {.incidents = 1}, got;
    buf b;
    buf_init(&b, FRAME_MAX);
    assert_true(decode_failure(failure_frame(&b, &sent), &got));
    assert_true(got.feedback_type.p == NULL && !got.has_source_ip && !got.has_arrival);
    sent.incidents = 0;
    assert_false(decode_failure(failure_frame(&b, &sent), &got));
    sent.incidents = limits.row_count + 1;
    assert_false(decode_failure(failure_frame(&b, &sent), &got));
    buf_free(&b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_tls_report_survives),
        TEST(limits_hold_on_the_wire),
        TEST(failures_are_counted_over_all_policies),
        TEST(a_failure_report_survives),
        TEST(an_empty_failure_report_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
