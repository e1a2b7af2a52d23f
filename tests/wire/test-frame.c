#include "check.h"

static enum wire_take take(const char *octets, size_t n, enum wire_side from, uint64_t max)
{
    struct wire_frame f;
    sv in = sv_of(octets, n);
    enum wire_take t = wire_take(&in, from, max, &f);
    if (t != WIRE_FRAME)
        assert_int_equal(in.n, n); /* untouched */
    return t;
}

static void frames_come_one_by_one(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_mail_begin(&b, 3);
    wire_put_mail_data(&b, SV("abc"));
    wire_put_mail_end(&b);
    sv in = buf_view(&b);
    struct wire_frame f;
    assert_int_equal(wire_take(&in, WIRE_PARENT, 64, &f), WIRE_FRAME);
    assert_int_equal(f.type, WIRE_mail_begin);
    assert_int_equal(wire_take(&in, WIRE_PARENT, 64, &f), WIRE_FRAME);
    assert_int_equal(f.type, WIRE_mail_data);
    assert_true(sv_eq(f.payload, SV("abc")));
    assert_int_equal(wire_take(&in, WIRE_PARENT, 64, &f), WIRE_FRAME);
    assert_int_equal(f.type, WIRE_mail_end);
    assert_true(wire_get_nothing(f.payload));
    assert_int_equal(wire_take(&in, WIRE_PARENT, 64, &f), WIRE_MORE);
    buf_free(&b);
}

static void a_part_of_a_frame_waits(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_mail_data(&b, SV("abcdef"));
    for (size_t n = 0; n < b.n; n++)
        assert_int_equal(take(b.p, n, WIRE_PARENT, 64), WIRE_MORE);
    buf_free(&b);
}

static void hostile_heads_are_told_at_once(void **state)
{
    (void)state;
    /* Nothing of the payload is there, and none of these may be waited for. */
    const char longest[] = {'\xff', '\xff', '\xff', '\xff', WIRE_mail_data};
    assert_int_equal(take(longest, sizeof longest, WIRE_PARENT, 64), WIRE_BAD);
    const char one_above[] = {65, 0, 0, 0, WIRE_mail_data};
    assert_int_equal(take(one_above, sizeof one_above, WIRE_PARENT, 64), WIRE_BAD);
    const char at_limit[] = {64, 0, 0, 0, WIRE_mail_data};
    assert_int_equal(take(at_limit, sizeof at_limit, WIRE_PARENT, 64), WIRE_MORE);
    for (int type = 0; type < 256; type++) {
        const char head[] = {0, 0, 0, 0, (char)type};
        bool worker = type >= WIRE_hello && type < WIRE_TYPE_END;
        bool parent = type > WIRE_TYPE_NONE_ && type < WIRE_hello;
        assert_int_equal(take(head, sizeof head, WIRE_WORKER, 64), worker ? WIRE_FRAME : WIRE_BAD);
        assert_int_equal(take(head, sizeof head, WIRE_PARENT, 64), parent ? WIRE_FRAME : WIRE_BAD);
    }
}

static void what_does_not_fit_leaves_no_half_frame(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 20);
    wire_put_mail_end(&b);
    assert_int_equal(b.n, WIRE_HEAD);
    wire_put_mail_data(&b, SV("more than twenty octets"));
    assert_true(b.failed);
    assert_int_equal(b.n, WIRE_HEAD);
    buf_free(&b);
}

static void every_name_is_there(void **state)
{
    (void)state;
    assert_string_equal(wire_type_name(WIRE_record), "record");
    assert_string_equal(wire_type_name(WIRE_TYPE_END), "unknown");
    assert_string_equal(wire_sandbox_name(WIRE_SANDBOX_full), "full");
    assert_null(wire_exit_sentence(0));
    assert_non_null(wire_exit_sentence(WIRE_EXIT_sandbox));
    assert_true(strlen(wire_build_id()) > 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_one_by_one),
        cmocka_unit_test(a_part_of_a_frame_waits),
        cmocka_unit_test(hostile_heads_are_told_at_once),
        cmocka_unit_test(what_does_not_fit_leaves_no_half_frame),
        cmocka_unit_test(every_name_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
