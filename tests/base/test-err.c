#include "unit.h"

#include "base/err.h"

static void sets_and_wraps(void **state)
{
    (void)state;
    struct err e;
    assert_false(err_set(&e, ERR_LOGIN, "login refused by %s", "imap.example.com"));
    assert_false(err_prefix(&e, "mailbox %s: ", "main"));
    assert_string_equal(e.msg, "mailbox main: login refused by imap.example.com");
    assert_int_equal(e.cls, ERR_LOGIN);
    char longer[2 * sizeof e.msg];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    (void)err_prefix(&e, "%s", longer);
    assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
    (void)err_set(&e, ERR_DISK, "short");
    (void)err_prefix(&e, "%.*s", (int)sizeof e.msg - 3, longer);
    assert_int_equal(strlen(e.msg), sizeof e.msg - 1);
}

static void quotes_a_strangers_words(void **state)
{
    (void)state;
    char out[ERR_QUOTE], longer[2 * ERR_QUOTE];
    assert_string_equal(err_quote(SV("NO [AUTH] no\r\n\x1b[2J\xc3\xa9\x7f"), out), "NO [AUTH] no???[2J???");
    assert_string_equal(err_quote(SV_ABSENT, out), "");
    memset(longer, 'x', sizeof longer);
    assert_int_equal(strlen(err_quote(sv_of(longer, ERR_QUOTE - 1), out)), ERR_QUOTE - 1);
    assert_int_equal(strlen(err_quote(sv_of(longer, ERR_QUOTE), out)), ERR_QUOTE - 1);
    assert_string_equal(out + ERR_QUOTE - 5, "x...");
}

static void exit_codes(void **state)
{
    (void)state;
    static const int want[][2] = {{ERR_NONE, 0},     {ERR_USAGE, 64},  {ERR_INPUT, 65}, {ERR_UNREACHABLE, 69},
                                  {ERR_BUG, 70},     {ERR_MEMORY, 71}, {ERR_STATE, 73}, {ERR_DISK, 74},
                                  {ERR_DAMAGED, 74}, {ERR_RETRY, 75},  {ERR_LOGIN, 77}, {ERR_CONFIG, 78}};
    for (size_t i = 0; i < COUNT_OF(want); i++)
        assert_int_equal(err_exit_code((enum err_class)want[i][0]), want[i][1]);
}

RUN_TESTS(cmocka_unit_test(sets_and_wraps), cmocka_unit_test(quotes_a_strangers_words),
          cmocka_unit_test(exit_codes))
