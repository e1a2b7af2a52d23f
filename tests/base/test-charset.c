#include "unit.h"

#include "base/charset.h"
#include "base/utf8.h"

static void knows_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum charset set;
    } cases[] = {
        {"UTF-8", CHARSET_UTF_8},
        {" utf8 ", CHARSET_UTF_8},
        {"US-ASCII", CHARSET_US_ASCII},
        {"ANSI_X3.4-1968", CHARSET_US_ASCII},
        {"iso-8859-1", CHARSET_ISO_8859_1},
        {"Latin1", CHARSET_ISO_8859_1},
        {"ISO-8859-15", CHARSET_ISO_8859_15},
        {"windows-1250", CHARSET_WINDOWS_1250},
        {"Windows-1252", CHARSET_WINDOWS_1252},
        {"cp1258", CHARSET_WINDOWS_1258},
        {"x-cp1251", CHARSET_WINDOWS_1251},
        {"windows-1259", CHARSET_UNKNOWN},
        {"windows-125", CHARSET_UNKNOWN},
        {"iso-8859-2", CHARSET_UNKNOWN},
        {"iso-2022-jp", CHARSET_UNKNOWN},
        {"", CHARSET_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(charset_of(sv_c(cases[i].name)), cases[i].set);
}

static void maps_octets(void **state)
{
    (void)state;
    static const struct {
        enum charset set;
        unsigned char octet;
        uint32_t cp;
    } cases[] = {
        {CHARSET_ISO_8859_1, 0xFC, 0xFC},           {CHARSET_ISO_8859_1, 0x80, 0x80},
        {CHARSET_ISO_8859_15, 0xA4, 0x20AC},        {CHARSET_ISO_8859_15, 0xA5, 0xA5},
        {CHARSET_WINDOWS_1252, 0x80, 0x20AC},       {CHARSET_WINDOWS_1252, 0x81, UTF8_REPLACEMENT},
        {CHARSET_WINDOWS_1250, 0x8A, 0x0160},       {CHARSET_WINDOWS_1251, 0xE4, 0x0434},
        {CHARSET_WINDOWS_1258, 0xFE, 0x20AB},       {CHARSET_US_ASCII, 0x41, 0x41},
        {CHARSET_US_ASCII, 0x80, UTF8_REPLACEMENT}, {CHARSET_UNKNOWN, 0xFF, UTF8_REPLACEMENT},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(charset_octet(cases[i].set, cases[i].octet), cases[i].cp);
}

static void writes_utf8(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 64);
    assert_true(charset_put(&b, CHARSET_WINDOWS_1252, SV("a\x80z")));
    assert_sv_equal(buf_view(&b), "a\xe2\x82\xacz");
    buf_reset(&b);
    assert_false(charset_put(&b, CHARSET_WINDOWS_1252, SV("\x9d")));
    assert_sv_equal(buf_view(&b), "\xef\xbf\xbd");
    buf_reset(&b);
    assert_false(charset_put(&b, CHARSET_UTF_8, SV("\xc3\xbc\xff")));
    assert_sv_equal(buf_view(&b), "\xc3\xbc\xef\xbf\xbd");
    buf_free(&b);
}

RUN_TESTS(cmocka_unit_test(knows_names), cmocka_unit_test(maps_octets), cmocka_unit_test(writes_utf8))
