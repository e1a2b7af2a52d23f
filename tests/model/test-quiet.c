/* Quiet hours: spans of a day, also over midnight, whole days, zones, and that nothing waits for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/quiet.h"

/* Day 20000 is 4 October 2024, a Friday. */
enum { HOUR = 3600, DAY = 24 * HOUR };
#define FRIDAY ((int64_t)20000 * DAY)

static void assert_quiet(const struct quiet_cfg *q, int64_t from, int64_t to)
{
    assert_int_equal(quiet_end(q, FRIDAY + from, 0) - FRIDAY, to);
}

static void a_span_of_the_day(void **state)
{
    struct span_cfg noon = {11 * 60 + 30, 14 * 60};
    const struct quiet_cfg q = {.times = &noon, .n_times = 1};
    (void)state;
    assert_true(quiet_is_set(&q));
    assert_quiet(&q, 11 * HOUR + 30 * 60 - 1, 11 * HOUR + 30 * 60 - 1);
    assert_quiet(&q, 11 * HOUR + 30 * 60, 14 * HOUR);
    assert_quiet(&q, 14 * HOUR - 1, 14 * HOUR);
    assert_quiet(&q, 14 * HOUR, 14 * HOUR);
}

static void over_midnight_and_the_weekend(void **state)
{
    struct span_cfg night = {19 * 60, 7 * 60};
    const struct quiet_cfg q = {.times = &night, .n_times = 1, .days = 1U << WEEKDAY_sat | 1U << WEEKDAY_sun};
    (void)state;
    assert_quiet(&q, 6 * HOUR, 7 * HOUR);
    assert_quiet(&q, 7 * HOUR, 7 * HOUR);
    assert_quiet(&q, 19 * HOUR, 3 * DAY + 7 * HOUR);
    assert_quiet(&q, DAY + 12 * HOUR, 3 * DAY + 7 * HOUR);
    assert_quiet(&q, 4 * DAY + 23 * HOUR, 5 * DAY + 7 * HOUR);
}

/* Saturday in Tokyo begins at 15:00 UTC of Friday. */
static void in_another_zone(void **state)
{
    const struct quiet_cfg q = {.days = 1U << WEEKDAY_sat};
    (void)state;
    assert_int_equal(quiet_end(&q, FRIDAY + 15 * HOUR - 1, 9 * HOUR), FRIDAY + 15 * HOUR - 1);
    assert_int_equal(quiet_end(&q, FRIDAY + 15 * HOUR, 9 * HOUR), FRIDAY + DAY + 15 * HOUR);
}

static void nothing_waits_for_more_than_a_week(void **state)
{
    struct span_cfg halves[] = {{0, 12 * 60}, {12 * 60, 24 * 60}};
    const struct quiet_cfg q = {.times = halves, .n_times = 2}, none = {.n_times = 0};
    (void)state;
    assert_quiet(&q, HOUR, HOUR + QUIET_MOST);
    assert_false(quiet_is_set(&none));
    assert_quiet(&none, HOUR, HOUR);
}

/* A run a day, each in quiet hours. */
static void who_looks_in_quiet_hours_alone_hears_of_it(void **state)
{
    struct span_cfg night = {19 * 60, 7 * 60};
    const struct quiet_cfg q = {.times = &night, .n_times = 1}, weekend = {.days = 1U << WEEKDAY_sat};
    int64_t made = FRIDAY + 5 * HOUR, end = FRIDAY + 7 * HOUR;
    (void)state;
    assert_int_equal(quiet_rest(&q, made, made, 0), end);
    assert_int_equal(quiet_rest(&q, made, made + DAY, 0), end + QUIET_GRACE);
    assert_int_equal(quiet_rest(&q, made, made + 2 * DAY, 0), made + 2 * DAY);
    assert_int_equal(quiet_rest(&weekend, made, FRIDAY + 30 * HOUR, 0), FRIDAY + 2 * DAY);
    assert_int_equal(quiet_rest(&weekend, made, made + 8 * DAY, 0), made + 8 * DAY);
}

static void a_week_without_a_gap(void **state)
{
    struct span_cfg hours[24];
    struct quiet_cfg q = {.times = hours, .n_times = 24};
    (void)state;
    for (size_t i = 0; i < 24; i++)
        hours[i] = (struct span_cfg){(uint16_t)(i * 60), (uint16_t)((i + 1) * 60)};
    assert_true(quiet_is_always(&q));
    hours[23].to--;
    assert_false(quiet_is_always(&q));
    q.days = (1U << WEEKDAY_END) - 1;
    assert_true(quiet_is_always(&q));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_span_of_the_day),
                                       cmocka_unit_test(over_midnight_and_the_weekend),
                                       cmocka_unit_test(in_another_zone),
                                       cmocka_unit_test(nothing_waits_for_more_than_a_week),
                                       cmocka_unit_test(who_looks_in_quiet_hours_alone_hears_of_it),
                                       cmocka_unit_test(a_week_without_a_gap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
