#include "sample.h"

#include "render/freeze.h"

static arena memory;

static int set_up(void **state)
{
    (void)state;
    arena_init(&memory, 256u << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static sv frozen(const struct notice *n)
{
    buf b;
    struct err e = {0};
    buf_init(&b, 64u << 20);
    assert_true(notice_freeze(n, &b, &e));
    sv out = arena_sv(&memory, buf_view(&b));
    buf_free(&b);
    return out;
}

/* The form in the outbox outlives the program that wrote it. */
static void the_form_is_stable(void **state)
{
    (void)state;
    struct notice n = sample_notice(&memory, 1, 1, SV("a\"b\u00e9"));
    static const char want[] =
        "{\"schema\":\"dmarcwarn.notice.v1\",\"id\":\"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\",\"created\":"
        "1795600000,"
        "\"severity\":\"warning\",\"tenant\":\"acme\",\"domain\":\"example.com\",\"more\":3,\"known\":2,"
        "\"items\":["
        "{\"incident\":\"abababababababababababababababab\",\"rule\":\"unknown_source\",\"severity\":"
        "\"warning\","
        "\"state\":\"firing\",\"news\":\"tenfold\",\"episode\":7,\"domain\":\"example.com\","
        "\"subject\":\"203.0.113.0/"
        "24\",\"before\":null,\"after\":null,\"via\":\"platform\",\"owner\":null,\"docs\":null,\"first_day\":"
        "20700,"
        "\"last_day\":20780,\"reported\":1795500000,\"counts\":{\"total\":1000,\"failed\":900,\"let_"
        "through\":500,"
        "\"quarantined\":300,\"rejected\":100},\"dkim\":{\"passed\":0,\"broken\":400,\"temporary\":100,"
        "\"unaligned\":300,\"absent\":100},\"spf\":{\"passed\":0,\"broken\":100,\"temporary\":200,"
        "\"unaligned\":300,\"absent\":300},\"dkim_passed\":50,\"spf_passed\":60,\"unclear\":70,\"since_"
        "told\":800,"
        "\"sources\":[{\"ip\":\"::\",\"counts\":{\"total\":9,\"failed\":9,\"let_through\":1,\"quarantined\":"
        "3,"
        "\"rejected\":5}}],\"reporters\":[{\"name\":\"a\\\"b\\u00E9\",\"messages\":9,"
        "\"verified\":false,\"through\":null}],"
        "\"header_froms\":[{\"name\":\"a\\\"b\\u00E9\",\"messages\":9}],\"all_sources\":6,\"all_reporters\":"
        "6,"
        "\"all_header_froms\":6,\"spf_results\":[{\"domain\":\"a\\\"b\\u00E9\",\"result\":\"softfail\","
        "\"ours\":true,"
        "\"messages\":9}],\"dkim_results\":[{\"domain\":\"a\\\"b\\u00E9\",\"selector\":\"a\\\"b\\u00E9\","
        "\"result\":\"odd\",\"ours\":false,\"messages\":9}],\"all_spf_results\":6,\"all_dkim_results\":6,"
        "\"p\":\"reject\",\"sp\":\"unknown\",\"testing\":true,\"verified\":false,\"usual_gap\":0}]}";
    sv got = frozen(&n);
    if (!sv_eq(got, SV(want)))
        fail_msg("%.*s", SV_ARG(got));
}

static void what_was_frozen_comes_back(void **state)
{
    (void)state;
    struct notice n = sample_notice(&memory, 3, 4, SV("x\r\n\x1b\u202e<!channel>")), back;
    n.items[1].sources[0].ip = (struct ip){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}};
    n.items[2].verified = true;
    n.items[2].n_waiting = 2;
    n.items[2].all_waiting = 7;
    n.items[2].waiting[0] = n.items[2].waiting[1] = SV("late\n<b>");
    n.items[2].reporters[0].name = SV_ABSENT;
    n.items[2].reporters[1].name = SV("");
    struct err e = {0};
    sv first = frozen(&n);
    assert_true(notice_thaw(first, &memory, &back, &e));
    assert_true(sv_eq(frozen(&back), first));
    assert_memory_equal(back.id, n.id, sizeof n.id);
    assert_int_equal(back.n_items, 3);
    assert_true(sv_eq(back.items[0].reporters[0].name, SV("x\r\n\x1b\u202e<!channel>")));
    assert_int_equal(ip_cmp(&back.items[1].sources[0].ip, &n.items[1].sources[0].ip), 0);
    assert_true(back.items[2].reporters[0].name.p == NULL && back.items[2].reporters[1].name.p != NULL);
    assert_int_equal(back.items[0].dkims[0].result.v, WORD_UNKNOWN);
    assert_int_equal(back.items[0].sp, POLICY_UNKNOWN);
    assert_memory_equal(&back.items[0].counts, &n.items[0].counts, sizeof(struct counts));
}

static void odd_octets_and_huge_numbers(void **state)
{
    (void)state;
    struct notice n = sample_notice(&memory, 1, 1,
                                    SV("a\xff"
                                       "b\0c")),
                  back;
    struct err e = {0};
    n.items[0].counts.failed = UINT64_MAX;
    assert_true(notice_thaw(frozen(&n), &memory, &back, &e));
    assert_true(sv_eq(back.items[0].reporters[0].name, SV("a\ufffd"
                                                          "b\0c")));
    assert_int_equal(back.items[0].counts.failed, INT64_MAX);
}

static void what_is_no_notice(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"schema\":\"dmarcwarn.notice.v2\"}",
        "{\"schema\":\"dmarcwarn.notice.v1\",\"id\":\"cd\",\"severity\":\"info\",\"items\":[]}",
        "{\"schema\":\"dmarcwarn.notice.v1\",\"id\":\"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\",\"severity\":"
        "\"info\","
        "\"items\":[]}",
        "{\"schema\":\"dmarcwarn.notice.v1\",\"id\":\"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\",\"severity\":"
        "\"info\","
        "\"items\":[{\"incident\":\"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\",\"rule\":\"no_such_rule\"}]}",
        "{\"schema\":\"dmarcwarn.notice.v1\",\"id\":\"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcg\",\"severity\":"
        "\"info\","
        "\"items\":[5]}",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct notice n;
        struct err e = {0};
        assert_false(notice_thaw(sv_c(bad[i]), &memory, &n, &e));
        assert_int_equal(e.cls, ERR_STATE);
    }
}

/* Evidence as long as strangers can make it: the notice is shorter, not lost. */
static void a_notice_too_long_loses_incidents_at_its_end(void **state)
{
    (void)state;
    struct notice n = sample_notice(&memory, 50, 5, sample_text(&memory, "\x01", 256)), back;
    struct err e = {0};
    buf b;
    buf_init(&b, 1u << 20);
    buf_puts(&b, "before");
    assert_true(notice_freeze(&n, &b, &e));
    assert_true(notice_thaw(sv_skip(buf_view(&b), 6), &memory, &back, &e));
    assert_true(back.n_items >= 1 && back.n_items < 50);
    assert_int_equal(back.n_items + back.more, 53);
    buf_free(&b);
    buf_init(&b, 100);
    assert_false(notice_freeze(&n, &b, &e));
    assert_int_equal(e.cls, ERR_LIMIT);
    buf_free(&b);
}

static void no_memory_is_said(void **state)
{
    (void)state;
    struct notice n = sample_notice(&memory, 1, 3, SV("x")), back;
    sv json = frozen(&n);
    bool done = false;
    for (size_t cap = 0; !done; cap += 32) {
        arena small;
        struct err e = {0};
        arena_init(&small, cap);
        done = notice_thaw(json, &small, &back, &e);
        assert_int_equal(e.cls, done ? ERR_NONE : ERR_MEMORY);
        arena_free(&small);
        assert_true(cap < 100000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_is_stable),
        cmocka_unit_test(what_was_frozen_comes_back),
        cmocka_unit_test(odd_octets_and_huge_numbers),
        cmocka_unit_test(what_is_no_notice),
        cmocka_unit_test(a_notice_too_long_loses_incidents_at_its_end),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
