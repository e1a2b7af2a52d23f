/* When the rules match: just below, at, and around each threshold. */
#include "world.h"

#include "episode.h"

WORLD_FOR_EACH_TEST(w);

static void nine_of_a_stranger_are_nothing(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 9));
    world_silent(&w);
}

static void ten_of_a_day_are_told(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 4));
    world_add(&w, stranger("203.0.113.8", DAY0, 6));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_unknown_source);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_int_equal(i->news, NEWS_first);
    assert_int_equal(i->counts.failed, 10);
    assert_int_equal(i->counts.by_fate[FATE_let_through], 10);
    assert_int_equal(i->first_day, DAY0);
    assert_int_equal(i->last_day, DAY0);
    assert_true(sv_eq(i->subject, SV("203.0.113.0/24")));
    assert_true(sv_eq(w.last.notice.domain, SV("example.com")));
    assert_true(sv_eq(w.last.notice.tenant, SV("acme")));
    assert_false(i->verified);
}

static void rejected_strangers_are_kept_and_not_told(void **state)
{
    (void)state;
    world_add(&w, with_fate(stranger("203.0.113.7", DAY0, 5000), FATE_rejected));
    const struct decision *d = world_run(&w);
    assert_false(d->tells);
    assert_int_equal(d->n_incidents, 1);
    assert_int_equal(d->incidents[0].severity, SEVERITY_info);
    assert_int_equal(d->incidents[0].told_at, 0);
    assert_int_equal(d->incidents[0].state, INCIDENT_firing);
    assert_int_equal(d->incidents[0].episode, 1);
    world_silent(&w);
}

static void nine_let_through_of_many_are_info(void **state)
{
    (void)state;
    world_add(&w, with_fate(stranger("203.0.113.7", DAY0, 100), FATE_quarantined));
    struct entry *e = world_add(&w, stranger("203.0.113.7", DAY0, 9));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].severity, SEVERITY_info);
    e->row.record.count = 10;
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_int_equal(i->news, NEWS_first);
    assert_int_equal(i->counts.failed, 110);
}

static void thirty_in_seven_days(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 9));
    world_add(&w, stranger("203.0.113.7", DAY0 + 3, 9));
    world_add(&w, stranger("203.0.113.8", DAY0 + 5, 3));
    struct entry *e = world_add(&w, with_fate(stranger("203.0.113.7", DAY0 + 6, 8), FATE_rejected));
    world_silent(&w);
    e->row.record.count = 9;
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->first_day, DAY0);
    assert_int_equal(i->last_day, DAY0 + 6);
    assert_int_equal(i->counts.failed, 30);
    assert_int_equal(i->counts.by_fate[FATE_let_through], 21);
    assert_int_equal(i->counts.by_fate[FATE_rejected], 9);
}

static void a_week_without_a_day_that_matches(void **state)
{
    (void)state;
    for (int d = 0; d < 4; d++) {
        world_add(&w, stranger("2001:db8:77::1", DAY0 + d, 6));
        world_add(&w, with_fate(stranger("2001:db8:77::1", DAY0 + d, 2), FATE_quarantined));
    }
    const struct notice_item *i = world_told(&w);
    assert_true(sv_eq(i->subject, SV("2001:db8:77::/48")));
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_int_equal(i->counts.failed, 32);
    assert_int_equal(i->counts.by_fate[FATE_let_through], 24);
    assert_int_equal(i->first_day, DAY0);
    assert_int_equal(i->last_day, DAY0 + 3);
}

static void thirty_in_eight_days_are_nothing(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 9));
    world_add(&w, stranger("203.0.113.7", DAY0 + 3, 9));
    world_add(&w, stranger("203.0.113.7", DAY0 + 5, 3));
    world_add(&w, stranger("203.0.113.7", DAY0 + 7, 9));
    world_silent(&w);
}

static void a_day_ends_at_midnight(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 5));
    world_add(&w, stranger("203.0.113.7", DAY0 + 1, 9));
    world_add(&w, ours(OWN, DAY0, 4, false));
    world_add(&w, ours(OWN, DAY0 + 1, 4, false));
    world_silent(&w);
}

static void networks_are_24_and_48_bits(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 9));
    world_add(&w, stranger("203.0.112.7", DAY0, 9));
    world_add(&w, stranger("2001:db8:9:ffff::1", DAY0, 9));
    world_add(&w, stranger("2001:db8:a::1", DAY0, 9));
    world_silent(&w);
    world_add(&w, stranger("2001:db8:a:1::1", DAY0, 1));
    assert_true(sv_eq(world_told(&w)->subject, SV("2001:db8:a::/48")));
}

static void four_of_ours_are_nothing(void **state)
{
    (void)state;
    world_add(&w, ours(OWN, DAY0, 4, false));
    world_silent(&w);
}

static void five_of_ours_are_told(void **state)
{
    (void)state;
    struct entry e = ours(OWN, DAY0, 3, false);
    world_add(&w, e);
    assert_true(ip_parse(SV("198.51.100.1"), &e.row.record.source_ip));
    e.row.record.count = 2;
    world_add(&w, with_fate(e, FATE_quarantined));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_known_sender_failing);
    assert_int_equal(i->severity, SEVERITY_warning); /* nobody vouches for the report: never critical */
    assert_true(sv_eq(i->subject, SV("own")));
    assert_true(sv_eq(i->owner, SV("ops@example.com")));
    assert_int_equal(i->counts.failed, 5);
    assert_int_equal(i->counts.by_fate[FATE_rejected], 3);
    assert_int_equal(i->counts.by_fate[FATE_quarantined], 2);
    assert_int_equal(w.incidents[0].n_networks, 2);
}

static void two_percent_of_the_senders_day(void **state)
{
    (void)state;
    world_add(&w, ours(OWN, DAY0, 5, false));
    struct entry *good = world_add(&w, ours(OWN, DAY0, 246, true)); /* 5 of 251 */
    world_add(&w, ours(OWN, DAY0 + 1, 1000, true));
    world_add(&w, ours(NEWS_LETTER, DAY0, 1000, true));
    world_silent(&w);
    good->row.record.count = 245; /* 5 of 250 */
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->counts.failed, 5);
    assert_int_equal(i->counts.total, 250);
    assert_int_equal(i->dkim_passed, 245);
    assert_int_equal(i->spf_passed, 0);
    assert_int_equal(i->dkim[LEG_BROKEN], 5);
    assert_int_equal(i->spf[LEG_UNALIGNED], 5);
}

static void a_share_does_not_overflow(void **state)
{
    (void)state;
    world_add(&w, ours(OWN, DAY0, UINT64_MAX / 2, false));
    world_add(&w, ours(OWN, DAY0, UINT64_MAX, true));
    assert_int_equal(world_told(&w)->counts.total, UINT64_MAX);
}

static void harm_counts_for_ours_too(void **state)
{
    (void)state;
    world_add(&w, with_fate(ours(OWN, DAY0, 5, false), FATE_let_through));
    assert_int_equal(world_told(&w)->severity, SEVERITY_warning);
}

static void others_never_count(void **state)
{
    (void)state;
    struct entry e = stranger("203.0.113.7", DAY0, 1000);
    e.verdict.who = WHO_forwarder;
    world_add(&w, e);
    e.verdict.sender = LIST;
    world_add(&w, e);
    e.verdict.who = WHO_foreign;
    world_add(&w, e);
    e = stranger("203.0.113.7", DAY0, 1000);
    e.verdict.domain = SIZE_MAX; /* a domain that nobody configured */
    world_add(&w, e);
    e = stranger("203.0.113.7", DAY0, 1000);
    e.verdict.pass = true;
    world_add(&w, e);
    world_silent(&w);
}

static void a_floor_comes_on_top(void **state)
{
    (void)state;
    w.domains[0].min_messages = 50;
    world_add(&w, stranger("203.0.113.7", DAY0, 49));
    world_add(&w, ours(OWN, DAY0, 49, false));
    world_silent(&w);
    world_add(&w, stranger("203.0.113.7", DAY0, 1));
    world_add(&w, ours(OWN, DAY0, 1, false));
    assert_int_equal(world_run(&w)->notice.n_items, 2);
}

static void what_came_in_too_late_is_history(void **state)
{
    (void)state;
    struct entry *e = world_add(&w, stranger("203.0.113.7", DAY0, 100));
    e->row.received = e->row.end + 7 * DAY_SECONDS + 1;
    world_silent(&w);
    e->row.received = e->row.end + 7 * DAY_SECONDS;
    assert_int_equal(world_told(&w)->counts.failed, 100);
}

static void a_report_from_the_future_moves_nothing(void **state)
{
    (void)state;
    struct entry *e = world_add(&w, stranger("203.0.113.7", DAY0, 100));
    e->row.received = e->row.end - DAY_SECONDS - 1;
    world_silent(&w);
    e->row.received = e->row.end - DAY_SECONDS; /* a reporter whose clock is off */
    assert_int_equal(world_told(&w)->counts.failed, 100);
}

static void temporary_errors_of_ours_are_no_failure(void **state)
{
    (void)state;
    struct entry *e = world_add(&w, ours(OWN, DAY0, 100, false));
    e->verdict.inconclusive = true;
    world_silent(&w);
    world_add(&w, ours(OWN, DAY0, 5, false));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->counts.failed, 5);
    assert_int_equal(i->counts.total, 105);
}

static void a_stranger_cannot_hide_behind_temporary_errors(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 10))->verdict.inconclusive = true;
    assert_int_equal(world_told(&w)->counts.failed, 10);
}

static void an_unclear_verdict_counts_as_failed_and_is_noted(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 6))->verdict.unclear = true;
    world_add(&w, stranger("203.0.113.7", DAY0, 4));
    assert_int_equal(world_told(&w)->unclear, 6);
}

/* The same by the plainest possible means, for unknown_source. */
static bool matches_plainly(const uint64_t *failed, int day, uint64_t floor, int *from)
{
    uint64_t week = 0;
    int first = day;
    for (int d = day > 6 ? day - 6 : 0; d <= day; d++) {
        week += failed[d];
        if (failed[d] > 0 && d < first)
            first = d;
    }
    bool by_week = week >= (floor > 30 ? floor : 30);
    *from = by_week ? first : day;
    return failed[day] > 0 && (by_week || failed[day] >= (floor > 10 ? floor : 10));
}

static struct episode find_plainly(const uint64_t *failed, int days, uint64_t floor)
{
    struct episode e = {0};
    for (int day = 0; day < days; day++) {
        int from;
        if (!matches_plainly(failed, day, floor, &from))
            continue;
        if (!e.matched || day - e.last_day > 7)
            e.first_day = from;
        e.matched = true;
        e.last_day = day;
    }
    return e;
}

static void episodes_as_the_plain_search_finds_them(void **state)
{
    (void)state;
    enum { DAYS = 60 };
    uint32_t seed = 5;
    for (int round = 0; round < 2000; round++) {
        uint64_t failed[DAYS] = {0}, floor = round % 3 == 0 ? 20 : 0;
        struct days days = {0};
        for (int d = 0; d < DAYS; d++) {
            seed = seed * 1664525 + 1013904223;
            failed[d] = (seed >> 16) % 5 ? 0 : (seed >> 20) % 14;
            if (failed[d] > 0)
                assert_true(days_add(
                    &days, &(struct day_sum){.day = d, .counts = {failed[d], failed[d], {failed[d], 0, 0}}}));
        }
        struct episode want = find_plainly(failed, DAYS, floor);
        const struct rule rule = rule_in_force(&w.config, 0, RULE_unknown_source);
        struct episode got = episode_find(&rule, floor, &days, INT64_MIN);
        assert_int_equal(got.matched, want.matched);
        assert_int_equal(got.first_day, want.first_day);
        assert_int_equal(got.last_day, want.last_day);
        free(days.p);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(nine_of_a_stranger_are_nothing),
        T(ten_of_a_day_are_told),
        T(rejected_strangers_are_kept_and_not_told),
        T(nine_let_through_of_many_are_info),
        T(thirty_in_seven_days),
        T(a_week_without_a_day_that_matches),
        T(thirty_in_eight_days_are_nothing),
        T(a_day_ends_at_midnight),
        T(networks_are_24_and_48_bits),
        T(four_of_ours_are_nothing),
        T(five_of_ours_are_told),
        T(two_percent_of_the_senders_day),
        T(a_share_does_not_overflow),
        T(harm_counts_for_ours_too),
        T(others_never_count),
        T(a_floor_comes_on_top),
        T(what_came_in_too_late_is_history),
        T(a_report_from_the_future_moves_nothing),
        T(temporary_errors_of_ours_are_no_failure),
        T(a_stranger_cannot_hide_behind_temporary_errors),
        T(an_unclear_verdict_counts_as_failed_and_is_noted),
        T(episodes_as_the_plain_search_finds_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
