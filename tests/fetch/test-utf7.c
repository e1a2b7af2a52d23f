#include "unit.h"

#include "utf7.h"

static void check(sv name, const char *want)
{
    buf out;
    buf_init(&out, 200);
    assert_int_equal(utf7_put(&out, name), want != NULL);
    if (want)
        assert_sv_equal(buf_view(&out), want);
    buf_free(&out);
}

static void encodes_names(void **state)
{
    (void)state;
    check(SV("INBOX"), "INBOX");
    check(SV("a&b"), "a&-b");
    check(SV("Entw\xc3\xbcrfe"), "Entw&APw-rfe");
    check(SV("\xc3\xa4\xc3\xb6"), "&AOQA9g-");
    check(SV("\xc3\xa4&"), "&AOQ-&-");
    /* RFC 3501 5.1.3 has these two. */
    check(SV("~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"),
          "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
    check(SV("\xf0\x9f\x93\xac"), "&2D3c7A-");
    check(SV(""), NULL);
    check(SV("a\r\nb"), NULL);
    check(SV("a\xc2\x85"), NULL);
    check(SV("\x7f"), NULL);
    check(SV("\xff"), NULL);
}

static void a_name_has_a_limit(void **state)
{
    (void)state;
    char longer[300];
    memset(longer, 'x', sizeof longer);
    check(sv_of(longer, sizeof longer), NULL);
}

static void quotes(void **state)
{
    (void)state;
    buf out;
    buf_init(&out, 100);
    imap_put_quoted(&out, SV("a \"b\" \\c"));
    assert_sv_equal(buf_view(&out), "\"a \\\"b\\\" \\\\c\"");
    buf_free(&out);
}

RUN_TESTS(cmocka_unit_test(encodes_names), cmocka_unit_test(a_name_has_a_limit), cmocka_unit_test(quotes))
