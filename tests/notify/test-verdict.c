#include "unit.h"

#include "verdict.h"

static void judges_statuses(void **state)
{
    (void)state;
    static const int want[][2] = {
        {301, ANSWER_BROKEN}, {307, ANSWER_BROKEN},  {400, ANSWER_REFUSED}, {401, ANSWER_BROKEN},
        {403, ANSWER_BROKEN}, {404, ANSWER_BROKEN},  {405, ANSWER_BROKEN},  {408, ANSWER_RETRY},
        {410, ANSWER_BROKEN}, {413, ANSWER_REFUSED}, {422, ANSWER_REFUSED}, {425, ANSWER_RETRY},
        {429, ANSWER_RETRY},  {500, ANSWER_RETRY},   {503, ANSWER_RETRY},   {599, ANSWER_RETRY},
        {100, ANSWER_RETRY},  {0, ANSWER_RETRY},     {999, ANSWER_RETRY},
    };
    for (size_t i = 0; i < COUNT_OF(want); i++)
        assert_int_equal(verdict_of_status(want[i][0])->cls, want[i][1]);
}

static void judges_replies(void **state)
{
    (void)state;
    static const int want[][3] = {
        {421, ANSWER_RETRY, ANSWER_RETRY},    {450, ANSWER_RETRY, ANSWER_RETRY},
        {454, ANSWER_RETRY, ANSWER_RETRY},    {530, ANSWER_BROKEN, ANSWER_REFUSED},
        {535, ANSWER_BROKEN, ANSWER_REFUSED}, {550, ANSWER_BROKEN, ANSWER_REFUSED},
        {552, ANSWER_BROKEN, ANSWER_REFUSED}, {554, ANSWER_BROKEN, ANSWER_REFUSED},
    };
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_int_equal(verdict_of_reply(want[i][0], false)->cls, want[i][1]);
        assert_int_equal(verdict_of_reply(want[i][0], true)->cls, want[i][2]);
    }
    assert_string_equal(verdict_of_reply(535, false)->what, "refuses the login");
}

static void judges_exit_codes(void **state)
{
    (void)state;
    static const int want[][2] = {{1, ANSWER_BROKEN},   {64, ANSWER_BROKEN},  {65, ANSWER_REFUSED},
                                  {69, ANSWER_BROKEN},  {75, ANSWER_RETRY},   {78, ANSWER_BROKEN},
                                  {126, ANSWER_BROKEN}, {127, ANSWER_BROKEN}, {255, ANSWER_BROKEN}};
    for (size_t i = 0; i < COUNT_OF(want); i++)
        assert_int_equal(verdict_of_exit(want[i][0])->cls, want[i][1]);
}

static void quotes_no_part_of_the_url(void **state)
{
    (void)state;
    sv url = SV("https://hooks.example.com/services/T0/B0/Abc123Def456?key=secret_1");
    assert_true(verdict_may_quote(SV("no_service"), url));
    assert_true(verdict_may_quote(SV("invalid_payload, no text"), url));
    assert_false(verdict_may_quote(SV("Abc123Def456"), url));
    assert_false(verdict_may_quote(SV("unknown hook Abc123Def456 here"), url));
    assert_false(verdict_may_quote(SV("secret_1"), url));
    static const char *const leaks[] = {
        "bad Abc123D",      "bad ABC123DEF456", "bad abc-123-def", "bad A b c 1 2 3",   "bad QWJjMTIzRGVm",
        "bad 416263313233", "bad 654feD321cbA", "bad correcth",    "bad Correct horse", "bad cor-rec.t,hor"};
    sv other = SV("https://hooks.example/services/CorrectHorse");
    for (size_t i = 0; i < COUNT_OF(leaks); i++)
        if (verdict_may_quote(sv_c(leaks[i]), url) && verdict_may_quote(sv_c(leaks[i]), other))
            fail_msg("%s", leaks[i]);
    for (size_t i = 7; i < COUNT_OF(leaks); i++)
        assert_false(verdict_may_quote(sv_c(leaks[i]), other));
    assert_true(verdict_may_quote(SV("no_service"), other));
    assert_true(verdict_may_quote(SV("Unknown Webhook"), other));
    assert_false(verdict_may_quote(SV("<html>no"), url));
    assert_false(verdict_may_quote(SV("no\nno"), url));
    assert_false(verdict_may_quote(SV("no\0no"), url));
    assert_false(verdict_may_quote(SV("\xc3\xa9"), url));
    assert_false(verdict_may_quote(SV(""), url));
    char longer[81];
    memset(longer, 'x', sizeof longer);
    assert_false(verdict_may_quote(sv_of(longer, sizeof longer), url));
}

static void takes_addresses(void **state)
{
    (void)state;
    assert_sv_equal(verdict_bare_address(SV("a@b.example")), "a@b.example");
    assert_sv_equal(verdict_bare_address(SV("DMARC <a@b.example>")), "a@b.example");
    assert_sv_equal(verdict_bare_address(SV("DMARC <a@b.example")), "");
    static const char *const good[] = {"a@b", "ops+dmarc@mail.example.com", "a.b-c_d=e@[192.0.2.1]"};
    static const char *const bad[] = {"",        "a",       "@b",         "a@",    "a@b\r\nRCPT TO:<evil@x>",
                                      "a b@c",   "a@b c",   "<a@b>",      "a@b>",  "a@b@c",
                                      "\"a\"@b", "a@b\x7f", "\xc3\xa9@b", "a,c@b", "a@b;c"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(verdict_address_is_safe(sv_c(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(verdict_address_is_safe(sv_c(bad[i])));
}

RUN_TESTS(cmocka_unit_test(judges_statuses), cmocka_unit_test(judges_replies),
          cmocka_unit_test(judges_exit_codes), cmocka_unit_test(quotes_no_part_of_the_url),
          cmocka_unit_test(takes_addresses))
