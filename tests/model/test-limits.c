#include "unit.h"

#include "model/limits.h"

static void every_limit_has_its_place(void **state)
{
    (void)state;
    unsigned n;
    const struct limit_info *table = limits_table(&n);
    struct limits l;
    limits_default(&l);
    for (unsigned i = 0; i < n; i++) {
        assert_true(table[i].def >= 1 && table[i].def <= table[i].ceiling);
        assert_true(*limits_at(&l, i) == table[i].def);
        assert_true(strlen(table[i].reason) > 0);
    }
    assert_true(l.mail_size == MIB(32));
}

static void moves_between_one_and_the_ceiling(void **state)
{
    (void)state;
    struct limits l;
    struct err e;
    limits_default(&l);
    assert_true(limits_set(&l, SV("mail_size"), SV("1 MiB"), &e));
    assert_true(l.mail_size == MIB(1));
    assert_true(limits_set(&l, SV("mail_size"), SV("256MiB"), &e));
    assert_false(limits_set(&l, SV("mail_size"), SV("257MiB"), &e));
    assert_false(limits_set(&l, SV("mail_size"), SV("0"), &e));
    assert_true(limits_set(&l, SV("wire_frame"), SV("128KiB"), &e));
    assert_false(limits_set(&l, SV("wire_frame"), SV("131071"), &e));
    assert_non_null(strstr(e.msg, "wire_frame: 131071 is below 131072 octets"));
    assert_false(limits_set(&l, SV("mail_size"), SV("-1"), &e));
    assert_false(limits_set(&l, SV("mail_size"), SV("99999999999999999999KiB"), &e));
    assert_false(limits_set(&l, SV("mail_sise"), SV("1"), &e));
    assert_string_equal(e.msg, "there is no limit 'mail_sise'; did you mean 'mail_size'?");
    assert_true(limits_set(&l, SV("imap_idle"), SV("500ms"), &e));
    assert_int_equal(l.imap_idle, 500);
}

RUN_TESTS(cmocka_unit_test(every_limit_has_its_place), cmocka_unit_test(moves_between_one_and_the_ceiling))
