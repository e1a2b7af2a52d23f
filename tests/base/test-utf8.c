#include "unit.h"

#include "base/utf8.h"

static void knows_valid_text(void **state)
{
    (void)state;
    static const char *const good[] = {
        "", "abc", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {
        "\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xc3", "a\xff"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(utf8_valid(sv_c(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(utf8_valid(sv_c(bad[i])));
}

static void writes_what_it_reads(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 64);
    for (uint32_t cp = 0; cp < 0x110000; cp += cp < 0x3000 ? 1 : 997) {
        uint32_t back = 0;
        buf_reset(&b);
        utf8_put(&b, cp);
        assert_int_equal(utf8_decode(buf_view(&b), &back), b.n);
        assert_int_equal(back, cp >= 0xD800 && cp <= 0xDFFF ? UTF8_REPLACEMENT : cp);
    }
    buf_free(&b);
}

static void cuts_and_cleans(void **state)
{
    (void)state;
    assert_sv_equal(utf8_cut(SV("a\xc3\xa4z"), 2), "a");
    assert_sv_equal(utf8_cut(SV("a\xc3\xa4z"), 3), "a\xc3\xa4");
    assert_sv_equal(utf8_cut(SV("abc"), 3), "abc");
    buf b;
    buf_init(&b, 64);
    assert_false(utf8_put_clean(&b, SV("a\xff"
                                       "b\xe2\x82")));
    assert_sv_equal(buf_view(&b), "a\xef\xbf\xbd"
                                  "b\xef\xbf\xbd\xef\xbf\xbd");
    buf_reset(&b);
    assert_true(utf8_put_clean(&b, SV("\xe2\x82\xac")));
    buf_free(&b);
}

RUN_TESTS(cmocka_unit_test(knows_valid_text), cmocka_unit_test(writes_what_it_reads),
          cmocka_unit_test(cuts_and_cleans))
