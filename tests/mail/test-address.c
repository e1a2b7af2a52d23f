#include "unit.h"

#include "mail/header.h"

static void takes_the_domain_of_the_first_address(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a@B.Example", "b.example"},
        {"Name <a@b.example>", "b.example"},
        {"\"x@y.example, z\" <a@b.example>", "b.example"},
        {"\"q\\\" <x@y>\" <a@b.example>", "b.example"},
        {"noreply@shown.example <a@b.example>", "b.example"},
        {"Doe, John <a@b.example>", "b.example"},
        {"(c@d.example) a@b.example (x@y)", "b.example"},
        {"<@route.example:a@b.example>", "b.example"},
        {"\"a@b\"@c.example", "c.example"},
        {"a@b.example., c@d.example", "b.example"},
        {"a@b.example\r\n (x)", "b.example"},
        {"=?utf-8?q?x=40y?= <a@b.example>", "b.example"},
        {"a@[192.0.2.1]", "[192.0.2.1]"},
        {"a@b.example<script>", NULL},
        {"nobody", NULL},
        {"a@", NULL},
        {"<>", NULL},
        {"(never closed a@b.example", NULL},
        {"", NULL},
    };
    arena a;
    arena_init(&a, 4096);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        sv got = header_domain(sv_c(cases[i][0]), &a);
        if (cases[i][1] == NULL)
            assert_null(got.p);
        else
            assert_sv_equal(got, cases[i][1]);
    }
    arena_free(&a);
}

RUN_TESTS(cmocka_unit_test(takes_the_domain_of_the_first_address))
