/* TLS and failure reports stand in tables of their own and once each. */
#include "support.h"

static struct tls_failure failures[] = {
    {.result_type = SV_INIT("certificate-expired"), .has_sessions = true, .sessions = 3},
    {.result_type = SV_INIT("tlsa-invalid")},
};
static struct tls_policy policies[] = {
    {.type = SV_INIT("sts"),
     .domain = SV_INIT("example.com"),
     .text = SV_INIT("mode: enforce"),
     .ok = 9,
     .failed = 3,
     .failures = failures,
     .n_failures = 2},
    {.ok = 1},
};

static struct tlsrpt made_tlsrpt(const char *id)
{
    struct tlsrpt r = {.org_name = SV("Org"),
                       .report_id = sv_c(id),
                       .has_begin = true,
                       .begin = 1795392000,
                       .policies = policies,
                       .n_policies = 2};
    note_add(&r.notes, NOTE_end_absent);
    return r;
}

static struct failure_report made_failure(const char *message_id)
{
    struct failure_report f = {.feedback_type = SV("auth-failure"),
                               .has_source_ip = true,
                               .incidents = 2,
                               .message_id = sv_c(message_id)};
    assert_true(ip_parse(SV("192.0.2.1"), &f.source_ip));
    return f;
}

static void add(struct made_mail *m, struct document d)
{
    m->documents[m->outcome.n_documents++] = d;
    m->outcome.state = MAIL_READ;
}

static void add_tlsrpt(struct made_mail *m, struct tlsrpt r)
{
    add(m, (struct document){.kind = DOCUMENT_TLSRPT, .tlsrpt = r});
}

static void add_failure(struct made_mail *m, struct failure_report r)
{
    add(m, (struct document){.kind = DOCUMENT_FAILURE, .failure = r});
}

static void they_are_stored_once(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    for (uint32_t uid = 1; uid <= 2; uid++) {
        make_mail(&m, uid);
        add_tlsrpt(&m, made_tlsrpt("1"));
        add_failure(&m, made_failure("<1@example.com>"));
        struct store_put put = put_alone(f, &m);
        assert_true(put.settled && put.rejects == 0);
        assert_int_equal(put.reports_new, uid == 1 ? 2 : 0);
        assert_int_equal(put.reports_known, uid == 1 ? 0 : 2);
    }
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mail WHERE state = 'read'"), 2);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM tls_report"), 1);
    assert_int_equal(sql_int(f, "SELECT sum(failed) FROM tls_policy WHERE domain = 'example.com'"), 3);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM tls_policy WHERE text = 'mode: enforce'"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM tls_failure"), 2);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM tls_failure WHERE sessions IS NULL"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM failure_report WHERE source_ip = x'c0000201'"), 1);
}

static void what_differs_is_another_one(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    struct tlsrpt other = made_tlsrpt("1");
    other.n_policies = 1;
    make_mail(&m, 1);
    add_tlsrpt(&m, made_tlsrpt("1"));
    add_tlsrpt(&m, other);
    add_failure(&m, made_failure("<1@example.com>"));
    add_failure(&m, made_failure("<2@example.com>"));
    assert_int_equal(put_alone(f, &m).reports_new, 4);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM tls_policy"), 3);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM failure_report"), 2);
}

/* They are no part of what is known about the mail of a domain. */
static void aggregate_tables_stay_empty(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    make_mail(&m, 1);
    add_tlsrpt(&m, made_tlsrpt("1"));
    add_failure(&m, made_failure("<1@example.com>"));
    (void)put_alone(f, &m);
    assert_int_equal(sql_int(f, "SELECT (SELECT count(*) FROM report) + (SELECT count(*) FROM fact)"
                                " + (SELECT count(*) FROM dirty) + (SELECT count(*) FROM quarantine)"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(they_are_stored_once),
        TEST(what_differs_is_another_one),
        TEST(aggregate_tables_stay_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
