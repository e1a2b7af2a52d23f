/* Who usually tells and has not yet of the days that a notice is about. */
#include "world.h"

WORLD_FOR_EACH_TEST(w);

static struct entry by(const char *reporter, struct entry e)
{
    e.row.reporter = sv_c(reporter);
    return e;
}

/* Mail of ours that a reporter tells of, from one day to another. */
static void month_of(const char *reporter, int first, int last, uint64_t a_day)
{
    for (int d = first; d <= last; d++)
        world_add(&w, by(reporter, ours(OWN, DAY0 + d, a_day, true)));
}

/* A stranger that Alpha alone tells of, on day 30. */
static const struct notice_item *told_of_a_stranger(void)
{
    w.config.rules[RULE_pass_rate_drop].off = true;
    month_of("Alpha", 0, 30, 50);
    world_add(&w, by("Alpha", stranger("203.0.113.7", DAY0 + 30, 50)));
    return world_told(&w);
}

static void the_usual_reporters_with_the_most_mail_first(void **state)
{
    (void)state;
    static const char *const names[] = {"A", "B", "C", "D", "E"};
    for (uint64_t i = 0; i < COUNT_OF(names); i++)
        month_of(names[i], 0, 29, 10 + i);
    const struct notice_item *i = told_of_a_stranger();
    assert_int_equal(i->rule, RULE_unknown_source);
    assert_int_equal(i->all_waiting, 5);
    assert_int_equal(i->n_waiting, NOTICE_WAITING);
    assert_true(sv_eq(i->waiting[0], SV("E")));
    assert_true(sv_eq(i->waiting[2], SV("C")));
}

/* Also of mail that a forwarder passed on. */
static void who_has_told_of_the_day_is_not_waited_for(void **state)
{
    (void)state;
    month_of("Beta", 0, 30, 50);
    month_of("Gamma", 0, 29, 50);
    struct entry relayed = by("Gamma", ours(LIST, DAY0 + 30, 1, true));
    relayed.verdict.who = WHO_forwarder;
    world_add(&w, relayed);
    assert_int_equal(told_of_a_stranger()->all_waiting, 0);
}

static void a_name_of_a_week_is_not_waited_for_unless_verified(void **state)
{
    (void)state;
    month_of("New", 14, 29, 50);
    for (int d = 14; d < 30; d++)
        world_add(&w, trusted(by("Known", ours(OWN, DAY0 + d, 50, true)), TRUST_verified));
    const struct notice_item *i = told_of_a_stranger();
    assert_int_equal(i->all_waiting, 1);
    assert_true(sv_eq(i->waiting[0], SV("Known")));
}

/* Who writes in the name of a verified reporter has not told for it. */
static void a_forged_report_does_not_tell_for_another(void **state)
{
    (void)state;
    for (int d = 0; d < 30; d++)
        world_add(&w, trusted(by("Known", ours(OWN, DAY0 + d, 50, true)), TRUST_verified));
    world_add(&w, by("Known", ours(OWN, DAY0 + 30, 1, true)));
    assert_int_equal(told_of_a_stranger()->all_waiting, 1);
}

static void who_has_little_mail_or_reports_seldom_is_not_waited_for(void **state)
{
    (void)state;
    month_of("Tiny", 0, 29, 1);
    for (int d = 0; d < 30; d += 7)
        month_of("Sundays", d, d, 200);
    for (int d = 1; d < 30; d++)
        if (d % 7 != 2)
            month_of("Never on that day", d, d, 200);
    month_of("Beta", 0, 30, 400);
    assert_int_equal(told_of_a_stranger()->all_waiting, 0);
}

static void what_comes_later_than_reports_do_is_not_waited_for(void **state)
{
    (void)state;
    month_of("Beta", 0, 29, 50);
    w.late = 4 * DAY_SECONDS;
    assert_int_equal(told_of_a_stranger()->all_waiting, 0);
}

static void the_end_waits_for_nobody(void **state)
{
    (void)state;
    month_of("Alpha", 0, 28, 100);
    month_of("Beta", 0, 28, 100);
    world_add(&w, by("Alpha", ours(OWN, DAY0 + 29, 100, false)));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->all_waiting, 1);
    world_add(&w, by("Alpha", ours(OWN, DAY0 + 30, 100, true)));
    i = world_told(&w);
    assert_int_equal(i->news, NEWS_over);
    assert_int_equal(i->all_waiting, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(the_usual_reporters_with_the_most_mail_first),
        T(who_has_told_of_the_day_is_not_waited_for),
        T(a_name_of_a_week_is_not_waited_for_unless_verified),
        T(a_forged_report_does_not_tell_for_another),
        T(who_has_little_mail_or_reports_seldom_is_not_waited_for),
        T(what_comes_later_than_reports_do_is_not_waited_for),
        T(the_end_waits_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
