#include "unit.h"

#include "model/words.h"

static void known_absent_and_unknown(void **state)
{
    (void)state;
    struct word w = word_read(VERDICT_LIST, SV(" Pass "));
    assert_int_equal(w.v, VERDICT_PASS);
    assert_sv_equal(word_text(VERDICT_LIST, w), "pass");
    w = word_read(VERDICT_LIST, SV("softfail"));
    assert_int_equal(w.v, WORD_UNKNOWN);
    assert_sv_equal(word_text(VERDICT_LIST, w), "softfail");
    w = word_read(VERDICT_LIST, SV("  "));
    assert_int_equal(w.v, WORD_ABSENT);
    assert_null(word_text(VERDICT_LIST, w).p);
    assert_int_equal(word_read(REASON_LIST, SV("mailing_list")).v, REASON_MAILING_LIST);
    assert_int_equal(word_read(DISPOSITION_LIST, SV("pass")).v, DISPOSITION_PASS);
    assert_int_equal(word_count(SCOPE_LIST), SCOPE_END);
    assert_int_equal(word_count(REASON_LIST), REASON_END);
}

RUN_TESTS(cmocka_unit_test(known_absent_and_unknown))
