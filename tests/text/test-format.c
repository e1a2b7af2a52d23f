#include "base/clock.h"
#include "check.h"
#include "text/format.h"

static buf b;

static void want(const char *text)
{
    buf_char(&b, '\0');
    assert_false(b.failed);
    assert_string_equal(b.p, text);
    buf_reset(&b);
}

static int set_up(void **state)
{
    (void)state;
    buf_init(&b, 1000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_free(&b);
    return 0;
}

#define SAYS(call, text) ((call), want(text))

static void numbers(void **state)
{
    (void)state;
    SAYS(text_number(&b, 0), "0");
    SAYS(text_number(&b, 999), "999");
    SAYS(text_number(&b, 1000), "1,000");
    SAYS(text_number(&b, 1234567), "1,234,567");
    SAYS(text_number(&b, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void shares(void **state)
{
    (void)state;
    SAYS(text_percent(&b, 18, 388), "4.6%");
    SAYS(text_percent(&b, 0, 388), "0%");
    SAYS(text_percent(&b, 1, 388000), "<0.1%");
    SAYS(text_percent(&b, 387999, 388000), "99.9%");
    SAYS(text_percent(&b, 5, 5), "100%");
    SAYS(text_percent(&b, 0, 0), "0%");
    SAYS(text_percent(&b, 1, 50), "2%");
    SAYS(text_percent(&b, UINT64_MAX / 2, UINT64_MAX), "49.9%");
}

static void durations(void **state)
{
    (void)state;
    SAYS(text_duration(&b, 0), "0 s");
    SAYS(text_duration(&b, 59), "59 s");
    SAYS(text_duration(&b, 120), "2 min");
    SAYS(text_duration(&b, 3661), "1 h 1 min");
    SAYS(text_duration(&b, 86400 * 3 + 7200 + 5), "3 d 2 h");
    SAYS(text_duration(&b, 86400 + 59), "1 d");
    SAYS(text_duration(&b, -5), "0 s");
}

static void sizes(void **state)
{
    (void)state;
    SAYS(text_size(&b, 812), "812 B");
    SAYS(text_size(&b, 1024), "1 KiB");
    SAYS(text_size(&b, 1434), "1.4 KiB");
    SAYS(text_size(&b, UINT64_C(32) << 20), "32 MiB");
    SAYS(text_size(&b, (UINT64_C(1) << 20) - 1), "1023 KiB");
    SAYS(text_size(&b, UINT64_MAX), "15.9 EiB");
}

static int64_t day(int64_t year, int month, int dom)
{
    return day_of(civil_to_unix((struct civil){.year = year, .month = month, .day = dom}));
}

static void dates(void **state)
{
    (void)state;
    SAYS(text_day_range(&b, TEXT_en, day(2026, 11, 20), day(2026, 11, 20)), "20 Nov 2026");
    SAYS(text_day_range(&b, TEXT_en, day(2026, 11, 20), day(2026, 11, 21)), "20\u201321 Nov 2026");
    SAYS(text_day_range(&b, TEXT_en, day(2026, 11, 30), day(2026, 12, 2)), "30 Nov \u2013 2 Dec 2026");
    SAYS(text_day_range(&b, TEXT_en, day(2026, 12, 30), day(2027, 1, 2)), "30 Dec 2026 \u2013 2 Jan 2027");
    SAYS(text_day_range(&b, TEXT_en, day(2025, 11, 20), day(2026, 11, 20)), "20 Nov 2025 \u2013 20 Nov 2026");
    SAYS(text_day_range(&b, TEXT_ja, day(2026, 11, 20), day(2026, 11, 20)), "2026年11月20日");
    SAYS(text_day_range(&b, TEXT_ja, day(2026, 11, 20), day(2026, 11, 21)), "2026年11月20日～21日");
    SAYS(text_day_range(&b, TEXT_ja, day(2026, 11, 30), day(2026, 12, 2)), "2026年11月30日～12月2日");
    SAYS(text_day_range(&b, TEXT_ja, day(2026, 12, 30), day(2027, 1, 2)), "2026年12月30日～2027年1月2日");
    SAYS(text_moment(&b, TEXT_ja, 1795487062, SV_ABSENT, 0), "2026年11月24日 02:24 UTC");
    SAYS(text_moment(&b, TEXT_en, 1795487062, SV_ABSENT, 0), "24 Nov 2026 02:24 UTC");
    SAYS(text_moment(&b, TEXT_en, 1795487062, SV("America/New_York"), -5 * 3600),
         "23 Nov 2026 21:24 America/New_York");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers), cmocka_unit_test(shares), cmocka_unit_test(durations),
        cmocka_unit_test(sizes),   cmocka_unit_test(dates),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
