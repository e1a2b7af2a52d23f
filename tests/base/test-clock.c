#include "unit.h"

#include "base/clock.h"

static void civil_dates(void **state)
{
    (void)state;
    char text[CLOCK_TEXT];
    assert_string_equal(clock_iso(1795487062, text), "2026-11-24T02:24:22Z");
    assert_string_equal(clock_iso(0, text), "1970-01-01T00:00:00Z");
    assert_string_equal(clock_date(-1, text), "1969-12-31");
    assert_string_equal(clock_date(951782400, text), "2000-02-29");
    assert_string_equal(clock_rfc5322(1795487062, text), "Tue, 24 Nov 2026 02:24:22 +0000");
    assert_int_equal(day_of(-1), -1);
    assert_int_equal(day_of(86400), 1);
    for (int64_t t = -4000000000; t < 40000000000; t += 86400 * 97 + 12345)
        assert_true(civil_to_unix(civil_of(t)) == t);
}

static void parses_iso(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want;
    } good[] = {
        {"2026-11-24T02:24:22Z", 1795487062},      {"2026-11-24T02:24:22", 1795487062},
        {"2026-11-24 02:24:22.5Z", 1795487062},    {"2026-11-24T03:24:22+01:00", 1795487062},
        {"2026-11-23T21:54:22-04:30", 1795487062}, {" 2026-11-24 ", 1795478400},
        {"2026-11-24T24:00:00Z", 1795564800},
    };
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-13-01",
                                      "2026-00-10",
                                      "2026-11-24T",
                                      "2026-11-24X02:24:22",
                                      "2026-11-24T02:24:22+1",
                                      "2026-11-24T02:24:22Zx",
                                      "2026-02-29",
                                      "2026-11-31",
                                      "1795487062"};
    int64_t v = 0;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(clock_parse_iso(sv_c(good[i].text), &v));
        assert_true(v == good[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(clock_parse_iso(sv_c(bad[i]), &v));
}

static void now_can_be_set(void **state)
{
    (void)state;
    assert_true(clock_now() > 1700000000);
    clock_set_now(5);
    assert_int_equal(clock_now(), 5);
    int64_t a = clock_mono_ms();
    assert_true(clock_mono_ms() >= a);
}

RUN_TESTS(cmocka_unit_test(civil_dates), cmocka_unit_test(parses_iso), cmocka_unit_test(now_can_be_set))
