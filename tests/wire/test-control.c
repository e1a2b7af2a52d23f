#include "check.h"

static struct limits limits;
static bool best_effort;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    return 0;
}

static bool decode_limits(sv payload, void *self)
{
    return wire_get_limits(payload, self, &best_effort) == WIRE_LIMITS_OK;
}

static void limits_survive(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, FRAME_MAX);
    limits.report_rows = 17;
    wire_put_limits(&b, &limits, true);
    sv payload = only_frame(&b, WIRE_PARENT, WIRE_limits);
    struct limits got;
    refuses_damage(payload, decode_limits, &got);
    assert_true(decode_limits(payload, &got));
    assert_memory_equal(&got, &limits, sizeof got);
    assert_true(best_effort);
    buf_free(&b);
}

static void limits_out_of_bounds_are_refused(void **state)
{
    (void)state;
    unsigned n;
    const struct limit_info *table = limits_table(&n);
    for (unsigned i = 0; i < n; i++) {
        const uint64_t wrong[] = {0, table[i].ceiling + 1, UINT64_MAX};
        for (size_t j = 0; j < COUNT_OF(wrong); j++) {
            struct limits l, got;
            limits_default(&l);
            *limits_at(&l, i) = wrong[j];
            buf b;
            buf_init(&b, FRAME_MAX);
            wire_put_limits(&b, &l, false);
            sv payload = only_frame(&b, WIRE_PARENT, WIRE_limits);
            assert_int_equal(wire_get_limits(payload, &got, &best_effort), WIRE_LIMITS_BAD);
            buf_free(&b);
        }
    }
}

static void another_build_is_told_from_damage(void **state)
{
    (void)state;
    struct limits got;
    buf b;
    buf_init(&b, FRAME_MAX);
    put_text(&b, SV("0.0.9-fedcba9876543210"));
    buf_puts(&b, "whatever it thinks limits are");
    assert_int_equal(wire_get_limits(buf_view(&b), &got, &best_effort), WIRE_LIMITS_OTHER_BUILD);
    buf_free(&b);
}

static void births_are_told(void **state)
{
    (void)state;
    char ask[WIRE_ASK_SIZE], born[WIRE_BORN_SIZE + 1] = {0};
    uint8_t slot;
    uint32_t pid;
    wire_put_ask(ask, 7);
    wire_put_born(born, ask, 4194304);
    assert_true(wire_get_born(sv_of(born, WIRE_BORN_SIZE), &slot, &pid));
    assert_int_equal(slot, 7);
    assert_int_equal(pid, 4194304);
    for (size_t n = 0; n <= sizeof born; n++)
        assert_int_equal(wire_get_born(sv_of(born, n), &slot, &pid), n == WIRE_BORN_SIZE);
}

static void a_mail_above_its_limit_is_refused(void **state)
{
    (void)state;
    const uint64_t sizes[] = {0, 1, limits.mail_size, limits.mail_size + 1, UINT64_MAX};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        buf b;
        uint64_t size;
        buf_init(&b, FRAME_MAX);
        wire_put_mail_begin(&b, sizes[i]);
        sv payload = only_frame(&b, WIRE_PARENT, WIRE_mail_begin);
        bool fine = sizes[i] <= limits.mail_size;
        assert_int_equal(wire_get_mail_begin(payload, &limits, &size), fine);
        if (fine)
            assert_int_equal(size, sizes[i]);
        buf_free(&b);
    }
}

static bool decode_hello(sv payload, void *self)
{
    return wire_get_hello(payload, self);
}

static void hello_survives(void **state)
{
    (void)state;
    struct wire_hello got, sent = {.build_id = SV("1.0-abc"), .sandbox = WIRE_SANDBOX_no_landlock};
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_hello(&b, &sent);
    sv payload = only_frame(&b, WIRE_WORKER, WIRE_hello);
    refuses_damage(payload, decode_hello, &got);
    assert_true(decode_hello(payload, &got));
    assert_true(sv_eq(got.build_id, sent.build_id));
    assert_int_equal(got.sandbox, WIRE_SANDBOX_no_landlock);
    b.p[b.n - 1] = WIRE_SANDBOX_END;
    assert_false(decode_hello(payload, &got));
    buf_free(&b);
}

static bool decode_member(sv payload, void *self)
{
    return wire_get_document_begin(payload, &limits, self);
}

/* Whether a document_begin with this member passes. */
static bool member_passes(sv member)
{
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_document_begin(&b, member);
    sv got = SV("untouched"), payload = only_frame(&b, WIRE_WORKER, WIRE_document_begin);
    bool passes = decode_member(payload, &got);
    if (passes) {
        assert_true(sv_eq(got, member));
        assert_int_equal(got.p == NULL, member.p == NULL);
        refuses_damage(payload, decode_member, &got);
    }
    buf_free(&b);
    return passes;
}

static void texts_are_checked(void **state)
{
    (void)state;
    limits.mail_text = 8;
    assert_true(member_passes(SV_ABSENT));
    assert_true(member_passes(SV("")));
    assert_true(member_passes(SV("12345678")));
    assert_true(member_passes(SV("\xe6\x97\xa5\xe6\x9c\xac")));
    assert_false(member_passes(SV("123456789")));
    assert_false(member_passes(SV("\xff")));
    assert_false(member_passes(SV("\xe6\x97")));
    assert_false(member_passes(SV("\xed\xa0\x80"))); /* a surrogate */
    assert_false(member_passes(SV("\xc0\xaf")));     /* overlong */
    assert_false(member_passes(SV("a\0b")));
}

static bool decode_reject(sv payload, void *self)
{
    return wire_get_reject(payload, &limits, self);
}

static void only_reasons_of_a_reader_pass(void **state)
{
    (void)state;
    for (int reason = 0; reason < 256; reason++) {
        struct wire_reject got, sent = {.reason = (enum reject)reason, .detail = SV("why")};
        buf b;
        buf_init(&b, FRAME_MAX);
        wire_put_reject(&b, &sent);
        sv payload = only_frame(&b, WIRE_WORKER, WIRE_reject);
        bool parents = reason == REJECT_stage_full || reason == REJECT_worker_crash ||
                       reason == REJECT_worker_timeout || reason == REJECT_worker_lied ||
                       reason == REJECT_unfetchable || reason == REJECT_store_refused;
        bool fine = reason > REJECT_NONE_ && reason < REJECT_END && !parents;
        assert_int_equal(decode_reject(payload, &got), fine);
        if (fine)
            refuses_damage(payload, decode_reject, &got);
        buf_free(&b);
    }
}

static bool decode_done(sv payload, void *self)
{
    return wire_get_done(payload, &limits, self);
}

static bool done_passes(struct wire_done sent, struct wire_done *got)
{
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_done(&b, &sent);
    sv payload = only_frame(&b, WIRE_WORKER, WIRE_done);
    bool passes = decode_done(payload, got);
    if (passes)
        refuses_damage(payload, decode_done, got);
    buf_free(&b);
    return passes;
}

static void done_survives(void **state)
{
    (void)state;
    struct wire_done got,
        sent = {
            .state = MAIL_READ,
            .facts = {.from_domain = SV("example.net"), .message_id = SV("<1@x>"), .subject = SV("Report")},
            .documents = 3,
            .cpu_ms = 12,
            .limit_hit = true,
            .holds_original = true};
    assert_true(done_passes(sent, &got));
    assert_int_equal(got.state, MAIL_READ);
    assert_int_equal(got.documents, 3);
    assert_int_equal(got.cpu_ms, 12);
    assert_true(got.limit_hit);
    assert_true(got.holds_original);
    assert_null(got.detail.p);
}

static void contradictions_are_refused(void **state)
{
    (void)state;
    struct wire_done got;
    assert_true(
        done_passes((struct wire_done){.state = MAIL_NOT_A_REPORT, .not_report = NOT_REPORT_empty}, &got));
    assert_true(done_passes((struct wire_done){.state = MAIL_REJECTED, .reject = REJECT_truncated}, &got));
    assert_false(done_passes((struct wire_done){.state = MAIL_READ}, &got));
    assert_false(done_passes((struct wire_done){.state = MAIL_REJECTED}, &got));
    assert_false(
        done_passes((struct wire_done){.state = MAIL_REJECTED, .reject = REJECT_worker_crash}, &got));
    assert_false(done_passes((struct wire_done){.state = MAIL_TEMPORARY, .reject = REJECT_truncated}, &got));
    assert_false(done_passes((struct wire_done){.state = MAIL_NOT_A_REPORT, .documents = 1}, &got));
    assert_false(done_passes((struct wire_done){.state = MAIL_NOT_A_REPORT, .reject = REJECT_dtd}, &got));
    assert_false(done_passes(
        (struct wire_done){.state = MAIL_READ, .documents = 1, .not_report = NOT_REPORT_other}, &got));
    assert_false(
        done_passes((struct wire_done){.state = MAIL_READ, .documents = limits.mail_reports + 2}, &got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(limits_survive, set_up),
        cmocka_unit_test_setup(limits_out_of_bounds_are_refused, set_up),
        cmocka_unit_test_setup(another_build_is_told_from_damage, set_up),
        cmocka_unit_test_setup(births_are_told, set_up),
        cmocka_unit_test_setup(a_mail_above_its_limit_is_refused, set_up),
        cmocka_unit_test_setup(hello_survives, set_up),
        cmocka_unit_test_setup(texts_are_checked, set_up),
        cmocka_unit_test_setup(only_reasons_of_a_reader_pass, set_up),
        cmocka_unit_test_setup(done_survives, set_up),
        cmocka_unit_test_setup(contradictions_are_refused, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
