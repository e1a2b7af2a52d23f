#include "unit.h"

#include "mail/header.h"

static void decodes_words(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {" plain \r\n text ", "plain  text"},
        {"=?utf-8?B?w7w=?=", "\xc3\xbc"},
        {"=?UTF-8?q?a_b=C3=BC?=", "a b\xc3\xbc"},
        {"=?iso-8859-1?Q?=FC?=", "\xc3\xbc"},
        {"=?windows-1252?q?=80=81?=", "\xe2\x82\xac\xef\xbf\xbd"},
        {"=?utf-8*de?q?x?=", "x"},
        {"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"},
        {"=?utf-8?q?a?=\r\n =?iso-8859-1?q?=FC?=", "a\xc3\xbc"},
        {"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"},
        {"x=?utf-8?q?a?=y", "xay"},
        /* One character in two words. */
        {"=?utf-8?B?ww==?= =?utf-8?B?vA==?=", "\xc3\xbc"},
        {"=?utf-8?q?blank inside?=", "blank inside"},
        /* Labels of sets that are not read stay as they are. */
        {"=?iso-2022-jp?B?GyRC?=", "=?iso-2022-jp?B?GyRC?="},
        {"=?utf-8?q?a?= =?shift_jis?q?b?= =?utf-8?q?c?=", "a =?shift_jis?q?b?= c"},
        {"=?utf-8?x?a?=", "=?utf-8?x?a?="},
        {"=?utf-8?q?open", "=?utf-8?q?open"},
        {"=?utf-8?q?open =?utf-8?q?a?=", "open =?utf-8?q?a"},
        {"=?", "=?"},
        {"=?=?=?utf-8?q?"
         "?=",
         "=?=?"},
        {"raw \xc3\xbc \xff", "raw \xc3\xbc \xef\xbf\xbd"},
        {"", ""},
    };
    arena a;
    arena_init(&a, 65536);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_sv_equal(header_text(sv_c(cases[i][0]), &a), cases[i][1]);
    arena_free(&a);
}

RUN_TESTS(cmocka_unit_test(decodes_words))
