/* Several runs in a row: what is told, what is not, how incidents go on, end and come back. */
#include "world.h"

WORLD_FOR_EACH_TEST(w);

static void told_once(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    assert_int_equal(w.incidents[0].told_failed, 20);
    assert_int_equal(w.incidents[0].told_let_through, 20);
    assert_int_equal(w.incidents[0].told_severity, SEVERITY_warning);
    assert_int_equal(w.incidents[0].told_at, w.clock + 7200);
    for (int i = 0; i < 3; i++)
        world_silent(&w);
}

static void more_mail_is_silence_and_tenfold_is_news(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    world_add(&w, stranger("203.0.113.7", DAY0, 100)); /* a late report of the same day */
    assert_false(world_run(&w)->tells);
    struct entry *e = world_add(&w, stranger("203.0.113.7", DAY0 + 1, 79)); /* 199 */
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].last_day, DAY0 + 1);
    assert_int_equal(w.incidents[0].told_failed, 20);
    e->row.record.count = 80;
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_tenfold);
    assert_int_equal(i->counts.failed, 200);
    assert_int_equal(i->since_told, 180);
    assert_int_equal(i->episode, 1);
    world_silent(&w);
}

static void information_that_becomes_a_warning_is_told_for_the_first_time(void **state)
{
    (void)state;
    world_add(&w, with_fate(stranger("203.0.113.7", DAY0, 50), FATE_rejected));
    assert_false(world_run(&w)->tells);
    world_add(&w, stranger("203.0.113.7", DAY0 + 1, 10));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_first);
    assert_int_equal(i->counts.failed, 60);
    assert_int_equal(w.n_incidents, 1);
}

static void where_information_is_told_a_warning_is_worse(void **state)
{
    (void)state;
    w.routes[0].match.severities |= 1U << SEVERITY_info;
    world_add(&w, with_fate(stranger("203.0.113.7", DAY0, 50), FATE_rejected));
    assert_int_equal(world_told(&w)->severity, SEVERITY_info);
    world_silent(&w);
    world_add(&w, stranger("203.0.113.7", DAY0 + 1, 10));
    assert_int_equal(world_told(&w)->news, NEWS_worse);
    world_silent(&w);
}

static void a_route_to_nobody_tells_nobody(void **state)
{
    (void)state;
    w.routes[0].n_channels = 0;
    world_add(&w, stranger("203.0.113.7", DAY0, 50));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].severity, SEVERITY_warning);
    assert_int_equal(w.incidents[0].told_at, 0);
}

static void severity_never_falls_within_an_episode(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    world_add(&w, with_fate(stranger("203.0.113.7", DAY0 + 7, 20), FATE_rejected));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].severity, SEVERITY_warning);
}

static void our_mail_is_rejected_now(void **state)
{
    (void)state;
    world_add(&w, with_fate(ours(OWN, DAY0, 50, false), FATE_let_through));
    world_told(&w);
    world_add(&w, ours(OWN, DAY0 + 1, 4, false));
    assert_false(world_run(&w)->tells);
    world_add(&w, ours(OWN, DAY0 + 1, 1, false));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_fate);
    assert_int_equal(i->counts.by_fate[FATE_rejected], 5);
    world_silent(&w);
}

/* Good days before it make a day's share no better. */
static void a_tenth_rejected_is_critical_on_its_first_day(void **state)
{
    (void)state;
    for (int d = 0; d < 30; d++)
        world_add(&w, trusted(ours(OWN, DAY0 + d, 1000, true), TRUST_verified));
    world_silent(&w);
    world_add(&w, trusted(ours(OWN, DAY0 + 30, 900, true), TRUST_verified));
    world_add(&w, trusted(ours(OWN, DAY0 + 30, 100, false), TRUST_verified));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->severity, SEVERITY_critical);
    assert_int_equal(i->news, NEWS_first);
    world_add(&w, trusted(ours(OWN, DAY0 + 31, 900, true), TRUST_verified));
    world_add(&w, trusted(ours(OWN, DAY0 + 31, 100, false), TRUST_verified));
    assert_false(world_run(&w)->tells);
}

/* Of a few messages that are refused people were told; some more of the same are no other fate. */
static void more_of_a_fate_that_was_told_is_no_news(void **state)
{
    (void)state;
    for (int d = 0; d < 20; d++)
        world_add(&w, ours(OWN, DAY0 + d, 1, true));
    world_silent(&w);
    world_add(&w, ours(OWN, DAY0 + 20, 1, false));
    world_add(&w, ours(OWN, DAY0 + 21, 2, false));
    assert_int_equal(world_told(&w)->counts.by_fate[FATE_rejected], 3);
    world_add(&w, ours(OWN, DAY0 + 21, 2, false));
    assert_false(world_run(&w)->tells);
}

static void over_after_seven_days_and_back_as_a_new_episode(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    w.clock = (DAY0 + 8) * DAY_SECONDS - 1;
    world_silent(&w);
    w.clock = (DAY0 + 8) * DAY_SECONDS;
    const struct decision *d = world_run(&w);
    assert_false(d->tells);
    assert_int_equal(d->n_incidents, 1);
    assert_int_equal(w.incidents[0].state, INCIDENT_resolved);
    world_silent(&w);
    world_add(&w, stranger("203.0.113.9", DAY0 + 20, 10));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_again);
    assert_int_equal(i->episode, 2);
    assert_int_equal(i->counts.failed, 10);
    assert_int_equal(i->since_told, 10);
    assert_int_equal(i->first_day, DAY0 + 20);
    assert_int_equal(w.n_incidents, 1);
    world_silent(&w);
}

static void back_without_ever_having_been_told_is_new(void **state)
{
    (void)state;
    world_add(&w, with_fate(stranger("203.0.113.7", DAY0, 20), FATE_rejected));
    world_run(&w);
    w.clock = (DAY0 + 8) * DAY_SECONDS;
    world_run(&w);
    assert_int_equal(w.incidents[0].state, INCIDENT_resolved);
    world_add(&w, stranger("203.0.113.7", DAY0 + 20, 10));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_first);
    assert_int_equal(i->episode, 2);
}

static void back_as_information_first_then_as_a_warning(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    w.clock = (DAY0 + 8) * DAY_SECONDS;
    world_run(&w);
    world_add(&w, with_fate(stranger("203.0.113.7", DAY0 + 20, 10), FATE_rejected));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].episode, 2);
    world_add(&w, stranger("203.0.113.7", DAY0 + 21, 10));
    assert_int_equal(world_told(&w)->news, NEWS_again);
}

/* No run saw the time between: the old episode ended, a new one begins. */
static void a_gap_that_no_run_saw_is_a_new_episode(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    world_add(&w, stranger("203.0.113.7", DAY0 + 8, 20));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_again);
    assert_int_equal(i->first_day, DAY0 + 8);
    assert_int_equal(i->counts.failed, 20);
}

static void a_match_within_seven_days_goes_on(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    world_add(&w, stranger("203.0.113.7", DAY0 + 7, 20));
    const struct decision *d = world_run(&w);
    assert_false(d->tells);
    assert_int_equal(w.incidents[0].episode, 1);
    assert_int_equal(w.incidents[0].last_day, DAY0 + 7);
}

static void rows_of_an_episode_that_is_over_do_not_open_it_again(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    w.clock = (DAY0 + 8) * DAY_SECONDS;
    world_run(&w);
    world_add(&w, stranger("203.0.113.7", DAY0, 500)); /* a late one of the old day */
    world_silent(&w);
    /* A day after it: neither the old mail nor the new alone makes 30 in a week. */
    world_add(&w, stranger("203.0.113.7", DAY0 + 2, 9));
    world_silent(&w);
}

static void what_is_over_already_is_not_opened(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 500));
    w.clock = (DAY0 + 8) * DAY_SECONDS;
    world_silent(&w);
}

static void max_age_says_how_long_evidence_may_be_old(void **state)
{
    (void)state;
    w.config.max_age = 30 * DAY_SECONDS;
    world_add(&w, stranger("203.0.113.7", DAY0, 500));
    w.clock = (DAY0 + 21) * DAY_SECONDS;
    world_told(&w);
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_resolved);
    world_silent(&w);
}

static void late_mail_moves_the_first_day(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0 + 2, 20));
    world_told(&w);
    world_add(&w, stranger("203.0.113.7", DAY0, 25));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].first_day, DAY0);
    assert_int_equal(alert_first_day(&w.config, w.incidents, w.n_incidents, DAY0 + 50), DAY0);
    w.incidents[0].state = INCIDENT_resolved;
    assert_int_equal(alert_first_day(&w.config, w.incidents, w.n_incidents, DAY0 + 50), DAY0 + 14);
    assert_int_equal(alert_first_day(&w.config, NULL, 0, DAY0), DAY0 - 36);
}

static void several_networks_are_several_incidents_in_one_notice(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_add(&w, stranger("198.51.100.7", DAY0, 40));
    world_add(&w, ours(OWN, DAY0, 6, false));
    const struct decision *d = world_run(&w);
    assert_true(d->tells);
    assert_int_equal(d->notice.n_items, 3);
    assert_true(sv_eq(d->notice.items[0].subject, SV("own")));
    assert_true(sv_eq(d->notice.items[1].subject, SV("198.51.100.0/24")));
    assert_true(sv_eq(d->notice.items[2].subject, SV("203.0.113.0/24")));
    assert_int_equal(w.n_incidents, 3);
    /* A new one beside them: only it is told, the others are mentioned. */
    world_add(&w, stranger("192.0.3.7", DAY0, 10));
    assert_true(sv_eq(world_told(&w)->subject, SV("192.0.3.0/24")));
    assert_int_equal(w.last.notice.known, 3);
}

static void an_incident_owns_all_its_networks(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    /* As a later name of both networks would leave it. */
    struct cidr nets[2];
    assert_true(cidr_parse(SV("198.51.100.0/24"), &nets[0], &(struct err){0}));
    assert_true(cidr_parse(SV("203.0.113.0/24"), &nets[1], &(struct err){0}));
    w.incidents[0].networks = nets;
    w.incidents[0].n_networks = 2;
    world_add(&w, stranger("198.51.100.7", DAY0, 179));
    assert_false(world_run(&w)->tells); /* 199, below tenfold */
    assert_int_equal(w.n_incidents, 1);
    world_add(&w, stranger("198.51.100.9", DAY0, 1));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_tenfold);
    assert_int_equal(i->counts.failed, 200);
    assert_int_equal(i->n_sources, 3);
}

static void of_two_owners_the_one_that_goes_on_counts(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    struct incident both[2] = {w.incidents[0], w.incidents[0]};
    both[0].state = INCIDENT_resolved;
    both[0].id[5] = 1;
    w.incidents = both;
    w.n_incidents = 2;
    world_silent(&w);
}

static void a_listed_sender_ends_the_strangers_incident(void **state)
{
    (void)state;
    struct entry *e = world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    e->verdict = ours(OWN, DAY0, 20, true).verdict;
    world_silent(&w);
    w.clock = (DAY0 + 8) * DAY_SECONDS;
    world_run(&w);
    assert_int_equal(w.incidents[0].state, INCIDENT_resolved);
}

static void senders_are_apart(void **state)
{
    (void)state;
    world_add(&w, ours(OWN, DAY0, 4, false));
    world_add(&w, ours(NEWS_LETTER, DAY0, 4, false));
    world_silent(&w);
    world_add(&w, ours(NEWS_LETTER, DAY0, 1, false));
    assert_true(sv_eq(world_told(&w)->subject, SV("newsletter")));
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(told_once),
        T(more_mail_is_silence_and_tenfold_is_news),
        T(information_that_becomes_a_warning_is_told_for_the_first_time),
        T(where_information_is_told_a_warning_is_worse),
        T(a_route_to_nobody_tells_nobody),
        T(severity_never_falls_within_an_episode),
        T(our_mail_is_rejected_now),
        T(a_tenth_rejected_is_critical_on_its_first_day),
        T(more_of_a_fate_that_was_told_is_no_news),
        T(over_after_seven_days_and_back_as_a_new_episode),
        T(back_without_ever_having_been_told_is_new),
        T(back_as_information_first_then_as_a_warning),
        T(a_gap_that_no_run_saw_is_a_new_episode),
        T(a_match_within_seven_days_goes_on),
        T(rows_of_an_episode_that_is_over_do_not_open_it_again),
        T(what_is_over_already_is_not_opened),
        T(max_age_says_how_long_evidence_may_be_old),
        T(late_mail_moves_the_first_day),
        T(several_networks_are_several_incidents_in_one_notice),
        T(an_incident_owns_all_its_networks),
        T(of_two_owners_the_one_that_goes_on_counts),
        T(a_listed_sender_ends_the_strangers_incident),
        T(senders_are_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
