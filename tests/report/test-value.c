/* Dates and words out of the texts of reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "value.h"

static void dates_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want;
    } table[] = {
        {"1700006400", 1700006400},
        {"0", 0},
        {"1700006400.", 1700006400},
        {"1700006400.75", 1700006400},
        {"1700006400,5", 1700006400},
        {"1.7000064E9", 1700006400},
        {"1.7e+9", 1700000000},
        {"17e8", 1700000000},
        {"+1700006400", 1700006400},
        {"-5", -5},
        {"100000000000", 100000000000},
        {"100000000001", 100000000},
        {"1700006400123", 1700006400},
        {"1700006400123456", 1700006400},
        {"9223372036854775807", INT64_MAX},
        {"9223372036854775808", INT64_MAX},
        {"1e18", 1000000000000000000},
        {"2023-11-15", 1700006400},
        {"2023/11/15", 1700006400},
        {"2023-11-15T00:00:00", 1700006400},
        {"2023-11-15T00:00:00.000Z", 1700006400},
        {"2023-11-15 01:00:00+01:00", 1700006400},
        {"2023-11-15 00:00:00 UTC", 1700006400},
        {"2023-11-15 00:00 GMT", 1700006400},
        {"Wed, 15 Nov 2023 00:00:00 GMT", 1700006400},
        {"15 Nov 2023 02:00:00 +0200", 1700006400},
        {"Wed Nov 15 00:00:00 2023", 1700006400},
        {"Wed Nov 15 00:00:00 UTC 2023", 1700006400},
        {"November 15, 2023", 1700006400},
        {"-9223372036854775808", INT64_MIN},
        {"-99999999999999999999", INT64_MIN},
        {"2023-11-15 00:00:00+00", 1700006400},
        {"2023-11-15 01:30:00+01:30", 1700006400},
        {"2023-11-14 19:00:00-05", 1700006400},
        {"2023-11-15 00:00:00.123456+00", 1700006400},
        {"2023-11-15T00:00:00,123Z", 1700006400},
        {"2023-11-15 01:00:00 CET", 1700006400},
        {"2023-11-15T00:00:00UTC", 1700006400},
        {"2023.11.15", 1700006400},
        {"2023-11-15_00:00:00", 1700006400},
        {"20231115T000000Z", 1700006400},
        {"20231115T000000.5+0000", 1700006400},
        {"20231115T0200+02", 1700006400},
        {"20231115 000000", 1700006400},
        {"20231115", 1700006400},
        {"202311150000", 1700006400},
        {"20231115000000", 1700006400},
        {"20239999", 20239999},
        {"19991231", 19991231},
        {"Wednesday, 15-Nov-23 00:00:00 GMT", 1700006400},
        {"15 Nov 23 00:00:00 +0000", 1700006400},
        {"Wed Nov 15 01:00:00 CET 2023", 1700006400},
        {"Wed Nov 15 09:00:00 JST 2023", 1700006400},
        {"Wed Nov 15 01:00:00 GMT+01:00 2023", 1700006400},
        {"Wed, 15 Nov 2023 01:00:00 +01:00", 1700006400},
        {"Wed, 15 Nov 2023 00:00:00 +0000 (UTC)", 1700006400},
        {"Wed Nov 15 2023 00:00:00 GMT+0000 (Coordinated Universal Time)", 1700006400},
        {"Wed Nov 15 00:00:00.250 2023", 1700006400},
        {"Tue, 14 Nov 2023 19:00:00 EST", 1700006400},
        {"<1700006400>", 1700006400},
        {"\"1700006400\"", 1700006400},
        {"'2023-11-15'", 1700006400},
        {"[ 1700006400 ]", 1700006400},
        {"+1700006400", 1700006400},
        {"2023-11-15 00:00:00 +0000 UTC", 1700006400},
        {"2023-11-15 01:00:00 +0100 CET", 1700006400},
        {"2023-11-15T01:00:00+01:00[Europe/Berlin]", 1700006400},
        {"2023-11-14 24:00:00", 1700006400},
        {"Tue, 14 Nov 2023 24:00:00 +0000", 1700006400},
        {"Nov 15, 2023 12:00:00 AM", 1700006400},
        {"Nov 14, 2023 12:00:00 PM", 1700006400 - 43200},
        {"Nov 14, 2023 1:00:00 PM UTC", 1700006400 - 39600},
        {"2023-11-15 12:00:00 AM", 1700006400},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct note_set notes = {0};
        int64_t got = -1;
        if (!value_date(sv_c(table[i].text), &got, &notes) || got != table[i].want)
            fail_msg("'%s': %lld, not %lld", table[i].text, (long long)got, (long long)table[i].want);
    }
}

static void what_is_no_date_stays_none(void **state)
{
    (void)state;
    static const char *const table[] = {
        "",
        "-",
        "integer",
        "1700006400x",
        "0x65540000",
        "1,700,006,400",
        "1700006400 1700092799",
        "1e",
        "1e99",
        "NaN",
        "2023-13-01",
        "2023-11-15T",
        "2023-11-15 25:00",
        "2023-11-15 00:00:00 XYZ",
        "2023-11-15 00:00:00 AM",
        "Nov 15, 2023 13:00:00 PM",
        "Nov 15, 2023 24:00:01",
        "2023-11-15 00:00:00 +0000 7",
        "2023-11-15 00:00:00+1:2",
        "2023-11-15 00:00:00+99",
        "2023-11-15 00:00:00:00",
        "2023-02-30",
        "2023-11/15",
        "20231115T1",
        "Wed Nov 15 00:00:00 CET+1 2023",
        "Wed Nov 15 00:00:00 IST 2023",
        "\"\"",
        "<>",
        "(UTC)",
        "15.11.2023",
        "Nov 15",
        "32 Nov 2023",
        "tomorrow",
        "--5",
        "1e-3",
        "Wed 15 Nov 2023 0:0:99",
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct note_set notes = {0};
        int64_t got = 0;
        if (value_date(sv_c(table[i]), &got, &notes))
            fail_msg("'%s' was read as %lld", table[i], (long long)got);
    }
}

static void plain_seconds_leave_no_note(void **state)
{
    (void)state;
    struct note_set notes = {0};
    int64_t got;
    assert_true(value_date(SV("1700006400"), &got, &notes));
    assert_int_equal(notes.bits[0] | notes.bits[1], 0);
    assert_true(value_date(SV("1700006400.0"), &got, &notes));
    assert_true(note_has(&notes, NOTE_date_form));
    assert_false(note_has(&notes, NOTE_date_implausible));
    assert_true(value_date(SV("99999999999999999999"), &got, &notes));
    assert_true(note_has(&notes, NOTE_date_implausible));
}

static void unicode_blanks_are_trimmed(void **state)
{
    (void)state;
    struct note_set notes = {0};
    assert_true(sv_eq(value_trim(SV(" \t x\xC3\xA9 y\xC2\xA0z \r\n"), &notes), SV("x\xC3\xA9 y\xC2\xA0z")));
    /* A cut character at the end is left alone. */
    assert_int_equal(value_trim(SV("x\xC3"), &notes).n, 2);
    assert_int_equal(value_trim(SV_ABSENT, &notes).n, 0);
    assert_false(note_has(&notes, NOTE_invisible_dropped));
    assert_true(
        sv_eq(value_trim(SV(" \t\xC2\xA0\xEF\xBB\xBF x\xC3\xA9 y \xE3\x80\x80\xE2\x80\x8B\r\n"), &notes),
              SV("x\xC3\xA9 y")));
    assert_true(note_has(&notes, NOTE_invisible_dropped));
    assert_int_equal(value_trim(SV("\xC2\xA0\xC2\xA0"), &notes).n, 0);
}

static void policy_words_lose_punctuation_only(void **state)
{
    (void)state;
    bool cleaned;
    assert_int_equal(value_policy_word(ALIGNMENT_LIST, SV("r;"), &cleaned).v, ALIGNMENT_RELAXED);
    assert_true(cleaned);
    assert_int_equal(value_policy_word(POLICY_LIST, SV("'None',"), &cleaned).v, POLICY_NONE);
    assert_int_equal(value_policy_word(POLICY_LIST, SV("reject"), &cleaned).v, POLICY_REJECT);
    assert_false(cleaned);
    struct word w = value_policy_word(POLICY_LIST, SV("nil;"), &cleaned);
    assert_int_equal(w.v, WORD_UNKNOWN);
    assert_true(sv_eq(w.raw, SV("nil;")));
    assert_int_equal(value_policy_word(POLICY_LIST, SV(";"), &cleaned).v, WORD_UNKNOWN);
    assert_int_equal(value_policy_word(POLICY_LIST, SV(""), &cleaned).v, WORD_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read),
        cmocka_unit_test(what_is_no_date_stays_none),
        cmocka_unit_test(plain_seconds_leave_no_note),
        cmocka_unit_test(unicode_blanks_are_trimmed),
        cmocka_unit_test(policy_words_lose_punctuation_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
