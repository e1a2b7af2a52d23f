#include "unit.h"

#include "mail/header.h"

static void splits_header_from_body(void **state)
{
    (void)state;
    static const struct {
        const char *mail, *block, *body;
    } cases[] = {
        {"A: b\n\nbody", "A: b\n", "body"},
        {"A: b\r\n\r\nbody", "A: b\r\n", "body"},
        {"A: b\n", "A: b\n", ""},
        {"A: b\n c\n\tc\n\nbody", "A: b\n c\n\tc\n", "body"},
        {"\nbody", "", "body"},
        {"no field here\nbody", "", "no field here\nbody"},
        {"A: b\nH4sIAAAA\nAAAA\n", "A: b\n", "H4sIAAAA\nAAAA\n"},
        {"A: b\nodd line\nC: d\n\nbody", "A: b\nodd line\nC: d\n", "body"},
        {"A: b;\nname=\"x\"\nC: d\n\nbody", "A: b;\nname=\"x\"\nC: d\n", "body"},
        {"A: b\n \nbody", "A: b\n", "body"},
        {"A: b\n \nC: d\n\nbody", "A: b\n \nC: d\n", "body"},
        {"From x Tue\nA: b\n\nbody", "From x Tue\nA: b\n", "body"},
        {"name=x\nA: b\n\nbody", "", "name=x\nA: b\n\nbody"},
        {"<a><b>c:d</b></a>\n\nbody", "", "<a><b>c:d</b></a>\n\nbody"},
        {"{\"a\":1}\nA: b\n",
         "{\"a\":1}\n"
         "A: b\n",
         ""},
        {"", "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        sv body, block = header_split(sv_c(cases[i].mail), &body);
        assert_sv_equal(block, cases[i].block);
        assert_sv_equal(body, cases[i].body);
    }
}

static void walks_fields_in_order(void **state)
{
    (void)state;
    sv block = SV("One: 1\r\nTWO :2\r\n 2\r\n\t2\r\nnonsense\r\nThree:\r\nFour: a;\r\nboundary=x\r\n");
    struct header_field f;
    arena a;
    arena_init(&a, 4096);
    static const char *const want[][2] = {
        {"One", "1"}, {"TWO", "2 2\t2"}, {"Three", ""}, {"Four", "a;boundary=x"}};
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_true(header_next(&block, &f));
        assert_sv_equal(f.name, want[i][0]);
        assert_sv_equal(header_unfold(f.raw, &a), want[i][1]);
    }
    assert_false(header_next(&block, &f));
    arena_free(&a);
}

static void finds_the_first_of_a_name(void **state)
{
    (void)state;
    struct header_field f;
    assert_true(header_find(SV("a: 1\nB: 2\nb: 3\n"), SV("b"), &f));
    assert_sv_equal(sv_trim(f.raw), "2");
    assert_false(header_find(SV("a: 1\n"), SV("ab"), &f));
}

RUN_TESTS(cmocka_unit_test(splits_header_from_body), cmocka_unit_test(walks_fields_in_order),
          cmocka_unit_test(finds_the_first_of_a_name))
