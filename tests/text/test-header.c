#include "base/base64.h"
#include "check.h"

static void check_header(sv in, size_t used, const char *want)
{
    buf b;
    buf_init(&b, 65536);
    text_header(&b, in, used);
    assert_false(b.failed);
    buf_char(&b, '\0');
    assert_string_equal(b.p, want);
    buf_free(&b);
}

static void ascii_stands_as_it_is(void **state)
{
    (void)state;
    check_header(SV("[DMARC] WARNING example.com"), 9, "[DMARC] WARNING example.com");
    check_header(SV(""), 9, "");
}

static void no_line_end_gets_out(void **state)
{
    (void)state;
    check_header(SV("a\r\nBcc: victim@example.org"), 9, "a  Bcc: victim@example.org");
    check_header(SV("a\x1b[0m\0b"), 9, "a [0m b");
}

static void long_values_are_folded_at_blanks(void **state)
{
    (void)state;
    check_header(SV("one two three four five six seven eight nine ten eleven twelve thirteen fourteen"), 9,
                 "one two three four five six seven eight nine ten eleven twelve\r\n thirteen fourteen");
}

static void what_looks_encoded_is_encoded(void **state)
{
    (void)state;
    check_header(SV("=?utf-8?q?x?="), 9, "=?UTF-8?B?PT91dGYtOD9xP3g/PQ==?=");
}

/* Decodes what text_header wrote and looks at the length of every line and word. */
static void read_back(sv wire, size_t used, buf *out)
{
    sv line;
    size_t length = used;
    while (sv_split(&wire, '\n', &line)) {
        line = sv_ends(line, SV("\r")) ? sv_first(line, line.n - 1) : line;
        assert_true(length + line.n <= 76);
        sv words = sv_trim(line), word;
        while (sv_split(&words, ' ', &word)) {
            assert_true(word.n <= 75);
            assert_true(sv_starts(word, SV("=?UTF-8?B?")) && sv_ends(word, SV("?=")));
            size_t from = out->n;
            assert_true(base64_decode(out, sv_of(word.p + 10, word.n - 12)));
            assert_true(utf8_valid(sv_of(out->p + from, out->n - from)));
        }
        length = 0;
    }
}

static void other_text_is_encoded_in_short_words(void **state)
{
    (void)state;
    const sv in = SV("\u682a\u5f0f\u4f1a\u793e \u30c6\u30b9\u30c8 \U0001f600\U0001f600\U0001f600\U0001f600 "
                     "\u682a\u5f0f\u4f1a\u793e\u682a\u5f0f\u4f1a\u793e\u682a\u5f0f\u4f1a\u793e\u682a\u5f0f");
    for (size_t used = 0; used < 76; used++) {
        buf wire, back;
        buf_init(&wire, 4096);
        buf_init(&back, 4096);
        text_header(&wire, in, used);
        sv view = buf_view(&wire);
        if (sv_starts(view, SV("\r\n ")))
            view = sv_skip(view, 3);
        read_back(view, sv_starts(buf_view(&wire), SV("\r\n")) ? 1 : used, &back);
        assert_true(sv_eq(buf_view(&back), in));
        buf_free(&wire);
        buf_free(&back);
    }
}

static void a_word_without_blanks_is_broken_up(void **state)
{
    (void)state;
    char in[500], *p = in;
    memset(p, 'x', sizeof in);
    buf wire, back;
    buf_init(&wire, 4096);
    buf_init(&back, 4096);
    text_header(&wire, sv_of(in, sizeof in), 9);
    read_back(buf_view(&wire), 9, &back);
    assert_true(sv_eq(buf_view(&back), sv_of(in, sizeof in)));
    buf_free(&wire);
    buf_free(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ascii_stands_as_it_is),
        cmocka_unit_test(no_line_end_gets_out),
        cmocka_unit_test(long_values_are_folded_at_blanks),
        cmocka_unit_test(what_looks_encoded_is_encoded),
        cmocka_unit_test(other_text_is_encoded_in_short_words),
        cmocka_unit_test(a_word_without_blanks_is_broken_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
