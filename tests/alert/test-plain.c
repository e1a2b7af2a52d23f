/* What no row shows: told when they begin, when they are worse, and when they are over. */
#include "alert/plain.h"
#include "world.h"

static struct world w;
static struct alert_plain plain;
static struct alert_plain_case c;

static int set_up(void **state)
{
    (void)state;
    world_open(&w);
    plain = (struct alert_plain){
        .rule = RULE_agent_mailbox, .subject = SV("main"), .first_day = DAY0, .last_day = DAY0, .much = 3};
    c = (struct alert_plain_case){.config = &w.config,
                                  .domain = SV(""),
                                  .entry = SIZE_MAX,
                                  .plains = &plain,
                                  .n_plains = 1,
                                  .ends = UINT64_C(1) << RULE_agent_mailbox,
                                  .now = (DAY0 + 1) * DAY_SECONDS,
                                  .make_id = world_id,
                                  .make_id_ctx = &w};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static const struct decision *decide(void)
{
    struct err e;
    c.incidents = w.incidents;
    c.n_incidents = w.n_incidents;
    assert_true(alert_decide_plain(&c, &w.memory, &w.last, &e));
    world_write(&w, &w.last);
    return &w.last;
}

static void a_dead_mailbox_is_critical_without_any_report(void **state)
{
    (void)state;
    plain.detail = SV("connection refused");
    const struct decision *d = decide();
    assert_true(d->tells);
    assert_int_equal(d->notice.severity, SEVERITY_critical);
    assert_int_equal(d->notice.items[0].news, NEWS_first);
    assert_true(d->notice.items[0].verified);
    assert_true(sv_eq(d->notice.items[0].before, SV("connection refused")));
    assert_int_equal(d->notice.domain.n, 0);
    plain.last_day++;
    assert_false(decide()->tells);
    assert_int_equal(w.incidents[0].last_day, DAY0 + 1);
}

static void its_end_is_told_and_its_return(void **state)
{
    (void)state;
    (void)decide();
    c.n_plains = 0;
    const struct decision *d = decide();
    assert_true(d->tells);
    assert_int_equal(d->notice.items[0].news, NEWS_over);
    assert_int_equal(d->notice.items[0].state, INCIDENT_resolved);
    assert_false(decide()->tells);
    c.n_plains = 1;
    plain.last_day = DAY0 + 5;
    assert_int_equal(decide()->notice.items[0].news, NEWS_again);
    assert_int_equal(w.n_incidents, 1);
    assert_int_equal(w.incidents[0].episode, 2);
}

static void its_end_says_whether_it_is_verified(void **state)
{
    (void)state;
    w.config.rules[RULE_tls_failure].off = false;
    plain.rule = RULE_tls_failure;
    plain.reported = c.now;
    c.ends = UINT64_C(1) << RULE_tls_failure;
    for (int i = 0; i < 2; i++) {
        plain.proven = false;
        plain.last_day = DAY0 + i;
        assert_true(decide()->tells);
        plain.proven = true;
        plain.verified = i == 1;
        const struct decision *d = decide();
        assert_int_equal(d->notice.items[0].news, NEWS_over);
        assert_int_equal(d->notice.items[0].verified, i == 1);
        assert_false(decide()->tells);
        plain.verified = false;
    }
}

static void what_nobody_is_told_of_ends_in_silence(void **state)
{
    (void)state;
    w.n_incidents = 0;
    w.config.n_routes = 0;
    assert_false(decide()->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
    c.n_plains = 0;
    assert_false(decide()->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_resolved);
}

static void a_rule_that_is_off(void **state)
{
    (void)state;
    w.config.rules[RULE_agent_mailbox].off = true;
    assert_false(decide()->tells);
    assert_int_equal(w.n_incidents, 0);
}

static void what_is_acknowledged_is_not_repeated_and_its_end_is_told(void **state)
{
    (void)state;
    w.config.repeat = (struct repeat_cfg){DAY_SECONDS, DAY_SECONDS};
    (void)decide();
    w.incidents[0].acked_at = c.now;
    w.incidents[0].acked_by = SV("ops");
    c.now += 3 * DAY_SECONDS;
    assert_false(decide()->tells);
    assert_int_equal(w.incidents[0].acked_at, c.now - 3 * DAY_SECONDS);
    c.n_plains = 0;
    assert_int_equal(decide()->notice.items[0].news, NEWS_over);
    assert_int_equal(w.incidents[0].acked_at, 0);
}

static void what_is_silenced_is_told_when_the_silence_ends(void **state)
{
    const struct silence_cfg silence = {
        .rules = UINT64_C(1) << RULE_agent_mailbox, .subject = SV("main"), .ends = c.now + DAY_SECONDS};
    (void)state;
    c.silences = &silence;
    c.n_silences = 1;
    assert_false(decide()->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
    c.now += DAY_SECONDS;
    assert_int_equal(decide()->notice.items[0].news, NEWS_first);
}

static void what_is_only_half_well_neither_begins_nor_ends(void **state)
{
    (void)state;
    plain.stays = true;
    assert_false(decide()->tells);
    assert_int_equal(w.n_incidents, 0);
    plain.stays = false;
    (void)decide();
    plain.stays = true;
    assert_false(decide()->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
}

static void it_is_told_again_more_and_more_seldom(void **state)
{
    (void)state;
    w.config.repeat = (struct repeat_cfg){DAY_SECONDS, 32 * DAY_SECONDS};
    (void)decide();
    c.now += DAY_SECONDS - 1;
    assert_false(decide()->tells);
    c.now++;
    assert_int_equal(decide()->notice.items[0].news, NEWS_repeat);
    c.now += DAY_SECONDS;
    assert_false(decide()->tells);
    c.now += DAY_SECONDS;
    assert_true(decide()->tells);
}

static void a_broken_channel_does_not_hear_of_itself(void **state)
{
    (void)state;
    size_t routed[] = {0, 1};
    bool broken[] = {true, false, false}, chosen[3] = {false}, all[] = {true, true, false},
         other[3] = {false};
    w.config.n_channels = 3;
    w.routes[0].channels = routed;
    w.routes[0].n_channels = 2;
    alert_channels_but(&w.config, decide(), broken, chosen);
    assert_memory_equal(chosen, ((bool[]){false, true, false}), sizeof chosen);
    alert_channels_but(&w.config, &w.last, all, other);
    assert_memory_equal(other, ((bool[]){false, false, true}), sizeof other);
}

/* Where the operator's only channel is broken, no customer hears of it. */
static void a_broken_channel_is_not_told_to_tenants(void **state)
{
    (void)state;
    size_t of_tenant = 1, other = 2;
    struct tenant_cfg tenant = {.name = SV("acme"), .channels = &of_tenant, .n_channels = 1};
    struct route_cfg routes[] = {
        w.routes[0],
        {.match = {.tenants = &tenant.name, .n_tenants = 1}, .channels = &other, .n_channels = 1}};
    bool broken[] = {true, false, false, false}, chosen[4] = {false};
    w.config.n_channels = 4;
    w.config.tenants = &tenant;
    w.config.n_tenants = 1;
    w.config.routes = routes;
    w.config.n_routes = 2;
    alert_channels_but(&w.config, decide(), broken, chosen);
    assert_memory_equal(chosen, ((bool[]){false, false, false, true}), sizeof chosen);
    w.config.n_channels = 3;
    chosen[3] = false;
    alert_channels_but(&w.config, &w.last, broken, chosen);
    assert_memory_equal(chosen, ((bool[]){false, false, false, false}), sizeof chosen);
}

/* What is of no tenant, where every route is for tenants. */
static void a_dead_mailbox_goes_to_who_is_no_tenant(void **state)
{
    (void)state;
    size_t to = TO_TENANT, of_tenant = 0;
    struct tenant_cfg tenant = {.name = SV("acme"), .channels = &of_tenant, .n_channels = 1};
    bool chosen[2] = {false};
    w.config.tenants = &tenant;
    w.config.n_tenants = 1;
    w.config.n_channels = 1;
    w.routes[0].channels = &to;
    assert_false(decide()->tells);
    w.config.n_channels = 2;
    assert_true(decide()->tells);
    alert_channels(&w.config, &w.last, chosen);
    assert_memory_equal(chosen, ((bool[]){false, true}), sizeof chosen);
}

static void several_are_one_notice(void **state)
{
    (void)state;
    struct alert_plain two[2] = {plain, plain};
    two[0].rule = RULE_agent_config;
    two[0].subject = SV("conf.d/acme.yml");
    c.plains = two;
    c.n_plains = 2;
    const struct decision *d = decide();
    assert_int_equal(d->notice.n_items, 2);
    assert_int_equal(d->notice.items[0].rule, RULE_agent_mailbox);
    assert_int_equal(d->notice.items[1].severity, SEVERITY_warning);
}

/* What mails say is no more sure than they are, whatever the configuration asks for, and its end is no news.
 */
static void what_strangers_say_is_capped(void **state)
{
    (void)state;
    plain.rule = RULE_report_unusable;
    c.ends = UINT64_C(1) << RULE_report_unusable;
    w.config.rules[RULE_report_unusable].severity = SEVERITY_critical;
    const struct decision *d = decide();
    assert_int_equal(d->notice.severity, SEVERITY_warning);
    assert_false(d->notice.items[0].verified);
    plain.verified = true;
    d = decide();
    assert_int_equal(d->notice.items[0].news, NEWS_worse);
    assert_int_equal(d->notice.severity, SEVERITY_critical);
    assert_true(d->notice.items[0].verified);
    c.n_plains = 0;
    assert_false(decide()->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_resolved);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_dead_mailbox_is_critical_without_any_report),
        T(its_end_is_told_and_its_return),
        T(its_end_says_whether_it_is_verified),
        T(what_nobody_is_told_of_ends_in_silence),
        T(a_rule_that_is_off),
        T(what_is_acknowledged_is_not_repeated_and_its_end_is_told),
        T(what_is_silenced_is_told_when_the_silence_ends),
        T(what_is_only_half_well_neither_begins_nor_ends),
        T(it_is_told_again_more_and_more_seldom),
        T(a_broken_channel_does_not_hear_of_itself),
        T(a_broken_channel_is_not_told_to_tenants),
        T(a_dead_mailbox_goes_to_who_is_no_tenant),
        T(several_are_one_notice),
        T(what_strangers_say_is_capped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
