/* The rules that look at a domain as a whole: just below, at, and around each threshold. */
#include "world.h"

static struct world w;

static int set_up(void **state)
{
    (void)state;
    world_open(&w);
    w.late = 2 * DAY_SECONDS; /* every day is closed, unless a test says otherwise */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static struct entry by(const char *reporter, struct entry e)
{
    e.row.reporter = sv_c(reporter);
    return e;
}

/* A month of own mail before DAY0 + 30, that passed by both legs. */
static void a_good_month(uint64_t a_day)
{
    for (int d = 0; d < 30; d++) {
        struct entry e = ours(OWN, DAY0 + d, a_day, true);
        e.verdict.spf = LEG_PASSED;
        world_add(&w, e);
    }
}

static struct entry passing(const char *ip, int64_t day, uint64_t count)
{
    struct entry e = stranger(ip, day, count);
    e.verdict.pass = true;
    e.verdict.spf = LEG_PASSED;
    return e;
}

static struct dkim_auth signature;

static struct entry signed_by(const char *selector, struct entry e)
{
    signature = (struct dkim_auth){SV("example.com"), sv_c(selector), {.v = DKIM_PASS}, SV_ABSENT};
    e.row.record.dkims = &signature;
    e.row.record.n_dkims = 1;
    e.verdict.pass = true;
    e.verdict.dkim = LEG_PASSED;
    e.verdict.spf = LEG_UNALIGNED;
    return e;
}

static struct notice_item told(enum rule_id rule)
{
    const struct decision *d = &w.last;
    assert_true(d->tells);
    for (size_t i = 0; i < d->notice.n_items; i++)
        if (d->notice.items[i].rule == rule)
            return d->notice.items[i];
    fail_msg("nothing of %s is told", rule_name(rule));
    return (struct notice_item){0};
}

static bool has(enum rule_id rule)
{
    for (size_t i = 0; i < w.n_incidents; i++)
        if (w.incidents[i].rule == rule)
            return true;
    return false;
}

static struct incident the(enum rule_id rule)
{
    for (size_t i = 0; i < w.n_incidents; i++)
        if (w.incidents[i].rule == rule)
            return w.incidents[i];
    fail_msg("no incident of %s", rule_name(rule));
    return (struct incident){0};
}

/* ---- the published policy sets the tone ---- */

static void under_none_strangers_are_told_once(void **state)
{
    (void)state;
    w.published = POLICY_NONE;
    for (int i = 0; i < 5; i++) {
        char ip[16];
        (void)snprintf(ip, sizeof ip, "198.51.%d.7", 100 + i);
        world_add(&w, stranger(ip, DAY0, 20));
    }
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_spoofed_under_none);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_int_equal(i->much, 5);
    assert_int_equal(i->counts.by_fate[FATE_let_through], 100);
    assert_int_equal(the(RULE_unknown_source).severity, SEVERITY_info);
    for (int d = 1; d < 90; d++) {
        world_add(&w, stranger("198.51.110.7", DAY0 + d, 60));
        assert_false(world_run(&w)->tells); /* less than 1,000 a week */
    }
    world_add(&w, stranger("198.51.110.7", DAY0 + 90, 640));
    assert_int_equal(world_told(&w)->news, NEWS_tenfold);
}

static void under_none_a_pause_is_no_news(void **state)
{
    (void)state;
    w.published = POLICY_NONE;
    world_add(&w, stranger("198.51.100.7", DAY0, 20));
    assert_int_equal(world_told(&w)->rule, RULE_spoofed_under_none);
    world_add(&w, ours(OWN, DAY0 + 20, 5, true));
    assert_false(world_run(&w)->tells);
    assert_int_equal(the(RULE_spoofed_under_none).state, INCIDENT_resolved);
    world_add(&w, stranger("198.51.100.7", DAY0 + 21, 50));
    assert_false(world_run(&w)->tells);
    world_add(&w, stranger("198.51.100.7", DAY0 + 22, 200));
    (void)world_run(&w);
    (void)told(RULE_spoofed_under_none);
}

static void nine_under_none_are_nothing(void **state)
{
    (void)state;
    w.published = POLICY_NONE;
    world_add(&w, stranger("198.51.100.7", DAY0, 9));
    world_silent(&w);
    world_add(&w, with_fate(stranger("198.51.100.7", DAY0, 50), FATE_rejected));
    assert_false(world_run(&w)->tells);
}

static void under_reject_each_stranger_is_told(void **state)
{
    (void)state;
    w.published = POLICY_REJECT;
    world_add(&w, stranger("198.51.100.7", DAY0, 20));
    assert_int_equal(world_told(&w)->rule, RULE_unknown_source);
    assert_false(has(RULE_spoofed_under_none));
}

/* ---- small domains ---- */

static void a_small_domain_is_told_at_the_second_report(void **state)
{
    (void)state;
    for (int d = 0; d < 28; d += 2)
        world_add(&w, ours(OWN, DAY0 + d, 1, true));
    world_add(&w, ours(OWN, DAY0 + 28, 2, false));
    world_silent(&w);
    world_add(&w, ours(OWN, DAY0 + 30, 1, false));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_known_sender_failing);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_int_equal(i->counts.failed, 3);
    assert_int_equal(i->first_day, DAY0 + 28);
    world_silent(&w);
}

static void verified_it_is_critical(void **state)
{
    (void)state;
    for (int d = 0; d < 28; d += 2)
        world_add(&w, trusted(ours(OWN, DAY0 + d, 1, true), TRUST_verified));
    world_add(&w, trusted(ours(OWN, DAY0 + 28, 2, false), TRUST_verified));
    world_add(&w, trusted(ours(OWN, DAY0 + 30, 1, false), TRUST_verified));
    assert_int_equal(world_told(&w)->severity, SEVERITY_critical);
}

static void small_and_never_good_is_no_break(void **state)
{
    (void)state;
    world_add(&w, ours(OWN, DAY0, 2, false));
    world_add(&w, ours(OWN, DAY0 + 1, 2, false));
    world_silent(&w);
    for (int d = 2; d < 20; d += 3) { /* one of four fails */
        world_add(&w, ours(OWN, DAY0 + d, 3, true));
        world_add(&w, ours(OWN, DAY0 + d, 1, false));
    }
    world_add(&w, ours(OWN, DAY0 + 20, 2, false));
    world_add(&w, ours(OWN, DAY0 + 21, 2, false));
    world_silent(&w);
}

static void a_number_of_ones_own_goes_before_the_small_scale(void **state)
{
    (void)state;
    w.config.rules[RULE_known_sender_failing].min_messages = 4;
    w.config.rules[RULE_pass_rate_drop].off = true;
    w.config.rules[RULE_sender_leg_lost].off = true;
    for (int d = 0; d < 28; d += 2)
        world_add(&w, ours(OWN, DAY0 + d, 1, true));
    world_add(&w, ours(OWN, DAY0 + 28, 2, false));
    world_add(&w, ours(OWN, DAY0 + 30, 1, false));
    world_silent(&w);
}

/* ---- what is new ---- */

static void a_new_network_that_passes_by_spf(void **state)
{
    (void)state;
    a_good_month(10);
    world_silent(&w);
    world_add(&w, passing("203.0.113.7", DAY0 + 30, 1));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_new_source_passing);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_true(sv_eq(i->subject, SV("203.0.113.0/24")));
    assert_int_equal(i->n_sources, 1);
    world_silent(&w);
    world_add(&w, passing("203.0.113.9", DAY0 + 39, 500)); /* known by now */
    assert_false(world_run(&w)->tells);
}

static void nobody_is_taught_who_does_not_want_to_be(void **state)
{
    (void)state;
    w.config.learn = 0;
    world_add(&w, ours(OWN, DAY0, 10, true));
    world_add(&w, passing("203.0.113.7", DAY0 + 1, 1));
    assert_true(sv_eq(world_told(&w)->subject, SV("203.0.113.0/24")));
}

static void the_first_days_teach(void **state)
{
    (void)state;
    world_add(&w, ours(OWN, DAY0, 10, true));
    world_add(&w, passing("203.0.113.7", DAY0 + 13, 1));
    assert_false(world_run(&w)->tells);
    world_add(&w, passing("198.51.100.7", DAY0 + 14, 1));
    assert_true(sv_eq(world_told(&w)->subject, SV("198.51.100.0/24")));
}

/* Signed by a key of ours, from where nobody listed: as a relay does, and who has a signed mail of ours. */
static struct entry relayed(const char *ip, int64_t day, uint64_t count)
{
    struct entry e = stranger(ip, day, count);
    e.verdict.who = WHO_forwarder;
    e.verdict.pass = true;
    e.verdict.dkim = LEG_PASSED;
    e.verdict.spf = LEG_UNALIGNED;
    e.verdict.forwarding = FORWARDING_INTACT;
    return e;
}

static void a_network_that_relays_much_at_once(void **state)
{
    (void)state;
    a_good_month(40);
    world_add(&w, relayed("203.0.113.7", DAY0 + 29, 99));
    world_add(&w, relayed("198.51.100.7", DAY0 + 20, 100));
    world_add(&w, relayed("198.51.100.7", DAY0 + 30, 500)); /* does so since long */
    assert_false(world_run(&w)->tells);
    world_add(&w, trusted(relayed("203.0.113.7", DAY0 + 30, 100), TRUST_verified));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_new_source_passing);
    assert_int_equal(i->severity, SEVERITY_warning); /* nobody can see whose hand it is in */
    assert_true(sv_eq(i->subject, SV("203.0.113.0/24")));
}

static void of_a_large_domain_it_is_a_share(void **state)
{
    (void)state;
    a_good_month(20000);
    world_add(&w, ours(OWN, DAY0 + 30, 20000, true));
    world_add(&w, relayed("203.0.113.7", DAY0 + 30, 300));
    assert_false(world_run(&w)->tells);
    world_add(&w, relayed("203.0.113.7", DAY0 + 30, 200));
    assert_int_equal(world_told(&w)->rule, RULE_new_source_passing);
}

/* What others pass on of a sender who is known by key and address is no leg that the sender lost. */
static void what_is_passed_on_is_no_lost_leg(void **state)
{
    (void)state;
    struct cidr own;
    struct err e;
    assert_true(cidr_parse(SV("192.0.2.0/24"), &own, &e));
    w.senders[OWN].ips = &own;
    w.senders[OWN].n_ips = 1;
    a_good_month(50);
    for (int k = 0; k < 10; k++) {
        char ip[32];
        (void)snprintf(ip, sizeof ip, "198.18.%d.7", k);
        struct entry one = relayed(ip, DAY0 + 30, 20);
        one.verdict.who = WHO_known;
        one.verdict.sender = OWN;
        one.verdict.step = MATCH_DKIM;
        world_add(&w, one);
        one.row.day++;
        one.row.end += DAY_SECONDS;
        one.row.received += DAY_SECONDS;
        world_add(&w, one);
    }
    assert_false(world_run(&w)->tells);
}

static void a_known_key_from_a_new_network_is_info(void **state)
{
    (void)state;
    a_good_month(10);
    world_add(&w, signed_by("s1", passing("203.0.113.7", DAY0 + 3, 1)));
    assert_false(world_run(&w)->tells);
    world_add(&w, signed_by("s1", passing("198.51.100.7", DAY0 + 30, 99)));
    assert_false(world_run(&w)->tells);
    assert_int_equal(the(RULE_new_source_passing).severity, SEVERITY_info);
    world_add(&w, signed_by("s1", passing("198.51.100.7", DAY0 + 30, 1)));
    assert_int_equal(world_told(&w)->severity, SEVERITY_warning);
}

/* What forged reports add does not make it critical. */
static void a_stranger_with_our_key_is_critical_if_that_is_verified(void **state)
{
    (void)state;
    a_good_month(10);
    world_add(&w, signed_by("s1", passing("203.0.113.7", DAY0 + 3, 1)));
    (void)world_run(&w);
    world_add(&w, signed_by("s1", passing("198.51.100.7", DAY0 + 30, 500)));
    world_add(&w, trusted(signed_by("s1", passing("198.51.100.7", DAY0 + 30, 99)), TRUST_verified));
    assert_int_equal(world_told(&w)->severity, SEVERITY_warning);
    world_add(&w, trusted(signed_by("s1", passing("198.51.100.7", DAY0 + 30, 1)), TRUST_verified));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->severity, SEVERITY_critical);
    assert_int_equal(i->news, NEWS_worse);
}

/* Our own record lets it pass: that is no key. */
static void a_verified_network_that_passes_by_spf_is_a_warning(void **state)
{
    (void)state;
    a_good_month(10);
    world_silent(&w);
    world_add(&w, trusted(passing("203.0.113.7", DAY0 + 30, 500), TRUST_verified));
    assert_int_equal(world_told(&w)->severity, SEVERITY_warning);
}

static void a_new_key(void **state)
{
    (void)state;
    a_good_month(10);
    world_add(&w, signed_by("s9", ours(NEWS_LETTER, DAY0 + 30, 1, true)));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_new_dkim_selector);
    assert_true(sv_eq(i->subject, SV("s9._domainkey.example.com")));
    assert_int_equal(i->n_dkims, 1);
}

/* A server that passes by a signature counts as a relay of our mail; a key that nobody knows says otherwise.
 */
static void a_new_key_behind_a_forwarder(void **state)
{
    (void)state;
    a_good_month(10);
    struct entry e = signed_by("s9", stranger("203.0.113.7", DAY0 + 30, 1));
    e.verdict.who = WHO_forwarder;
    world_add(&w, e);
    assert_int_equal(world_told(&w)->rule, RULE_new_dkim_selector);
}

static void a_listed_key_is_never_new(void **state)
{
    (void)state;
    sv selectors[] = {SV("S9")};
    struct dkim_identity listed = {SV("example.com"), selectors, 1};
    w.senders[OWN].dkims = &listed;
    w.senders[OWN].n_dkims = 1;
    a_good_month(10);
    world_add(&w, signed_by("s9", ours(NEWS_LETTER, DAY0 + 30, 1, true)));
    world_silent(&w);
    selectors[0] = SV("s8");
    assert_int_equal(world_told(&w)->rule, RULE_new_dkim_selector);
}

static void forged_reports_teach_nothing(void **state)
{
    (void)state;
    a_good_month(10);
    w.config.rules[RULE_report_untrusted].off = true;
    world_add(&w, trusted(passing("203.0.113.7", DAY0 + 3, 1), TRUST_failed));
    (void)world_run(&w);
    world_add(&w, passing("203.0.113.7", DAY0 + 30, 1));
    assert_int_equal(world_told(&w)->rule, RULE_new_source_passing);
}

static struct entry named(const char *name, struct entry e)
{
    e.row.record.header_from = sv_c(name);
    return e;
}

static void new_names(void **state)
{
    (void)state;
    a_good_month(10);
    world_add(&w, named("Shop.Example.com", ours(OWN, DAY0 + 30, 1, true)));
    assert_false(world_run(&w)->tells);
    assert_int_equal(the(RULE_new_subdomain).severity, SEVERITY_info);
    world_add(&w, named("login.example.com", stranger("203.0.113.7", DAY0 + 30, 9)));
    assert_false(world_run(&w)->tells);
    world_add(&w, named("login.example.com", stranger("203.0.112.7", DAY0 + 30, 1)));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_new_subdomain);
    assert_true(sv_eq(i->subject, SV("login.example.com")));
    assert_int_equal(i->all_sources, 2);
}

/* The mail of the name is the mail of the network, which is told with the name among its facts. */
static void a_name_of_one_stranger_is_told_with_it(void **state)
{
    (void)state;
    a_good_month(10);
    world_add(&w, named("login.example.com", stranger("203.0.113.7", DAY0 + 30, 20)));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(w.last.notice.n_items, 1);
    assert_int_equal(i->rule, RULE_unknown_source);
    assert_true(sv_eq(i->header_froms[0].name, SV("login.example.com")));
}

static void many_new_names_are_one(void **state)
{
    (void)state;
    a_good_month(10);
    for (int i = 0; i < 200; i++) {
        const char *name = arena_cstr(&w.memory, arena_printf(&w.memory, "n%d.example.com", i));
        world_add(&w, named(name, with_fate(stranger("203.0.113.7", DAY0 + 30, 1), FATE_rejected)));
    }
    (void)world_run(&w);
    assert_true(sv_eq(the(RULE_new_subdomain).subject, SV("*")));
}

/* ---- comparisons ---- */

static void a_lost_leg(void **state)
{
    (void)state;
    a_good_month(25);
    struct entry e = ours(OWN, DAY0 + 30, 25, true);
    e.verdict.dkim = LEG_BROKEN;
    e.verdict.spf = LEG_PASSED;
    world_add(&w, e);
    world_silent(&w); /* the two days together passed by half */
    e.row.day++;
    e.row.end += DAY_SECONDS;
    e.row.received += DAY_SECONDS;
    world_add(&w, e);
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_sender_leg_lost);
    assert_true(sv_eq(i->subject, SV("own")));
    assert_true(sv_eq(i->before, SV("DKIM")));
    assert_true(sv_eq(i->owner, SV("ops@example.com")));
    assert_int_equal(i->much, 0);
    assert_int_equal(i->usual, 10000);
    assert_int_equal(i->counts.failed, 50);
}

static void a_failing_sender_is_told_once(void **state)
{
    (void)state;
    a_good_month(100);
    for (int d = 30; d < 32; d++) {
        struct entry e = ours(OWN, DAY0 + d, 100, false);
        world_add(&w, e);
    }
    const struct notice_item *i = world_told(&w); /* and neither its legs nor the rate */
    assert_int_equal(i->rule, RULE_known_sender_failing);
}

/* The figures of its days come when it is over already. */
static void a_sender_that_failed_is_told_once(void **state)
{
    (void)state;
    a_good_month(100);
    w.late = 7200;
    world_add(&w, by("Alpha", ours(OWN, DAY0 + 30, 100, false)));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_known_sender_failing);
    world_add(&w, by("Alpha", ours(OWN, DAY0 + 31, 100, true)));
    w.late = 2 * DAY_SECONDS;
    i = world_told(&w);
    assert_int_equal(i->rule, RULE_known_sender_failing);
    assert_int_equal(i->news, NEWS_over);
}

static void a_spike_waits_for_the_days_reporters(void **state)
{
    (void)state;
    for (int d = 0; d < 30; d++) {
        world_add(&w, by("Alpha", ours(OWN, DAY0 + d, 60, true)));
        world_add(&w, by("Beta", ours(OWN, DAY0 + d, 40, true)));
        world_add(&w, by("Alpha", with_fate(stranger("203.0.113.7", DAY0 + d, 50), FATE_rejected)));
    }
    w.late = 7200;
    world_add(&w, by("Alpha", stranger("198.51.100.7", DAY0 + 30, 150)));
    (void)world_run(&w);
    assert_false(has(RULE_volume_spike)); /* Alpha has 73 % of the volume */
    assert_int_equal(w.last.due, (DAY0 + 31) * DAY_SECONDS + 36 * 3600);
    world_add(&w, by("Beta", ours(OWN, DAY0 + 30, 40, true)));
    (void)world_run(&w);
    (void)told(RULE_volume_spike);
    assert_int_equal(told(RULE_volume_spike).severity, SEVERITY_warning);
    assert_int_equal(told(RULE_volume_spike).much, 150);
    assert_int_equal(told(RULE_volume_spike).usual, 50);
    assert_int_equal(w.last.due, 0);
}

static void a_spike_mutes_nothing_of_other_days(void **state)
{
    (void)state;
    a_good_month(100);
    world_add(&w, ours(OWN, DAY0 + 30, 100, true));
    world_add(&w, stranger("198.51.100.7", DAY0 + 30, 500));
    (void)world_run(&w);
    (void)told(RULE_volume_spike);
    for (int d = 31; d < 33; d++)
        world_add(&w, ours(OWN, DAY0 + d, 100, true));
    world_add(&w, stranger("203.0.113.7", DAY0 + 32, 60));
    (void)world_run(&w);
    (void)told(RULE_unknown_source);
}

static void a_spike_waits_no_longer_than_36_hours(void **state)
{
    (void)state;
    for (int d = 0; d < 30; d++) {
        world_add(&w, by("Alpha", ours(OWN, DAY0 + d, 10, true)));
        world_add(&w, by("Beta", ours(OWN, DAY0 + d, 90, true)));
    }
    world_add(&w, by("Alpha", stranger("198.51.100.7", DAY0 + 30, 99)));
    (void)world_run(&w);
    assert_false(has(RULE_volume_spike));
    world_add(&w, by("Alpha", stranger("198.51.100.7", DAY0 + 30, 1)));
    w.late = 36 * 3600 - 1;
    (void)world_run(&w);
    assert_false(has(RULE_volume_spike));
    w.late = 36 * 3600;
    (void)world_run(&w);
    (void)told(RULE_volume_spike);
}

static void a_new_reporter_makes_no_spike(void **state)
{
    (void)state;
    for (int d = 0; d < 30; d++)
        world_add(&w, by("Alpha", stranger("203.0.113.7", DAY0 + d, 20)));
    world_add(&w, by("Huge", stranger("203.0.113.7", DAY0 + 30, 9000)));
    (void)world_run(&w);
    assert_false(has(RULE_volume_spike));
}

static void a_spike_mutes_its_sources(void **state)
{
    (void)state;
    w.domains[0].n_senders = 1;
    for (int d = 0; d < 30; d++)
        world_add(&w, by("Alpha", ours(OWN, DAY0 + d, 60, true)));
    world_add(&w, by("Alpha", stranger("198.51.100.7", DAY0 + 30, 500)));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_volume_spike);
    assert_int_equal(i->all_sources, 1);
    assert_true(has(RULE_unknown_source));
}

static void a_fall_of_the_rate(void **state)
{
    (void)state;
    w.config.rules[RULE_known_sender_failing].off = true;
    w.config.rules[RULE_volume_spike].off = true;
    for (int d = 0; d < 30; d++) {
        world_add(&w, ours(OWN, DAY0 + d, 95, true));
        world_add(&w, with_fate(ours(NEWS_LETTER, DAY0 + d, 5, false), FATE_let_through));
    }
    world_add(&w, ours(OWN, DAY0 + 30, 86, true));
    struct entry *bad = world_add(&w, with_fate(ours(OWN, DAY0 + 30, 14, false), FATE_let_through));
    struct entry *good = world_add(&w, ours(OWN, DAY0 + 31, 86, true));
    world_add(&w, with_fate(ours(OWN, DAY0 + 31, 14, false), FATE_let_through));
    world_silent(&w); /* nine points */
    bad->row.record.count = 30;
    good->row.record.count = 70;
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_pass_rate_drop);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_int_equal(i->usual, 9500);
    assert_int_equal(i->counts.failed, 44);
}

static void strangers_do_not_lower_the_rate(void **state)
{
    (void)state;
    w.domains[0].n_senders = 1;
    a_good_month(100);
    for (int d = 30; d < 32; d++) {
        world_add(&w, ours(OWN, DAY0 + d, 100, true));
        world_add(&w, with_fate(stranger("203.0.113.7", DAY0 + d, 5000), FATE_rejected));
    }
    (void)world_run(&w);
    assert_false(has(RULE_pass_rate_drop));
}

/* ---- reporters ---- */

static struct entry not_applied(int64_t day, uint64_t count)
{
    struct entry e = by("Gamma", stranger("203.0.113.7", day, count));
    e.row.policy.p.v = POLICY_REJECT;
    return e;
}

static void a_receiver_that_does_not_apply_the_policy(void **state)
{
    (void)state;
    static struct reason forwarded = {.type = {.v = REASON_FORWARDED}};
    w.config.rules[RULE_unknown_source].off = true;
    world_add(&w, not_applied(DAY0, 49));
    struct entry e = not_applied(DAY0, 5000);
    e.row.record.reasons = &forwarded;
    e.row.record.n_reasons = 1;
    world_add(&w, e);
    e = not_applied(DAY0, 5000);
    e.row.policy.testing.v = TESTING_YES;
    world_add(&w, e);
    e = not_applied(DAY0, 5000);
    e.row.policy.pct = SV("50");
    world_add(&w, e);
    e = not_applied(DAY0, 5000);
    e.row.record.header_from = SV("below.example.com");
    e.row.policy.sp.v = POLICY_NONE;
    world_add(&w, e);
    (void)world_run(&w);
    assert_false(has(RULE_policy_not_applied));
    world_add(&w, not_applied(DAY0 + 6, 1));
    (void)world_run(&w);
    assert_int_equal(the(RULE_policy_not_applied).severity, SEVERITY_info);
    world_add(&w, not_applied(DAY0 + 6, 950));
    (void)world_run(&w);
    assert_int_equal(told(RULE_policy_not_applied).severity, SEVERITY_warning);
    assert_true(sv_eq(told(RULE_policy_not_applied).subject, SV("Gamma")));
    assert_int_equal(told(RULE_policy_not_applied).counts.failed, 1000);
}

static void a_reporter_falls_silent(void **state)
{
    (void)state;
    for (int d = 0; d < 40; d++) {
        world_add(&w, by("Alpha", ours(OWN, DAY0 + d, 80, true)));
        if (d < 30)
            world_add(&w, by("Beta", ours(OWN, DAY0 + d, 10, true)));
        if (d < 30)
            world_add(&w, by("Tiny", ours(OWN, DAY0 + d, 2, true)));
        assert_false(world_run(&w)->tells); /* it is info */
        assert_int_equal(has(RULE_reporter_silent), d >= 33);
    }
    assert_true(sv_eq(the(RULE_reporter_silent).subject, SV("Beta")));
    assert_int_equal(the(RULE_reporter_silent).severity, SEVERITY_info);
}

static void forged_reports_are_in_the_digest(void **state)
{
    (void)state;
    world_add(&w, by("Evil", trusted(stranger("203.0.113.7", DAY0, 5000), TRUST_failed)));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.n_incidents, 1);
    assert_int_equal(w.incidents[0].rule, RULE_report_untrusted);
    assert_true(sv_eq(w.incidents[0].subject, SV("Evil")));
}

/* ---- knobs of a domain ---- */

static void a_domain_has_knobs_of_its_own(void **state)
{
    (void)state;
    struct rule_cfg own[RULE_END];
    for (size_t i = 0; i < RULE_END; i++)
        own[i] = (struct rule_cfg){.severity = SEVERITY_END};
    own[RULE_unknown_source].min_messages = 21;
    w.config.rules[RULE_unknown_source].min_messages = 15;
    w.domains[0].rules = own;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_silent(&w);
    own[RULE_unknown_source].min_messages = 0;
    assert_int_equal(world_told(&w)->counts.failed, 20);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(under_none_strangers_are_told_once),
        T(under_none_a_pause_is_no_news),
        T(nine_under_none_are_nothing),
        T(under_reject_each_stranger_is_told),
        T(a_small_domain_is_told_at_the_second_report),
        T(verified_it_is_critical),
        T(small_and_never_good_is_no_break),
        T(a_number_of_ones_own_goes_before_the_small_scale),
        T(a_new_network_that_passes_by_spf),
        T(nobody_is_taught_who_does_not_want_to_be),
        T(the_first_days_teach),
        T(a_network_that_relays_much_at_once),
        T(of_a_large_domain_it_is_a_share),
        T(what_is_passed_on_is_no_lost_leg),
        T(a_known_key_from_a_new_network_is_info),
        T(a_stranger_with_our_key_is_critical_if_that_is_verified),
        T(a_verified_network_that_passes_by_spf_is_a_warning),
        T(a_new_key),
        T(a_new_key_behind_a_forwarder),
        T(a_listed_key_is_never_new),
        T(forged_reports_teach_nothing),
        T(new_names),
        T(a_name_of_one_stranger_is_told_with_it),
        T(many_new_names_are_one),
        T(a_lost_leg),
        T(a_failing_sender_is_told_once),
        T(a_spike_waits_for_the_days_reporters),
        T(a_spike_mutes_nothing_of_other_days),
        T(a_spike_waits_no_longer_than_36_hours),
        T(a_new_reporter_makes_no_spike),
        T(a_sender_that_failed_is_told_once),
        T(a_spike_mutes_its_sources),
        T(a_fall_of_the_rate),
        T(strangers_do_not_lower_the_rate),
        T(a_receiver_that_does_not_apply_the_policy),
        T(a_reporter_falls_silent),
        T(forged_reports_are_in_the_digest),
        T(a_domain_has_knobs_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
