/* What a configuration changes: knobs of rules, routes, domains that are parked or not watched, and senders
 * that are foreign, expired or nobody's. */
#include "world.h"

#include "class.h"

static struct world w;
static struct rule_cfg *rule;

static int set_up(void **state)
{
    (void)state;
    world_open(&w);
    rule = &w.config.rules[RULE_unknown_source];
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void every_unknown_source_is_told(void **state)
{
    (void)state;
    *rule = (struct rule_cfg){.min_messages = 1, .severity = SEVERITY_warning};
    world_add(&w, with_fate(stranger("203.0.113.7", DAY0, 1), FATE_rejected));
    assert_int_equal(world_told(&w)->severity, SEVERITY_warning);
}

static void a_rule_that_is_off_is_silent(void **state)
{
    (void)state;
    rule->off = true;
    world_add(&w, stranger("203.0.113.7", DAY0, 5000));
    world_silent(&w);
}

static void a_number_takes_the_place_of_both(void **state)
{
    (void)state;
    rule->min_messages = 100;
    for (int day = 0; day < 3; day++)
        world_add(&w, stranger("203.0.113.7", DAY0 + day, 33));
    world_silent(&w);
    world_add(&w, stranger("203.0.113.7", DAY0 + 3, 100));
    assert_int_equal(world_told(&w)->first_day, DAY0 + 3);
}

static void a_window_of_days(void **state)
{
    (void)state;
    rule->min_messages = 100;
    rule->window_days = 3;
    world_add(&w, stranger("203.0.113.7", DAY0, 50));
    world_add(&w, stranger("203.0.113.7", DAY0 + 3, 50));
    world_silent(&w);
    world_add(&w, stranger("203.0.113.7", DAY0 + 1, 50));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->first_day, DAY0);
    assert_int_equal(i->counts.failed, 150);
}

static void a_share_of_the_senders_mail(void **state)
{
    (void)state;
    w.config.rules[RULE_known_sender_failing].share_bp = 1000;
    world_add(&w, ours(OWN, DAY0, 91, true));
    world_add(&w, ours(OWN, DAY0, 9, false));
    world_silent(&w);
    world_add(&w, ours(OWN, DAY0, 2, false));
    assert_int_equal(world_told(&w)->counts.failed, 11);
}

static void the_floor_of_a_domain_comes_on_top(void **state)
{
    (void)state;
    rule->min_messages = 1;
    w.domains[0].min_messages = 20;
    world_add(&w, stranger("203.0.113.7", DAY0, 19));
    world_silent(&w);
    world_add(&w, stranger("203.0.113.7", DAY0, 1));
    assert_int_equal(world_told(&w)->counts.failed, 20);
}

static void critical_needs_a_verified_report(void **state)
{
    (void)state;
    rule->severity = SEVERITY_critical;
    world_add(&w, stranger("203.0.113.7", DAY0, 10));
    assert_int_equal(world_told(&w)->severity, SEVERITY_warning);
}

static void verified_reports_make_it_critical(void **state)
{
    (void)state;
    rule->severity = SEVERITY_critical;
    world_add(&w, trusted(stranger("203.0.113.7", DAY0, 10), TRUST_verified));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->severity, SEVERITY_critical);
    assert_true(i->verified);
    assert_int_equal(i->n_reporters, 1);
    assert_true(i->reporters[0].verified);
    assert_null(i->reporters[0].through.p);
}

/* Nine verified messages are not ten, whoever says that there are more. */
static void what_is_not_verified_adds_nothing_to_critical(void **state)
{
    (void)state;
    rule->severity = SEVERITY_critical;
    world_add(&w, trusted(stranger("203.0.113.7", DAY0, 9), TRUST_verified));
    world_add(&w, stranger("203.0.113.7", DAY0, 5000));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_int_equal(i->n_reporters, 2); /* of one name, and yet two */
    assert_false(i->reporters[0].verified);
    assert_true(i->reporters[1].verified);
    world_add(&w, trusted(stranger("203.0.113.7", DAY0, 1), TRUST_verified));
    i = world_told(&w);
    assert_int_equal(i->severity, SEVERITY_critical);
    assert_int_equal(i->news, NEWS_worse);
}

static void what_failed_authentication_tells_nothing(void **state)
{
    (void)state;
    w.config.rules[RULE_report_untrusted].off = true;
    world_add(&w, trusted(stranger("203.0.113.7", DAY0, 5000), TRUST_failed));
    world_add(&w, trusted(ours(OWN, DAY0, 5000, false), TRUST_failed));
    world_silent(&w);
    world_add(&w, stranger("203.0.113.7", DAY0, 10));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->counts.failed, 10);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_false(i->verified);
}

static void own_mail_that_is_refused_in_share_is_critical(void **state)
{
    (void)state;
    world_add(&w, trusted(ours(OWN, DAY0, 300, true), TRUST_verified));
    world_add(&w, trusted(with_fate(ours(OWN, DAY0, 5, false), FATE_let_through), TRUST_verified));
    world_add(&w, trusted(ours(OWN, DAY0, 5, false), TRUST_verified));
    assert_int_equal(world_told(&w)->severity, SEVERITY_warning); /* 5 of 310 were refused, which is 1.6 % */
    world_add(&w, trusted(ours(OWN, DAY0, 2, false), TRUST_verified));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->severity, SEVERITY_critical); /* 7 of 312 */
    assert_int_equal(i->news, NEWS_worse);
}

static void a_reporter_may_send_through_another(void **state)
{
    (void)state;
    struct entry e = trusted(stranger("203.0.113.7", DAY0, 10), TRUST_verified);
    e.row.trust.sender = TRUST_SENDER_agent;
    e.row.trust.domain = SV("agent.example");
    world_add(&w, e);
    const struct notice_item *i = world_told(&w);
    assert_true(sv_eq(i->reporters[0].name, SV("Alpha")));
    assert_true(sv_eq(i->reporters[0].through, SV("agent.example")));
}

static void what_no_route_carries_is_not_told(void **state)
{
    (void)state;
    sv other = SV("other"), acme = SV("acme"), below = SV("*.example.com"), self = SV("example.com");
    struct route_match *m = &w.routes[0].match;
    world_add(&w, stranger("203.0.113.7", DAY0, 10));
    m->tenants = &other;
    m->n_tenants = 1;
    assert_false(world_run(&w)->tells);
    m->tenants = &acme;
    m->rules = 1U << RULE_known_sender_failing;
    assert_false(world_run(&w)->tells);
    m->rules = 1U << RULE_unknown_source;
    m->domains = &below;
    m->n_domains = 1;
    assert_false(world_run(&w)->tells);
    m->domains = &self;
    m->severities = 0;
    (void)world_told(&w);
}

static void a_route_to_nobody_ends_the_search(void **state)
{
    (void)state;
    struct route_cfg routes[2] = {{.match = {.rules = 1U << RULE_unknown_source}}, w.routes[0]};
    w.config.routes = routes;
    w.config.n_routes = 2;
    world_add(&w, stranger("203.0.113.7", DAY0, 10));
    assert_false(world_run(&w)->tells);
    routes[0].go_on = true;
    (void)world_told(&w);
}

static void a_domain_that_is_not_watched(void **state)
{
    (void)state;
    w.domains[0].unwatched = true;
    world_add(&w, stranger("203.0.113.7", DAY0, 5000));
    world_silent(&w);
}

static struct entry unlisted(uint64_t count)
{
    struct entry e = stranger("198.51.100.9", DAY0, count);
    e.verdict.unlisted = OWN;
    return e;
}

static void a_server_that_nobody_listed(void **state)
{
    (void)state;
    world_add(&w, unlisted(4));
    world_silent(&w);
    world_add(&w, unlisted(1));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_unlisted_own_server);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_true(sv_eq(i->subject, SV("198.51.100.0/24")));
}

static void it_and_a_stranger_beside_it_are_two(void **state)
{
    (void)state;
    world_add(&w, unlisted(10));
    world_add(&w, stranger("198.51.100.200", DAY0, 10));
    assert_int_equal(world_run(&w)->notice.n_items, 2);
}

static void parked_domains(void **state)
{
    (void)state;
    w.domains[0].parked = true;
    world_add(&w, stranger("203.0.113.7", DAY0, 5000));
    assert_false(world_run(&w)->tells);
    world_add(&w, ours(OWN, DAY0, 100, false));
    assert_false(world_run(&w)->tells);
    struct entry e = stranger("203.0.113.99", DAY0, 1);
    e.verdict.pass = true;
    world_add(&w, e);
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_domain_parked_sending);
    assert_int_equal(i->severity, SEVERITY_warning); /* critical, were the report verified */
    assert_int_equal(i->counts.failed, 1);
}

static void an_expired_sender_is_told_whether_it_passes_or_fails(void **state)
{
    (void)state;
    struct entry passes = ours(NEWS_LETTER, DAY0, 3, true), fails = ours(NEWS_LETTER, DAY0, 2, false);
    passes.verdict.expired = fails.verdict.expired = true;
    world_add(&w, passes);
    world_add(&w, fails);
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_sender_expired);
    assert_int_equal(i->counts.failed, 5);
    assert_true(sv_eq(i->subject, SV("newsletter")));
}

static struct entry foreign(int64_t day, uint64_t count, bool pass)
{
    struct entry e = stranger("203.0.113.7", day, count);
    e.verdict.who = WHO_foreign;
    e.verdict.sender = LIST;
    e.verdict.pass = pass;
    return e;
}

static void a_foreign_sender_that_passes(void **state)
{
    (void)state;
    w.senders[LIST].kind = SENDER_FOREIGN;
    world_add(&w, foreign(DAY0, 5000, false));
    world_silent(&w);
    world_add(&w, foreign(DAY0, 1, true));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_foreign_passing);
    assert_true(sv_eq(i->subject, SV("lists")));
}

static void a_foreign_sender_that_grows_tenfold(void **state)
{
    (void)state;
    w.senders[LIST].kind = SENDER_FOREIGN;
    for (int day = 0; day < 14; day++)
        world_add(&w, foreign(DAY0 + day, 20, false));
    world_silent(&w);
    world_add(&w, foreign(DAY0 + 14, 199, false));
    world_silent(&w);
    world_add(&w, foreign(DAY0 + 14, 1, false));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_foreign_growing);
    assert_int_equal(i->counts.failed, 200);
    assert_int_equal(alert_first_day(&w.config, NULL, 0, DAY0), DAY0 - 36);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(every_unknown_source_is_told),
        T(a_rule_that_is_off_is_silent),
        T(a_number_takes_the_place_of_both),
        T(a_window_of_days),
        T(a_share_of_the_senders_mail),
        T(the_floor_of_a_domain_comes_on_top),
        T(critical_needs_a_verified_report),
        T(verified_reports_make_it_critical),
        T(what_is_not_verified_adds_nothing_to_critical),
        T(what_failed_authentication_tells_nothing),
        T(own_mail_that_is_refused_in_share_is_critical),
        T(a_reporter_may_send_through_another),
        T(what_no_route_carries_is_not_told),
        T(a_route_to_nobody_ends_the_search),
        T(a_domain_that_is_not_watched),
        T(a_server_that_nobody_listed),
        T(it_and_a_stranger_beside_it_are_two),
        T(parked_domains),
        T(an_expired_sender_is_told_whether_it_passes_or_fails),
        T(a_foreign_sender_that_passes),
        T(a_foreign_sender_that_grows_tenfold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
