/* The limits of the JSON reader, and that no damage makes a report into another one. */
#include "unit.h"

#include "base/buf.h"
#include "report/tlsrpt.h"

#define HEAD                                                                                                 \
    "{\"organization-name\":\"Org\",\"date-range\":{\"start-datetime\":\"2026-11-23T00:00:00Z\","            \
    "\"end-datetime\":\"2026-11-23T23:59:59Z\"},\"contact-info\":\"a@example.com\",\"report-id\":\"1\","     \
    "\"policies\":["
#define FAILURE "{\"result-type\":\"tlsa-invalid\",\"failed-session-count\":1}"
#define POLICY                                                                                               \
    "{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"example.net\"},\"summary\":"                   \
    "{\"total-successful-session-count\":7,\"total-failure-session-count\":2},\"failure-details\":[" FAILURE \
    "," FAILURE "]}"
#define REPORT HEAD POLICY "]}"

static struct limits limits;
static arena memory;
static struct tlsrpt report;
static sv detail;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    arena_init(&memory, MIB(16));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static enum reject read_sv(sv json)
{
    arena_reset(&memory);
    return tlsrpt_read(json, &limits, &memory, &report, &detail);
}

static void expect(enum reject want, const char *json)
{
    enum reject got = read_sv(sv_c(json));
    if (got != want)
        fail_msg("%s instead of %s for %.200s", reject_code(got), reject_code(want), json);
}

static void a_report_is_read(void **state)
{
    (void)state;
    expect(REJECT_NONE_, REPORT);
    assert_true(sv_eq(report.org_name, SV("Org")) && sv_eq(report.email, SV("a@example.com")));
    assert_true(report.has_begin && report.has_end && report.end - report.begin == 86399);
    assert_int_equal(report.n_policies, 1);
    assert_int_equal(report.policies[0].n_failures, 2);
    assert_true(report.ok == 7 && report.failed == 2);
    assert_true(report.notes.bits[0] == 0 && report.notes.bits[1] == 0);
}

/* A part of a report is none, wherever it is cut. */
static void what_is_cut_is_a_reject(void **state)
{
    (void)state;
    const sv whole = SV(REPORT);
    for (size_t n = 1; n < whole.n; n++) {
        char *copy = test_malloc(n); /* exact in size, so that a sanitizer sees a read past the end */
        memcpy(copy, whole.p, n);
        assert_int_equal(read_sv(sv_of(copy, n)), REJECT_truncated);
        test_free(copy);
    }
    assert_int_equal(read_sv(SV("")), REJECT_json_not_tlsrpt);
}

/* An octet changed: the same report, one with other texts or numbers, or a reject; never a crash, and
 * never more policies or sessions in an entry than a limit allows. */
static void an_octet_changed_does_no_harm(void **state)
{
    (void)state;
    const sv whole = SV(REPORT);
    static const char octets[] = "\0\x01\"\\{}[],:x9\x80\xff";
    char *copy = test_malloc(whole.n);
    for (size_t at = 0; at < whole.n; at++)
        for (size_t i = 0; i < sizeof octets - 1; i++) {
            memcpy(copy, whole.p, whole.n);
            copy[at] = octets[i];
            if (read_sv(sv_of(copy, whole.n)) == REJECT_NONE_)
                assert_true(report.n_policies <= 2 && report.ok <= limits.row_count);
        }
    test_free(copy);
}

static void tokens_are_counted_before_loading(void **state)
{
    (void)state;
    limits.json_tokens = 40;
    expect(REJECT_NONE_, REPORT);
    limits.json_tokens = 39;
    expect(REJECT_too_many_tokens, REPORT);
}

static void a_bomb_of_tokens_is_not_loaded(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, limits.json_size);
    buf_puts(&b, HEAD);
    while (!b.failed)
        buf_puts(&b, "{\"b\":1},");
    assert_int_equal(read_sv(buf_view(&b)), REJECT_too_many_tokens);
    buf_free(&b);
}

static void depth_is_limited(void **state)
{
    (void)state;
    limits.json_depth = 5;
    expect(REJECT_NONE_, REPORT);
    limits.json_depth = 4;
    expect(REJECT_too_deep, REPORT);
    /* Brackets in strings are none. */
    expect(REJECT_NONE_, HEAD "],\"x\":\"[[[[[[{{{{{\\\"[\"}");
}

static void size_is_limited(void **state)
{
    (void)state;
    limits.json_size = sizeof REPORT - 1;
    expect(REJECT_NONE_, REPORT);
    expect(REJECT_document_too_large, REPORT " ");
    /* Also after the conversion: an octet becomes two or three. */
    limits.json_size = sizeof HEAD "],\"x\":\"\x80\x80\x80\x80\"}" - 1;
    expect(REJECT_document_too_large, HEAD "],\"x\":\"\x80\x80\x80\x80\"}");
}

static void policies_and_failures_are_limited(void **state)
{
    (void)state;
    limits.tls_policies = 2;
    limits.tls_failures = 4;
    expect(REJECT_NONE_, HEAD POLICY "," POLICY "]}");
    limits.tls_failures = 3;
    expect(REJECT_too_many_rows, HEAD POLICY "," POLICY "]}");
    limits.tls_failures = 4;
    limits.tls_policies = 1;
    expect(REJECT_too_many_rows, HEAD POLICY "," POLICY "]}");
}

static void a_text_is_cut(void **state)
{
    (void)state;
    limits.xml_leaf = 4;
    expect(REJECT_NONE_, "{\"report-id\":\"\xc3\xbc\xc3\xbc\xc3\xbc\",\"date-range\":{\"start-datetime\":"
                         "1795392000},\"policies\":[]}");
    assert_true(sv_eq(report.report_id, SV("\xc3\xbc\xc3\xbc")));
    assert_true(note_has(&report.notes, NOTE_text_cut));
}

static void sums_do_not_wrap(void **state)
{
    (void)state;
    expect(REJECT_NONE_, HEAD "{\"summary\":{\"total-successful-session-count\":1000000000000,"
                              "\"total-failure-session-count\":1000000000001}}]}");
    assert_true(report.ok == 1000000000000 && report.failed == 0);
    assert_true(note_has(&report.notes, NOTE_sessions_unreadable));
}

static void memory_is_limited(void **state)
{
    (void)state;
    arena small;
    arena_init(&small, 64);
    assert_int_equal(tlsrpt_read(SV(REPORT), &limits, &small, &report, &detail), REJECT_memory_limit);
    arena_free(&small);
}

static void other_json_does_not_look_like_a_report(void **state)
{
    (void)state;
    assert_true(tlsrpt_looks_like(SV(REPORT)));
    assert_true(tlsrpt_looks_like(SV("{ \"Organization_Name\" :")));
    assert_true(tlsrpt_looks_like(SV("\xff\xfe{\0\"\0r\0e\0p\0o\0r\0t\0-\0i\0d\0\"\0")));
    assert_false(tlsrpt_looks_like(SV("{\"name\":\"x\",\"version\":1}")));
    assert_false(tlsrpt_looks_like(SV("")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_report_is_read),
        TEST(what_is_cut_is_a_reject),
        TEST(an_octet_changed_does_no_harm),
        TEST(tokens_are_counted_before_loading),
        TEST(a_bomb_of_tokens_is_not_loaded),
        TEST(depth_is_limited),
        TEST(size_is_limited),
        TEST(policies_and_failures_are_limited),
        TEST(a_text_is_cut),
        TEST(sums_do_not_wrap),
        TEST(memory_is_limited),
        TEST(other_json_does_not_look_like_a_report),
    };
    tlsrpt_library_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
