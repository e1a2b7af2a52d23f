/* Tables on narrow terminals: names are cut with a mark and never so that another one shows. */
#include "unit.h"

#include <locale.h>

#include "base/utf8.h"
#include "fit.h"
#include "sample.h"

enum { NARROW = 80 };

static const char long_ip[] = "2001:db8:1234:5678:9abc:def0:1234:5678";
static const char long_domain[] = "a-very-long-name.of.some.department.example.com.attacker.example.net";

static struct dkim_auth signature = {.domain = SV_INIT("example.com.attacker.example.net"),
                                     .selector = SV_INIT("selector2026november"),
                                     .result = {.v = DKIM_FAIL}};

static struct record narrow_record(const char *ip, const char *domain)
{
    return (struct record){.source_ip = sample_ip(ip),
                           .count = 1234567,
                           .disposition.v = DISPOSITION_QUARANTINE,
                           .dkim.v = VERDICT_FAIL,
                           .spf.v = VERDICT_FAIL,
                           .header_from = sv_c(domain),
                           .dkims = &signature,
                           .n_dkims = 1};
}

/* What is printed of one record. The caller frees. */
static char *table(const char *ip, const char *domain, struct output_options o)
{
    struct record record = narrow_record(ip, domain);
    struct list_cursor records = {{list_next, list_rewind}, &record, 1, 0};
    struct document d = sample_document();
    struct err e;
    char *text = NULL;
    size_t n;
    FILE *to = open_memstream(&text, &n);
    assert_non_null(to);
    struct output *out = output_open(output_format_named(SV("table")), to, &o);
    assert_non_null(out);
    output_document(out, SV("a.xml"), &d, &records.base);
    assert_true(output_close(out, &e));
    assert_int_equal(fclose(to), 0);
    return text;
}

static void expect(char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("no '%s' in\n%s", words, text);
    free(text);
}

/* Every line with these words. */
static void expect_fit(const char *text, const char *words)
{
    sv rest = sv_c(text), line;
    while (sv_split(&rest, '\n', &line))
        if (sv_find(line, sv_c(words), 0) != SIZE_MAX && utf8_count(line) > NARROW)
            fail_msg("too long: %.*s", SV_ARG(line));
}

static void a_domain_is_cut_before_its_end(void **state)
{
    (void)state;
    struct output_options o = {.width = NARROW};
    char *text = table("192.0.2.1", long_domain, o);
    expect_fit(text, "192.0.2.1");
    expect(text, "fail \xe2\x80\xa6.example.com.attacker.example.net\n");
    expect(table("192.0.2.1", "example.com.example.net", o), "fail example.com.example.net\n");
}

static void what_finds_no_room_stands_below_the_row_whole(void **state)
{
    (void)state;
    struct output_options o = {.width = NARROW, .auth_results = true};
    expect(table(long_ip, "example.com.attacker.example.net", o),
           "2001:db8:1234:5678:9abc:def0:1234:5678 1,234,567 quarantine  fail fail\n"
           "      HEADER FROM  example.com.attacker.example.net\n"
           "      DKIM RESULTS  example.com.attacker.example.net/selector2026november fail\n");
}

static void sums_leave_columns_out_and_say_so(void **state)
{
    (void)state;
    struct output_options o = {.width = NARROW, .view = OUTPUT_BY_SOURCE};
    char *text = table(long_ip, "example.com", o);
    expect_fit(text, long_ip);
    expect(text, "5678 1,234,567 1,234,567         0        0\n"
                 "no room for NO ACTION, QUARANTINED, REJECTED\n");
    o.view = OUTPUT_BY_SELECTOR;
    text = table(long_ip, "example.com", o);
    expect_fit(text, " 1,234,567 ");
    expect(text, "\xe2\x80\xa6");
}

static void everything_is_whole_where_there_is_no_terminal(void **state)
{
    (void)state;
    struct output_options o = {.auth_results = true};
    char *text = table(long_ip, long_domain, o);
    assert_null(strstr(text, "\xe2\x80\xa6"));
    expect(text, " fail fail a-very-long-name.of.some.department.example.com.attacker.example.net "
                 "example.com.attacker.example.net/selector2026november fail");
}

static void what_fits_is_as_without_a_terminal(void **state)
{
    (void)state;
    struct output_options narrow = {.width = NARROW, .notes = true}, any = {.notes = true};
    char *fitted = printed("table", &narrow), *whole = printed("table", &any);
    assert_string_equal(fitted, whole);
    free(fitted);
    free(whole);
}

static void wide_characters_take_two_columns(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 64);
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    assert_true(utf8 != (locale_t)0);
    locale_t before = uselocale(utf8);
    fit_text(&b, SV("\u65e5\u672c\u8a9e\u306e\u4f1a\u793e"), 7, false);
    assert_true(sv_eq(buf_view(&b), SV("\u65e5\u672c\u8a9e\u2026")));
    buf_reset(&b);
    fit_text(&b, SV("\u65e5\u672c\u8a9e\u306e\u4f1a\u793e"), 8, true);
    assert_true(sv_eq(buf_view(&b), SV("\u2026\u306e\u4f1a\u793e")));
    buf_free(&b);
    (void)uselocale(before);
    freelocale(utf8);
}

RUN_TESTS(cmocka_unit_test(a_domain_is_cut_before_its_end),
          cmocka_unit_test(what_finds_no_room_stands_below_the_row_whole),
          cmocka_unit_test(sums_leave_columns_out_and_say_so),
          cmocka_unit_test(everything_is_whole_where_there_is_no_terminal),
          cmocka_unit_test(what_fits_is_as_without_a_terminal),
          cmocka_unit_test(wide_characters_take_two_columns))
