/* Reports that stop: the gap that a domain uses to have, one notice for many, and the end. */
#include "world.h"

enum { TODAY = DAY0 + 60 };

static struct world w;
static struct alert_quiet quiet[5];
static struct domain_cfg domains[5];
static int64_t days[5][60];
static struct decision *made;
static size_t n_made;

static int set_up(void **state)
{
    static const char *const names[] = {"a.example", "b.example", "c.example", "d.example", "e.example"};
    (void)state;
    world_open(&w);
    for (size_t i = 0; i < COUNT_OF(quiet); i++) {
        domains[i] = (struct domain_cfg){.name = sv_c(names[i]), .tenant = i < 4 ? SV("acme") : SV("beta")};
        quiet[i] = (struct alert_quiet){.domain = sv_c(names[i]), .entry = i, .days = days[i]};
    }
    w.config.domains = domains;
    w.config.n_domains = COUNT_OF(domains);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

/* Reports every `step` days, the last one so many days ago. */
static void had(size_t domain, int64_t step, size_t n, int64_t ago)
{
    for (size_t i = 0; i < n; i++)
        days[domain][i] = TODAY - ago - step * (int64_t)(n - 1 - i);
    quiet[domain].n_days = n;
}

static size_t told(size_t n)
{
    struct err e = {0};
    const struct alert_quiet_case c = {.config = &w.config,
                                       .domains = quiet,
                                       .n_domains = n,
                                       .now = TODAY * DAY_SECONDS + 3600,
                                       .make_id = world_id,
                                       .make_id_ctx = &w};
    size_t notices = 0;
    assert_true(alert_decide_quiet(&c, &w.memory, &made, &n_made, &e));
    for (size_t i = 0; i < n_made; i++)
        notices += made[i].tells;
    return notices;
}

static void three_days_are_nothing_and_four_are_told(void **state)
{
    (void)state;
    had(0, 1, 10, 3);
    assert_int_equal(told(1), 0);
    had(0, 1, 10, 4);
    assert_int_equal(told(1), 1);
    const struct notice_item *i = &made[0].notice.items[0];
    assert_int_equal(i->rule, RULE_no_reports);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_int_equal(i->usual_gap, 1);
    assert_int_equal(i->last_day, TODAY - 4);
    assert_true(sv_eq(made[0].notice.domain, SV("a.example")));
}

/* Once six days without, else one: six and five more. */
static void irregular_reports_may_stay_away_as_much_longer_again(void **state)
{
    (void)state;
    had(0, 1, 10, 11);
    for (size_t i = 0; i < 3; i++)
        days[0][i] -= 5;
    assert_int_equal(told(1), 0);
    for (size_t i = 0; i < 10; i++)
        days[0][i]--;
    assert_int_equal(told(1), 1);
    assert_int_equal(made[0].notice.items[0].usual_gap, 6);
}

static void a_parked_domain_may_be_silent(void **state)
{
    (void)state;
    had(0, 1, 10, 4);
    domains[0].parked = true;
    assert_int_equal(told(1), 0);
}

static void a_weekly_domain_gets_its_week_and_two_days(void **state)
{
    (void)state;
    had(0, 7, 6, 9);
    assert_int_equal(told(1), 0);
    had(0, 7, 6, 10);
    assert_int_equal(told(1), 1);
}

static void too_little_is_known(void **state)
{
    (void)state;
    had(0, 1, 3, 10);
    assert_int_equal(told(1), 0);
    had(0, 1, 4, 10);
    assert_int_equal(told(1), 1);
}

static void what_is_told_is_not_told_again(void **state)
{
    (void)state;
    had(0, 1, 10, 5);
    assert_int_equal(told(1), 1);
    quiet[0].incidents = made[0].incidents;
    quiet[0].n_incidents = 1;
    assert_int_equal(told(1), 0);
    assert_int_equal(n_made, 0);
}

static void two_are_two_and_three_of_a_tenant_are_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(quiet); i++)
        had(i, 1, 10, 5);
    assert_int_equal(told(2), 2);
    assert_int_equal(told(COUNT_OF(quiet)), 2);
    assert_int_equal(made[0].notice.n_items, 4);
    assert_int_equal(made[0].n_incidents, 4);
    assert_int_equal(made[0].notice.domain.n, 0);
    assert_true(sv_eq(made[0].notice.tenant, SV("acme")));
    assert_true(sv_eq(made[1].notice.domain, SV("e.example")));
}

/* Who hears of one domain need not hear of the others. */
static void those_of_other_channels_are_told_apart(void **state)
{
    static struct channel_cfg channels[2];
    static size_t first[] = {0}, second[] = {1};
    static sv names[] = {SV_INIT("a.example"), SV_INIT("b.example"), SV_INIT("c.example")};
    struct route_cfg routes[] = {
        {.match = {.domains = names, .n_domains = COUNT_OF(names)}, .channels = first, .n_channels = 1},
        {.channels = second, .n_channels = 1}};
    (void)state;
    w.config.channels = channels;
    w.config.n_channels = COUNT_OF(channels);
    w.config.routes = routes;
    w.config.n_routes = COUNT_OF(routes);
    for (size_t i = 0; i < COUNT_OF(quiet); i++)
        had(i, 1, 10, 5);
    assert_int_equal(told(COUNT_OF(quiet)), 3);
    for (size_t i = 0; i < n_made; i++) {
        bool chosen[COUNT_OF(channels)] = {false};
        bool is_three = made[i].notice.n_items == COUNT_OF(names);
        alert_channels(&w.config, &made[i], chosen);
        assert_true(is_three || made[i].notice.n_items == 1);
        assert_int_equal(chosen[0], is_three);
        assert_int_equal(chosen[1], !is_three);
    }
}

static void unwatched_foreign_and_off_are_silent(void **state)
{
    (void)state;
    had(0, 1, 10, 5);
    domains[0].unwatched = true;
    assert_int_equal(told(1), 0);
    domains[0].unwatched = false;
    quiet[0].entry = SIZE_MAX;
    assert_int_equal(told(1), 0);
    quiet[0].entry = 0;
    w.config.rules[RULE_no_reports].off = true;
    assert_int_equal(told(1), 0);
}

/* In the decision of the domain that gets reports again. */
static void the_end_is_told(void **state)
{
    (void)state;
    had(0, 1, 10, 5);
    assert_int_equal(told(1), 1);
    world_write(&w, &made[0]);
    world_add(&w, ours(OWN, TODAY - 5, 5, true)); /* a late report of the last day is not yet the end */
    assert_false(world_run(&w)->tells);
    world_add(&w, ours(OWN, TODAY, 5, true));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_no_reports);
    assert_int_equal(i->news, NEWS_over);
    assert_int_equal(i->state, INCIDENT_resolved);
    world_silent(&w);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(three_days_are_nothing_and_four_are_told),
        TEST(a_weekly_domain_gets_its_week_and_two_days),
        TEST(irregular_reports_may_stay_away_as_much_longer_again),
        TEST(a_parked_domain_may_be_silent),
        TEST(too_little_is_known),
        TEST(what_is_told_is_not_told_again),
        TEST(two_are_two_and_three_of_a_tenant_are_one),
        TEST(those_of_other_channels_are_told_apart),
        TEST(unwatched_foreign_and_off_are_silent),
        TEST(the_end_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
