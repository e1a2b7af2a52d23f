/* The state of an answer and the stage behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "base/clock.h"
#include "frames.h"

static struct limits limits;
static struct intake_stage stage;
static struct mail_outcome outcome;
static struct answer answer;
static buf out;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    limits.stage_memory = KIB(1);
    limits.stage_size = KIB(64);
    limits.json_size = KIB(1);
    limits.report_rows = 500;
    limits.mail_reports = 3;
    stage_init(&stage, &limits, NULL);
    answer_init(&answer, &limits);
    answer_start(&answer, &stage, &outcome);
    buf_init(&out, MIB(1));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    answer_free(&answer);
    stage_free(&stage);
    buf_free(&out);
    return 0;
}

/* Takes all frames in out, each of which must give ANSWER_MORE but the last. */
static enum answer_step take_all(void)
{
    sv in = buf_view(&out);
    struct wire_frame f;
    struct err e;
    enum answer_step step = ANSWER_MORE;
    while (in.n > 0) {
        assert_int_equal(step, ANSWER_MORE);
        assert_int_equal(wire_take(&in, WIRE_WORKER, limits.wire_frame, &f), WIRE_FRAME);
        step = answer_take(&answer, &f, &e);
    }
    buf_reset(&out);
    return step;
}

static void put_records(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        put_test_record(&out, i);
}

static void put_report(unsigned n)
{
    struct report r = test_report(n);
    wire_put_document_begin(&out, SV("part 2"));
    put_records(n);
    wire_put_aggregate_end(&out, &r);
}

static void put_done(uint64_t documents)
{
    wire_put_done(&out, &(struct wire_done){.state = MAIL_READ, .documents = documents});
}

static void expect_records(size_t document, unsigned n)
{
    struct record_cursor *c = stage_records(&stage, document);
    struct record r;
    for (int twice = 0; twice < 2; twice++) {
        for (unsigned i = 0; i < n; i++) {
            assert_true(c->next(c, &r));
            assert_int_equal(r.source_ip.b[15], (uint8_t)i);
            assert_int_equal(r.source_ip.b[14], (uint8_t)(i >> 8));
            assert_int_equal(r.count, i % 2 ? 1 : 2);
            assert_true(sv_eq(r.header_from, SV("example.net")));
        }
        assert_false(c->next(c, &r));
        c->rewind(c);
    }
    assert_int_equal(stage.cursor.failed.cls, ERR_NONE);
}

static void documents_come_back_as_they_were(void **state)
{
    (void)state;
    put_report(2);
    wire_put_document_begin(&out, SV_ABSENT);
    wire_put_reject(&out, &(struct wire_reject){REJECT_dtd, SV("line 2")});
    put_report(300); /* beyond the memory, so that the file takes over */
    wire_put_done(
        &out, &(struct wire_done){
                  .state = MAIL_READ, .documents = 3, .facts = {.subject = SV("S")}, .holds_original = true});
    assert_int_equal(take_all(), ANSWER_DONE);
    assert_true(stage.spool.fd >= 0);
    assert_int_equal(outcome.state, MAIL_READ);
    assert_int_equal(outcome.n_documents, 3);
    assert_true(outcome.holds_original);
    assert_true(sv_eq(outcome.facts.subject, SV("S")));
    assert_int_equal(stage.documents[0].document.kind, DOCUMENT_AGGREGATE);
    assert_true(sv_eq(stage.documents[0].document.member, SV("part 2")));
    assert_true(sv_eq(stage.documents[0].document.report.report_id, SV("17")));
    assert_int_equal(stage.documents[1].document.kind, DOCUMENT_REJECT);
    assert_int_equal(stage.documents[1].document.reject.reason, REJECT_dtd);
    assert_true(sv_eq(stage.documents[1].document.reject.detail, SV("line 2")));
    assert_null(stage.documents[1].document.member.p);
    expect_records(0, 2);
    expect_records(2, 300);
    expect_records(1, 0);
}

static void reports_without_records(void **state)
{
    (void)state;
    struct tls_policy policy = {.domain = SV("example.com"), .ok = 3, .failed = 1};
    struct tlsrpt tls = {.report_id = SV("t1"), .has_end = true, .policies = &policy, .n_policies = 1};
    struct failure_report failure = {.auth_failure = SV("dmarc"), .incidents = 1};
    wire_put_document_begin(&out, SV("part 2"));
    wire_put_tlsrpt(&out, &tls);
    wire_put_document_begin(&out, SV("part 3"));
    wire_put_failure(&out, &failure);
    put_done(2);
    assert_int_equal(take_all(), ANSWER_DONE);
    const struct document *d = &stage.documents[0].document;
    assert_int_equal(d->kind, DOCUMENT_TLSRPT);
    assert_true(sv_eq(d->member, SV("part 2")) && sv_eq(d->tlsrpt.report_id, SV("t1")));
    assert_true(d->tlsrpt.ok == 3 && d->tlsrpt.failed == 1);
    assert_true(sv_eq(d->tlsrpt.policies[0].domain, SV("example.com")));
    d = &stage.documents[1].document;
    assert_int_equal(d->kind, DOCUMENT_FAILURE);
    assert_true(sv_eq(d->failure.auth_failure, SV("dmarc")));
    expect_records(0, 0);
}

/* Only an aggregate report has records, and every report has a beginning. */
static void reports_without_records_have_none(void **state)
{
    (void)state;
    struct tlsrpt tls = {.has_end = true};
    struct failure_report failure = {.incidents = 1};
    wire_put_document_begin(&out, SV_ABSENT);
    put_records(1);
    wire_put_tlsrpt(&out, &tls);
    assert_int_equal(take_all(), ANSWER_LIE);
    answer_start(&answer, &stage, &outcome);
    wire_put_document_begin(&out, SV_ABSENT);
    put_records(1);
    wire_put_failure(&out, &failure);
    assert_int_equal(take_all(), ANSWER_LIE);
    answer_start(&answer, &stage, &outcome);
    wire_put_tlsrpt(&out, &tls);
    assert_int_equal(take_all(), ANSWER_LIE);
}

static void a_reset_forgets_the_records(void **state)
{
    (void)state;
    struct report r = test_report(3);
    wire_put_document_begin(&out, SV_ABSENT);
    put_records(400);
    wire_put_reset(&out);
    put_records(5);
    wire_put_reset(&out);
    put_records(3);
    wire_put_aggregate_end(&out, &r);
    put_done(1);
    assert_int_equal(take_all(), ANSWER_DONE);
    expect_records(0, 3);
}

static void a_reject_leaves_no_record(void **state)
{
    (void)state;
    put_report(2);
    wire_put_document_begin(&out, SV_ABSENT);
    put_records(200);
    wire_put_reject(&out, &(struct wire_reject){.reason = REJECT_gzip_damaged});
    put_done(2);
    assert_int_equal(take_all(), ANSWER_DONE);
    assert_int_equal(stage.documents[1].at, stage.documents[1].end);
    assert_int_equal(spool_size(&stage.spool), stage.documents[0].end);
    expect_records(0, 2);
}

static void a_report_above_the_stage_is_rejected_alone(void **state)
{
    (void)state;
    limits.stage_size = KIB(4);
    stage_free(&stage);
    stage_init(&stage, &limits, NULL);
    put_report(10);
    put_report(400);
    put_report(10);
    put_done(3);
    assert_int_equal(take_all(), ANSWER_DONE);
    assert_true(answer.limit_hit);
    assert_int_equal(stage.documents[0].document.kind, DOCUMENT_AGGREGATE);
    assert_int_equal(stage.documents[1].document.kind, DOCUMENT_REJECT);
    assert_int_equal(stage.documents[1].document.reject.reason, REJECT_stage_full);
    assert_int_equal(stage.documents[2].document.kind, DOCUMENT_AGGREGATE);
    assert_true(spool_size(&stage.spool) <= KIB(4));
    expect_records(0, 10);
    expect_records(2, 10);
}

static void a_reset_makes_room_again(void **state)
{
    (void)state;
    limits.stage_size = KIB(4);
    stage_free(&stage);
    stage_init(&stage, &limits, NULL);
    struct report r = test_report(10);
    wire_put_document_begin(&out, SV_ABSENT);
    put_records(400);
    wire_put_reset(&out);
    put_records(10);
    wire_put_aggregate_end(&out, &r);
    put_done(1);
    assert_int_equal(take_all(), ANSWER_DONE);
    assert_int_equal(stage.documents[0].document.kind, DOCUMENT_AGGREGATE);
    expect_records(0, 10);
}

/* Reports of long fields only fill the arena; the program's memory has its cap there too. */
static void long_fields_are_capped(void **state)
{
    (void)state;
    static char text[4096];
    static sv errors[100];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < 100; i++)
        errors[i] = sv_of(text, sizeof text);
    struct report r = test_report(0);
    r.errors = errors;
    r.n_errors = 100;
    r.records_raw = 0;
    wire_put_document_begin(&out, SV_ABSENT);
    wire_put_aggregate_end(&out, &r);
    put_report(1);
    put_done(2);
    assert_int_equal(take_all(), ANSWER_DONE);
    assert_int_equal(stage.documents[0].document.reject.reason, REJECT_stage_full);
    assert_int_equal(stage.documents[1].document.kind, DOCUMENT_AGGREGATE);
    expect_records(1, 1);
}

#define LIE(...)                                                                                             \
    do {                                                                                                     \
        tear_down(NULL);                                                                                     \
        set_up(NULL);                                                                                        \
        __VA_ARGS__;                                                                                         \
        assert_int_equal(take_all(), ANSWER_LIE);                                                            \
    } while (0)

static void put_wrong_report(struct report r)
{
    wire_put_document_begin(&out, SV_ABSENT);
    put_records(3);
    wire_put_aggregate_end(&out, &r);
}

static struct report changed(uint64_t records, uint64_t messages, uint64_t failed)
{
    struct report r = test_report(records);
    r.messages = messages;
    r.dmarc_fail_messages = failed;
    return r;
}

static void sums_must_be_those_of_the_records(void **state)
{
    (void)state;
    put_wrong_report(changed(3, 5, 1));
    put_done(1);
    assert_int_equal(take_all(), ANSWER_DONE); /* the true one */
    LIE(put_wrong_report(changed(2, 5, 1)));
    LIE(put_wrong_report(changed(4, 5, 1)));
    LIE(put_wrong_report(changed(3, 6, 1)));
    LIE(put_wrong_report(changed(3, 5, 0)));
    LIE(put_wrong_report(changed(3, 5, 2)));
}

static void nothing_may_be_said_out_of_place(void **state)
{
    (void)state;
    struct report r = test_report(0);
    LIE(put_records(1));
    LIE(wire_put_reset(&out));
    LIE(wire_put_aggregate_end(&out, &r));
    LIE(wire_put_reject(&out, &(struct wire_reject){.reason = REJECT_dtd}));
    LIE(wire_put_hello(&out, &(struct wire_hello){SV("x"), WIRE_SANDBOX_full}));
    LIE(wire_put_document_begin(&out, SV_ABSENT); put_done(1));
    LIE(wire_put_document_begin(&out, SV_ABSENT); wire_put_document_begin(&out, SV_ABSENT));
    LIE(put_done(1));
    LIE(put_report(0); put_done(2));
    LIE(put_report(0); wire_put_done(&out, &(struct wire_done){.state = MAIL_NOT_A_REPORT}));
}

/* Only the parent has a clock. */
static void a_period_in_the_future_is_noted(void **state)
{
    (void)state;
    struct report r = test_report(0);
    int64_t begin, end;
    report_period(&r, &begin, &end);
    for (int64_t late = 0; late < 2; late++) {
        clock_set_now(end - DAY_SECONDS - late);
        answer_start(&answer, &stage, &outcome);
        wire_put_document_begin(&out, SV_ABSENT);
        wire_put_aggregate_end(&out, &r);
        assert_int_equal(take_all(), ANSWER_MORE);
        assert_int_equal(note_has(&stage.documents[late].document.report.notes, NOTE_range_future), late);
    }
}

static void put_authentication(void)
{
    struct auth_statement dmarc = {.result = AUTH_RESULT_pass, .domain = SV("reporter.example")};
    struct auth_field field = {.id = SV("mx.example.com"), .statements = &dmarc, .n_statements = 1};
    wire_put_authentication(&out, &(struct mail_auth){.fields = &field, .n_fields = 1});
}

static void authenticity_comes_before_the_end(void **state)
{
    (void)state;
    put_report(0);
    put_authentication();
    put_done(1);
    assert_int_equal(take_all(), ANSWER_DONE);
    assert_int_equal(outcome.facts.auth.n_fields, 1);
    assert_true(sv_eq(outcome.facts.auth.fields[0].id, SV("mx.example.com")));
    assert_true(sv_eq(outcome.facts.auth.fields[0].statements[0].domain, SV("reporter.example")));
}

static void authenticity_is_told_once_and_last(void **state)
{
    (void)state;
    LIE(put_report(0); put_authentication(); put_authentication());
    LIE(put_authentication(); wire_put_document_begin(&out, SV_ABSENT));
    LIE(wire_put_document_begin(&out, SV_ABSENT); put_authentication());
}

static void limits_are_not_for_the_reader_to_pass(void **state)
{
    (void)state;
    LIE(wire_put_document_begin(&out, SV_ABSENT); put_records(501));
    /* Three reports and the reject that says there are more; a fifth is too many. */
    LIE(put_report(1); put_report(1); put_report(1); put_report(1); wire_put_document_begin(&out, SV_ABSENT));
}

static void an_empty_payload_of_every_type_is_refused_or_fits(void **state)
{
    (void)state;
    for (int type = WIRE_hello; type < WIRE_TYPE_END; type++) {
        tear_down(NULL);
        set_up(NULL);
        struct wire_frame f = {.type = (enum wire_type)type, .payload = SV("")};
        struct err e;
        assert_int_equal(answer_take(&answer, &f, &e), ANSWER_LIE);
    }
}

static void a_damaged_file_ends_the_cursor_and_is_told(void **state)
{
    (void)state;
    put_report(400);
    put_done(1);
    assert_int_equal(take_all(), ANSWER_DONE);
    struct record_cursor *c = stage_records(&stage, 0);
    struct record r;
    /* Lengths that lead beyond the end, and octets that are no record. */
    const char wild[] = {'\xff', '\xff', '\xff', '\x7f', '\xff', '\xff'};
    assert_true(stage.spool.written > sizeof wild);
    assert_int_equal(pwrite(stage.spool.fd, wild, sizeof wild, 0), sizeof wild);
    assert_false(c->next(c, &r));
    assert_int_equal(stage.cursor.failed.cls, ERR_DISK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(documents_come_back_as_they_were, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reports_without_records, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reports_without_records_have_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reset_forgets_the_records, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reject_leaves_no_record, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_report_above_the_stage_is_rejected_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reset_makes_room_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_fields_are_capped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sums_must_be_those_of_the_records, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_may_be_said_out_of_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_period_in_the_future_is_noted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(authenticity_comes_before_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(authenticity_is_told_once_and_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits_are_not_for_the_reader_to_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_payload_of_every_type_is_refused_or_fits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_file_ends_the_cursor_and_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
