#include "check.h"

#define ESC_RED    "a\x1b[31mb"
#define BIDI       "a\u202eb\u2066c"
#define ZERO_WIDTH "pay\u200bpal\ufeff"
#define C1         "a\xc2\x9b"
#define BAD_UTF8   "a\xff\xc3("
#define LINES      "a\r\nb\tc"

static void terminal_shows_what_would_act(void **state)
{
    (void)state;
    check(text_terminal, SV(ESC_RED), "a\\x1b[31mb");
    check(text_terminal, SV(BIDI), "a\\u{202e}b\\u{2066}c");
    check(text_terminal, SV(ZERO_WIDTH), "pay\\u{200b}pal\\u{feff}");
    check(text_terminal, SV(C1 "1m\x7f"), "a\\u{9b}1m\\x7f");
    check(text_terminal, SV(BAD_UTF8), "a\\xff\\xc3(");
    check(text_terminal, SV(LINES), "a\\x0d\\x0ab\\x09c");
    check(text_terminal, SV("nul\0here"), "nul\\x00here");
    check(text_terminal, SV("M\u00fcller \u682a\u5f0f\u4f1a\u793e \U0001f600 \\ \" '"),
          "M\u00fcller \u682a\u5f0f\u4f1a\u793e \U0001f600 \\ \" '");
    check(text_terminal, SV("\U000e0041\ufe0f\u00ad\u2028"), "\\u{e0041}\\u{fe0f}\\u{ad}\\u{2028}");
    check(text_terminal, SV_ABSENT, "");
}

static void log_lines_can_be_read_back(void **state)
{
    (void)state;
    check(text_log, SV("a\\x1b" ESC_RED "\n"), "a\\\\x1ba\\x1b[31mb\\x0a");
}

static void csv_is_quoted_and_guarded(void **state)
{
    (void)state;
    check(text_csv, SV("plain text"), "plain text");
    check(text_csv, SV("a,b"), "\"a,b\"");
    check(text_csv, SV("say \"x\""), "\"say \"\"x\"\"\"");
    check(text_csv, SV(LINES), "\"a\r\nb\tc\"");
    check(text_csv, SV("=1+1"), "\"'=1+1\"");
    check(text_csv, SV("+1"), "\"'+1\"");
    check(text_csv, SV("-1"), "\"'-1\"");
    check(text_csv, SV("@SUM(A1)"), "\"'@SUM(A1)\"");
    check(text_csv, SV("  =cmd|' /C calc'!A0"), "\"'  =cmd|' /C calc'!A0\"");
    check(text_csv, SV("\tx"), "\"'\tx\"");
    check(text_csv, SV("\uff1d1"), "\"'\uff1d1\"");
    check(text_csv, SV("a-b=c"), "a-b=c");
    check(text_csv, SV(ESC_RED), "a\\x1b[31mb");
    check(text_csv, SV(""), "");
    check(text_csv_raw, SV("-1"), "-1");
    check(text_csv_raw, SV("a,\"b\""), "\"a,\"\"b\"\"\"");
}

static void html_has_no_markup_and_no_way_out_of_an_attribute(void **state)
{
    (void)state;
    check(text_html, SV("<img src=x onerror='a' b=\"c\">&amp;"),
          "&lt;img src=x onerror=&#39;a&#39; b=&quot;c&quot;&gt;&amp;amp;");
    check(text_html, SV(BIDI), "a\\u{202e}b\\u{2066}c");
    check(text_html_foreign, SV("<evil.example>"), "&lt;evil[.]example&gt;");
}

static void strangers_make_no_links(void **state)
{
    (void)state;
    check(text_mail_foreign, SV("https://evil.example/x?y=1"), "https[:]//evil[.]example/x?y=1");
    check(text_mail_foreign, SV("www.evil.example"), "www[.]evil[.]example");
    check(text_mail_foreign, SV("bob@evil.example"), "bob[@]evil[.]example");
    check(text_mail_foreign, SV("tel:+123 javascript:alert mailto:x"),
          "tel[:]+123 javascript[:]alert mailto[:]x");
    check(text_mail_foreign, SV("evil\u3002example"), "evil[\u3002]example");
    check(text_mail_foreign, SV("www\uff0eevil\uff61example"), "www[\uff0e]evil[\uff61]example");
    check(text_mail_foreign, SV("a\uff20evil\u2024example"), "a[\uff20]evil[\u2024]example");
    check(text_mail_foreign, SV("a\uff0b\u3001"), "a\uff0b\u3001");
    check(text_mail_foreign, SV("a\x10.example"), "a\\x10[.]example"); /* not "x10.example" */
    check(text_mail_foreign, SV("\\\\server\\share"), "[\\]\\server\\share");
    check(text_mail_foreign, SV("Example Inc. of Town: mail"), "Example Inc. of Town: mail");
    check(text_mail_foreign, SV("b\u00fccher.example \u4f8b.example"),
          "b\u00fccher[.]example \u4f8b[.]example");
    check(text_mail_foreign, SV("a\r\nBcc: x"), "a\\x0d\\x0aBcc: x");
    check(text_mail, SV("postmaster@example.com"), "postmaster@example.com");
}

static void slack_has_no_mention_no_link_no_format(void **state)
{
    (void)state;
    check(text_slack, SV("<!channel> & <@U123>"), "&lt;!channel&gt; &amp; &lt;@U123&gt;");
    check(text_slack_foreign, SV("<!channel>"), "`&lt;!channel&gt;`");
    check(text_slack_foreign, SV("<http://evil|bank>"), "`&lt;http[:]//evil|bank&gt;`");
    check(text_slack_foreign, SV("a` *b* `c"), "`a' *b* 'c`");
    check(text_slack_foreign, SV("mail.example"), "`mail[.]example`");
    check(text_slack_foreign, SV("a\nb"), "`a\\x0ab`");
    check(text_slack_foreign, SV(""), "");
    check(text_slack_code, SV("a.b`<c>"), "`a.b'&lt;c&gt;`");
    check(text_html_code, SV("a.b<c>"), "<code>a.b&lt;c&gt;</code>");
}

static void markdown_has_no_mention_no_link_no_format(void **state)
{
    (void)state;
    check(text_markdown, SV("**x** _y_ ~~z~~ `c` ||s|| [a](b) <@1> # \\ :x:"),
          "\\*\\*x\\*\\* \\_y\\_ \\~\\~z\\~\\~ \\`c\\` \\|\\|s\\|\\| \\[a\\](b) \\<\\@1\\> \\# \\\\ \\:x\\:");
    check(text_markdown_foreign, SV("@everyone <!channel> <http://e.example|b>"),
          "`[@]everyone [<]!channel> [<]http[:]//e[.]example|b>`");
    check(text_markdown_foreign, SV("a` ``` b"), "`a' ''' b`");
    check(text_markdown_foreign, SV("a\nb" BIDI), "`a\\x0aba\\u{202e}b\\u{2066}c`");
    check(text_markdown_foreign, SV(""), "");
    check(text_markdown_code, SV("a.b`"), "`a.b'`");
    check(text_html_code_foreign, SV("<b>@x</b> tg://y"), "<code>&lt;b&gt;[@]x&lt;/b&gt; tg[:]//y</code>");
    check(text_html_code_foreign, SV(""), "");
}

static void syslog_values_end_where_they_should(void **state)
{
    (void)state;
    check(text_syslog_value, SV("a\"] [b\\"), "a\\\"\\] [b\\\\");
    check(text_syslog_value, SV("a\n<1>"), "a\\x0a<1>");
}

static void json_keeps_every_character(void **state)
{
    (void)state;
    check(text_json, SV("say \"x\" \\ /"), "say \\\"x\\\" \\\\ /");
    check(text_json, SV(LINES "\b\f"), "a\\r\\nb\\tc\\b\\f");
    check(text_json, SV(ESC_RED), "a\\u001b[31mb");
    check(text_json, SV(BIDI), "a\\u202eb\\u2066c");
    check(text_json, SV("\U000e0041"), "\\udb40\\udc41");
    check(text_json, SV("\U0001f600 \u00e9"), "\U0001f600 \u00e9");
    check(text_json, SV(BAD_UTF8), "a\ufffd\ufffd(");
}

static void cut_at_a_character_border(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 100);
    text_put_cut(&b, SV("ab\u00e9cd"), 3, text_slack_foreign);
    text_put_cut(&b, SV("ab\u00e9"), 4, text_mail);
    assert_true(sv_eq(buf_view(&b), SV("`ab\u2026`ab\u00e9")));
    buf_free(&b);
}

/* Whatever octets come in: valid UTF-8 without an unsafe character comes out. */
static void any_octets_come_out_harmless(void **state)
{
    (void)state;
    text_escaper *const all[] = {text_terminal,
                                 text_log,
                                 text_html,
                                 text_mail,
                                 text_mail_foreign,
                                 text_html_foreign,
                                 text_slack,
                                 text_slack_foreign,
                                 text_json,
                                 text_markdown,
                                 text_markdown_code,
                                 text_markdown_foreign,
                                 text_html_code_foreign,
                                 text_syslog_value};
    uint32_t seed = 1;
    for (int round = 0; round < 3000; round++) {
        char in[64];
        for (size_t i = 0; i < sizeof in; i++) {
            seed = seed * 1664525 + 1013904223;
            in[i] = (char)(seed >> 24);
        }
        for (size_t e = 0; e < COUNT_OF(all); e++) {
            buf b;
            buf_init(&b, 4096);
            all[e](&b, sv_of(in, sizeof in));
            assert_false(b.failed);
            sv rest = buf_view(&b);
            while (rest.n > 0) {
                uint32_t cp;
                size_t n = utf8_decode(rest, &cp);
                assert_int_not_equal(n, 0);
                assert_false(text_is_unsafe(cp));
                rest = sv_skip(rest, n);
            }
            buf_free(&b);
        }
    }
}

static void a_full_buffer_says_so(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 4);
    text_html(&b, SV("<<<<"));
    assert_true(b.failed);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminal_shows_what_would_act),
        cmocka_unit_test(log_lines_can_be_read_back),
        cmocka_unit_test(csv_is_quoted_and_guarded),
        cmocka_unit_test(html_has_no_markup_and_no_way_out_of_an_attribute),
        cmocka_unit_test(strangers_make_no_links),
        cmocka_unit_test(slack_has_no_mention_no_link_no_format),
        cmocka_unit_test(markdown_has_no_mention_no_link_no_format),
        cmocka_unit_test(syslog_values_end_where_they_should),
        cmocka_unit_test(json_keeps_every_character),
        cmocka_unit_test(cut_at_a_character_border),
        cmocka_unit_test(any_octets_come_out_harmless),
        cmocka_unit_test(a_full_buffer_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
