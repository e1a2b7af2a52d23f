/* qp.c and uuencode.c; base64 is base's. */
#include "unit.h"

#include "qp.h"
#include "uuencode.h"

static void decodes_quoted_printable(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a=3Db", "a=b"},
        {"a=3db=c3=bc", "a=b\xc3\xbc"},
        {"soft=\nbreak", "softbreak"},
        {"soft=\r\nbreak", "softbreak"},
        {"soft= \t\r\nbreak", "softbreak"},
        {"blank at end \t\nx", "blank at end\nx"},
        {"blank at end  \r\nx", "blank at end\r\nx"},
        {"kept=20\nx", "kept \nx"},
        {"blank =\nx", "blank x"},
        {"bad =zz =4 =", "bad =zz =4 "},
        {"a=\r\r\nb", "ab"},
        {"==3D", "=="},
        {"", ""},
    };
    buf b;
    buf_init(&b, 256);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        buf_reset(&b);
        qp_decode(&b, sv_c(cases[i][0]));
        assert_sv_equal(buf_view(&b), cases[i][1]);
    }
    buf_reset(&b);
    q_decode(&b, SV("a_=5F=x"));
    assert_sv_equal(buf_view(&b), "a _=x");
    buf_free(&b);
}

static void stays_below_the_maximum(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 4);
    qp_decode(&b, SV("longer than four"));
    assert_true(b.failed);
    buf_free(&b);
}

static void decodes_uuencode(void **state)
{
    (void)state;
    sv rest = SV("text\nbegin two\nbegin 644 a.txt\n#0V%T\n`\nend\nmore\nbegin 0755 "
                 "b\r\n$0V%T<P``\r\n`\r\nend\r\nrest\n");
    buf b;
    buf_init(&b, 256);
    assert_true(uuencode_next(&rest, &b));
    assert_sv_equal(buf_view(&b), "Cat");
    buf_reset(&b);
    assert_true(uuencode_next(&rest, &b));
    assert_sv_equal(buf_view(&b), "Cats");
    assert_sv_equal(rest, "rest\n");
    assert_false(uuencode_next(&rest, &b));
    /* Lines that lost their blanks, and a missing end. */
    rest = SV("begin 644 c\n#0V\n");
    buf_reset(&b);
    assert_true(uuencode_next(&rest, &b));
    assert_memory_equal(b.p, "C`\0", 3);
    buf_free(&b);
}

RUN_TESTS(cmocka_unit_test(decodes_quoted_printable), cmocka_unit_test(stays_below_the_maximum),
          cmocka_unit_test(decodes_uuencode))
