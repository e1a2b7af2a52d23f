/* The limits of the JSON reader, and that no damage makes a report into another one. */
#include "unit.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/utf8.h"
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
static struct tlsrpt report; /* the last one */
static char ids[4096];       /* of all answers: report ids and rejects */

static bool on_found(void *self, enum reject why, const struct tlsrpt *found, sv detail)
{
    (void)detail;
    sv id = why == REJECT_NONE_ ? found->report_id : sv_c(reject_code(why));
    size_t n = strlen(ids);
    assert_true(snprintf(ids + n, sizeof ids - n, "%.*s ", SV_ARG(id)) < (int)(sizeof ids - n));
    *(enum reject *)self = why;
    if (why == REJECT_NONE_)
        report = *found;
    return true;
}

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
    enum reject why = REJECT_END;
    ids[0] = '\0';
    tlsrpt_read(json, &limits, &memory, (struct tlsrpt_sink){&why, on_found});
    return why;
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

#define WITH_STRING(json)                                                                                    \
    HEAD "{\"policy\":{\"policy-type\":\"sts\",\"policy-string\":" json                                      \
         ",\"policy-domain\":\"example.net\"},"                                                              \
         "\"summary\":{\"total-successful-session-count\":7,\"total-failure-session-count\":0}}]}"

static void has_text(const char *json, const char *want, bool odd)
{
    expect(REJECT_NONE_, json);
    assert_true(sv_eq(report.policies[0].text, sv_c(want)));
    assert_int_equal(report.notes.bits[0] != 0 || report.notes.bits[1] != 0, odd);
}

static void the_policy_string_is_lines(void **state)
{
    (void)state;
    has_text(WITH_STRING("[\"version: STSv1\",\"mode: enforce\"]"), "version: STSv1\nmode: enforce", false);
    has_text(WITH_STRING("[]"), "", false);
    has_text(WITH_STRING("null"), "", false);
    has_text(WITH_STRING("\"mode: none\""), "mode: none", false);
    has_text(WITH_STRING("[\"a\",7,\"b\"]"), "a\nb", true);
    limits.xml_leaf = 16;
    has_text(WITH_STRING("[\"mode: testing\",\"mx: *.example.com\"]"), "mode: testing\nmx", true);
}

static void the_mode_of_a_policy(void **state)
{
    (void)state;
    static const struct {
        const char *type, *text;
        enum sts_mode mode;
    } cases[] = {{"sts", "version: STSv1\nmode: enforce\nmx: a", STS_MODE_ENFORCE},
                 {"STS", "version: STSv1\r\nMode:Testing\r\n", STS_MODE_TESTING},
                 {"sts", "mode : none", STS_MODE_NONE},
                 {"sts", "mode: odd", STS_MODE_UNKNOWN},
                 {"sts", "", STS_MODE_UNKNOWN},
                 {"tlsa", "", STS_MODE_ENFORCE},
                 {"no-policy-found", "mode: enforce", STS_MODE_NONE},
                 {"", "xmode: enforce", STS_MODE_UNKNOWN}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct tls_policy p = {.type = sv_c(cases[i].type), .text = sv_c(cases[i].text)};
        assert_int_equal(tls_policy_mode(&p), cases[i].mode);
    }
}

static void what_a_policy_asks_for(void **state)
{
    (void)state;
    static const struct {
        const char *type, *text, *want;
    } cases[] = {
        {"sts", "version: STSv1\nmode: enforce\nmx: b.example\nmx: A.example\nmx: b.example\nmax_age: 86400",
         "mode=enforce mx=a.example,b.example max_age=86400"},
        {"STS", "max_age:86400\r\nMX: a.example\r\nMode: Enforce", "mode=enforce mx=a.example max_age=86400"},
        {"sts", "mx: a.example", ""},
        {"sts", "", ""},
        {"tlsa", "3 1 1 00", "tlsa"},
        {"No-Policy-Found", "", "no-policy-found"},
        {"other", "mode: enforce", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct tls_policy p = {.type = sv_c(cases[i].type), .text = sv_c(cases[i].text)};
        assert_true(sv_eq(tls_policy_asks(&p, &memory), sv_c(cases[i].want)));
    }
}

static void a_policy_without_end_is_cut(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, MIB(1));
    buf_puts(&b, "mode: enforce\n");
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "mx: m\xc3\xa4il%d.example\n", i);
    const struct tls_policy p = {.type = SV("sts"), .text = buf_view(&b)};
    size_t used = memory.used;
    sv asks = tls_policy_asks(&p, &memory);
    assert_true(memory.used - used <= TLS_POLICY_TEXT + 1);
    assert_true(asks.n > TLS_POLICY_TEXT - 4 && asks.n <= TLS_POLICY_TEXT && utf8_valid(asks));
    buf_free(&b);
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

static void put_times(buf *b, const char *form, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        buf_puts(b, form);
}

static void put_long_strings(buf *b, const char *form, unsigned times)
{
    buf_puts(b, "{\"organization-name\" : \"x");
    put_times(b, form, times);
    buf_puts(b, "\" , \"");
    put_times(b, form, times);
    buf_puts(b, "\":1,\"report-id\":\"y");
    put_times(b, form, times);
    buf_puts(b, "\",\"contact-info\":\"z\",\"date-range\":{\"start-datetime\":1795392000},\"policies\":[]} ");
}

/* What is read of them is the start of what is read where nothing is cut, and what stands behind them is all
 * there. */
static void long_strings_are_cut_before_loading(void **state)
{
    (void)state;
    static const char *const forms[] = {"a",        "\\u0041",        "\\n",
                                        "\xc3\xbc", "\\ud83d\\ude00", "a\\u00fc\\\"\xf0\x9f\x98\x80"};
    enum { LEAF = 16, FORMS_MAX = 140 };
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        for (unsigned times = 1; times < FORMS_MAX; times++) {
            char whole[2][4096];
            buf b;
            buf_init(&b, limits.json_size);
            put_long_strings(&b, forms[i], times);
            limits.xml_leaf = sizeof whole[0];
            assert_int_equal(read_sv(buf_view(&b)), REJECT_NONE_);
            assert_false(note_has(&report.notes, NOTE_text_cut));
            snprintf(whole[0], sizeof whole[0], "%.*s", SV_ARG(utf8_cut(report.org_name, LEAF)));
            snprintf(whole[1], sizeof whole[1], "%.*s", SV_ARG(utf8_cut(report.report_id, LEAF)));
            limits.xml_leaf = LEAF;
            assert_int_equal(read_sv(buf_view(&b)), REJECT_NONE_);
            assert_true(sv_eq(report.org_name, sv_trim(sv_c(whole[0]))));
            assert_true(sv_eq(report.report_id, sv_trim(sv_c(whole[1]))));
            assert_true(sv_eq(report.email, SV("z")) && report.has_begin);
            buf_free(&b);
        }
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

static bool has_note(enum note n)
{
    return note_has(&report.notes, n);
}

static void words_in_another_case_are_known_and_stay_as_written(void **state)
{
    (void)state;
    expect(REJECT_NONE_, HEAD "{\"policy\":{\"policy-type\":\"STS\"},\"failure-details\":[{\"result-type\":"
                              "\"CERTIFICATE-Expired\"},{\"result-type\":\"Own\"}]}]}");
    const struct tls_policy *p = &report.policies[0];
    assert_true(sv_eq(p->type, SV("STS")) && sv_eq(p->failures[0].result_type, SV("CERTIFICATE-Expired")));
    assert_true(sv_eq(p->failures[1].result_type, SV("Own")));
    assert_true(has_note(NOTE_word_case) && has_note(NOTE_tls_result_unknown));
    assert_false(has_note(NOTE_tls_policy_unknown));
    expect(REJECT_NONE_, REPORT);
    assert_false(has_note(NOTE_word_case));
}

static void dates_may_be_numbers(void **state)
{
    (void)state;
    static const char *const forms[] = {"1700006400.0",
                                        "1.7000064e9",
                                        "1700006400",
                                        "\"1700006400.0\"",
                                        "\"1700006400\"",
                                        "1700006400000",
                                        "\"2023-11-15 00:00:00+00\"",
                                        "\"20231115T000000Z\"",
                                        "\"20231115\"",
                                        "20231115"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char json[512];
        (void)snprintf(json, sizeof json,
                       "{\"report-id\":\"1\",\"date-range\":{\"start-datetime\":%s},\"policies\":[]}",
                       forms[i]);
        expect(REJECT_NONE_, json);
        assert_int_equal(report.begin, 1700006400);
        assert_true(has_note(NOTE_json_form) || has_note(NOTE_date_form) || forms[i][0] == '"');
    }
}

static void what_stands_behind_is_passed_over(void **state)
{
    (void)state;
    static const char *const tails[] = {REPORT "\n-- \nUnsubscribe: https://lists.example/",
                                        REPORT "}",
                                        REPORT "{\"a\":1}",
                                        REPORT ",",
                                        REPORT "[1]",
                                        REPORT "\"x"};
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        expect(REJECT_NONE_, tails[i]);
        assert_true(has_note(NOTE_trailing_junk) && sv_eq(sv_c(ids), SV("1 ")));
    }
    expect(REJECT_NONE_, REPORT " \r\n");
    assert_false(has_note(NOTE_trailing_junk));
    assert_int_equal(read_sv(SV(REPORT "\0\0")), REJECT_NONE_);
    assert_true(has_note(NOTE_trailing_junk));
}

#define OTHER                                                                                                \
    "{\"report-id\":\"2\",\"date-range\":{\"start-datetime\":\"2026-11-23T00:00:00Z\"},\"policies\":[]}"

static void several_reports_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *json, *answers;
    } table[] = {
        {REPORT OTHER, "1 2 "},
        {REPORT "\n" OTHER "\n" REPORT "\n", "1 2 1 "},
        {REPORT ",\n" OTHER, "1 2 "},
        {"\xEF\xBB\xBF" REPORT "\xEF\xBB\xBF" OTHER, "1 2 "},
        {REPORT "\x1e" OTHER " footer", "1 2 "},
        {"[" REPORT "," OTHER "]", "1 2 "},
        {"[" REPORT "]\n[" OTHER "]", "1 2 "},
        {"{\"reports\":[" REPORT "," OTHER "]}", "1 2 "},
        {"[{\"report\":" REPORT "},{\"report\":" OTHER "}]", "1 2 "},
        {"[" REPORT ",{\"a\":1},7," OTHER "]", "1 2 json_not_tlsrpt "},
        {REPORT "{\"report-id\":\"2\",\"pol", "1 truncated "},
        {"[" REPORT "," OTHER, "truncated "},
        {REPORT "{\"report-id\":\"2\",x}" OTHER, "1 json_damaged 2 "},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        (void)read_sv(sv_c(table[i].json));
        if (strcmp(ids, table[i].answers) != 0)
            fail_msg("%s instead of %s for %s", ids, table[i].answers, table[i].json);
        assert_true(has_note(NOTE_reports_joined) || i == 11);
    }
}

static void a_report_may_be_wrapped(void **state)
{
    (void)state;
    static const char *const forms[] = {"[" REPORT "]", "{\"tlsrpt\":" REPORT "}",
                                        "{\"a\":{\"b\":" REPORT "}}", "{\"reports\":[" REPORT "]}"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        expect(REJECT_NONE_, forms[i]);
        assert_true(has_note(NOTE_json_form) && !has_note(NOTE_reports_joined));
    }
    expect(REJECT_json_not_tlsrpt, "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":" REPORT "}}}}}");
    expect(REJECT_json_not_tlsrpt, "[[" REPORT "]]");
    expect(REJECT_json_not_tlsrpt, "[]");
    expect(REJECT_json_not_tlsrpt, "{\"policies\":[]}");
}

static void memory_is_limited(void **state)
{
    (void)state;
    arena small;
    arena_init(&small, 64);
    enum reject why = REJECT_NONE_;
    ids[0] = '\0';
    tlsrpt_read(SV(REPORT), &limits, &small, (struct tlsrpt_sink){&why, on_found});
    assert_int_equal(why, REJECT_memory_limit);
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
        TEST(the_policy_string_is_lines),
        TEST(the_mode_of_a_policy),
        TEST(what_a_policy_asks_for),
        TEST(a_policy_without_end_is_cut),
        TEST(what_is_cut_is_a_reject),
        TEST(an_octet_changed_does_no_harm),
        TEST(tokens_are_counted_before_loading),
        TEST(a_bomb_of_tokens_is_not_loaded),
        TEST(depth_is_limited),
        TEST(size_is_limited),
        TEST(policies_and_failures_are_limited),
        TEST(long_strings_are_cut_before_loading),
        TEST(a_text_is_cut),
        TEST(sums_do_not_wrap),
        TEST(words_in_another_case_are_known_and_stay_as_written),
        TEST(dates_may_be_numbers),
        TEST(what_stands_behind_is_passed_over),
        TEST(several_reports_are_read),
        TEST(a_report_may_be_wrapped),
        TEST(memory_is_limited),
        TEST(other_json_does_not_look_like_a_report),
    };
    tlsrpt_library_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
