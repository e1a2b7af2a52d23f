#include "unit.h"

#include <string.h>

#include "mail/header.h"
#include "param.h"

static void reads_tokens(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {" Text/PLAIN; charset=x", "text/plain"},
        {"(c (n)) base64 (d)", "base64"},
        {"\"Base64\"", "base64"},
        {"application/zip name=x", "application/zip"},
        {"7bit(x)", "7bit"},
        {"", ""},
        {" ; a=b", ""},
        {"(open", ""},
    };
    arena a;
    arena_init(&a, 4096);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_sv_equal(header_token(sv_c(cases[i][0]), &a), cases[i][1]);
    arena_free(&a);
}

static void reads_parameters(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *want; /* NULL: absent */
    } cases[] = {
        {"a/b; name=x", "x"},
        {"a/b; NAME = \"x y\" ; q=1", "x y"},
        {"a/b; name=\"a\\\"b\\\\c\"", "a\"b\\c"},
        {"a/b; other=name; name=right", "right"},
        {"a/b; filename=x", NULL},
        {"a/b name=x", "x"},
        {"a/b; charset=y name=x", "x"},
        {"a/b; q=\"v\" name=\"x\"", "x"},
        {"a/b; name=two words.gz", "two words.gz"},
        {"a/b; name=x (a comment; name=y)", "x"},
        {"a/b; (name=y) name=x", "x"},
        {"a/b; name=\"open", "open"},
        {"a/b;\r\n name=\"fol\r\n ded\"", "fol ded"},
        {"a/b; name=", ""},
        {"a/b; name=first; name=second", "first"},
        {"a/b; name*=utf-8'en'%C3%BC%20x; name=plain", "\xc3\xbc x"},
        {"a/b; name=plain; name*=utf-8''better", "better"},
        {"a/b; name*=ISO-8859-1''%FC", "\xc3\xbc"},
        {"a/b; name*=unknown''%41%zz%4", "A%zz%4"},
        {"a/b; name*1=b; name*0=a; name*2*=%63", "abc"},
        {"a/b; name*0*=windows-1252''%80; name*1=\"%80\"", "\xe2\x82\xac%80"},
        {"a/b; name*0=a; name*2=c", "a"},
        {"a/b; name*1=b; name=whole", "whole"},
        {"a/b; name*1=b", NULL},
        {"a/b; name*99999999999=b", NULL},
        {"a/b; name==?utf-8?q?=C3=BC?=", "\xc3\xbc"},
        {"a/b; name=\"x\xff\"", "x\xef\xbf\xbd"},
        {"a/b; ;; = ;name=x", "x"},
        {"a/b", NULL},
        {"", NULL},
    };
    arena a;
    arena_init(&a, 65536);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        sv got = header_param(sv_c(cases[i].raw), SV("name"), 20, &a);
        if (cases[i].want == NULL)
            assert_null(got.p);
        else
            assert_sv_equal(got, cases[i].want);
    }
    arena_free(&a);
}

static void looks_at_no_more_than_allowed(void **state)
{
    (void)state;
    arena a;
    arena_init(&a, 4096);
    assert_null(header_param(SV("a/b; x=1; y=2; name=z"), SV("name"), 2, &a).p);
    assert_sv_equal(header_param(SV("a/b; x=1; y=2; name=z"), SV("name"), 3, &a), "z");
    arena_free(&a);
}

/* A boundary is octets, whatever they mean. */
static void leaves_octets_alone(void **state)
{
    (void)state;
    buf b;
    sv charset;
    buf_init(&b, 64);
    assert_true(param_octets(SV("a/b; boundary=\"=?utf-8?q?x?=\xff\""), SV("boundary"), 10, &b, &charset));
    assert_sv_equal(buf_view(&b), "=?utf-8?q?x?=\xff");
    assert_null(charset.p);
    buf_free(&b);
}

RUN_TESTS(cmocka_unit_test(reads_tokens), cmocka_unit_test(reads_parameters),
          cmocka_unit_test(looks_at_no_more_than_allowed), cmocka_unit_test(leaves_octets_alone))
