#include "spread.h"

#include "support.h"

static void one_day(void **state)
{
    (void)state;
    struct spread s = spread_of(DAY0 * DAY_SECONDS, (DAY0 + 1) * DAY_SECONDS, 32);
    assert_int_equal(s.first_day, DAY0);
    assert_int_equal(s.last_day, DAY0);
    assert_int_equal(spread_share(&s, 17, DAY0), 17);
}

/* 07:00 to 07:00: 17 hours of the first day, 7 of the second. */
static void two_days(void **state)
{
    (void)state;
    int64_t begin = DAY0 * DAY_SECONDS + 7 * 3600;
    struct spread s = spread_of(begin, begin + DAY_SECONDS, 32);
    assert_int_equal(s.last_day, DAY0 + 1);
    assert_int_equal(spread_share(&s, 24, DAY0), 17);
    assert_int_equal(spread_share(&s, 24, DAY0 + 1), 7);
    assert_int_equal(spread_share(&s, 1, DAY0), 1);
    assert_int_equal(spread_share(&s, 1, DAY0 + 1), 0);
}

static void shares_add_up(void **state)
{
    (void)state;
    static const uint64_t counts[] = {1, 2, 3, 7, 1000, 999999999999, 1000000000000};
    for (int64_t hours = 1; hours < 30 * 24; hours += 5) {
        int64_t begin = DAY0 * DAY_SECONDS - 3601;
        struct spread s = spread_of(begin, begin + hours * 3600, 400);
        for (size_t i = 0; i < COUNT_OF(counts); i++) {
            uint64_t sum = 0;
            for (int64_t day = s.first_day; day <= s.last_day; day++)
                sum += spread_share(&s, counts[i], day);
            assert_true(sum == counts[i]);
        }
    }
}

static void long_period_counts_on_its_last_days(void **state)
{
    (void)state;
    struct spread s = spread_of(0, (DAY0 + 1) * DAY_SECONDS, 32);
    assert_int_equal(s.first_day, DAY0 - 31);
    assert_int_equal(s.last_day, DAY0);
    assert_int_equal(spread_share(&s, 64, DAY0), 2);
}

static void before_1970_and_far_away(void **state)
{
    (void)state;
    const int64_t edge = INT64_MAX / 4;
    struct spread s = spread_of(-edge, edge, 32);
    assert_int_equal(s.last_day - s.first_day, 31);
    s = spread_of(-DAY_SECONDS - 1, -1, 32);
    assert_int_equal(s.first_day, -2);
    assert_int_equal(s.last_day, -1);
    assert_int_equal(spread_share(&s, 5, -2) + spread_share(&s, 5, -1), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_day),
        cmocka_unit_test(two_days),
        cmocka_unit_test(shares_add_up),
        cmocka_unit_test(long_period_counts_on_its_last_days),
        cmocka_unit_test(before_1970_and_far_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
