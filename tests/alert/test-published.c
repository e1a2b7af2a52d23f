/* The published policy: when a change is believed, what is a weakening, how it ends. */
#include "world.h"

WORLD_FOR_EACH_TEST(w);

static struct policy_published policy(enum policy_word p)
{
    return (struct policy_published){.p = {.v = p}, .sp = {.v = p}, .pct = SV("100")};
}

/* A report with one passing row, of a reporter and a day; every one has its own number. */
static struct row *report(const char *reporter, int64_t day, struct policy_published p)
{
    struct entry e = ours(OWN, day, 5, true);
    e.row.reporter = sv_c(reporter);
    e.row.report = (int64_t)w.n_rows + 1;
    e.row.policy = p;
    return &world_add(&w, e)->row;
}

static void two_said(enum policy_word p, int64_t day)
{
    report("Alpha", day, policy(p));
    report("Beta", day, policy(p));
}

static void the_same_policy_is_no_news(void **state)
{
    (void)state;
    two_said(POLICY_REJECT, DAY0);
    two_said(POLICY_REJECT, DAY0 + 1);
    world_silent(&w);
}

static void p_none_after_p_reject_is_told_once(void **state)
{
    (void)state;
    two_said(POLICY_REJECT, DAY0);
    two_said(POLICY_NONE, DAY0 + 1);
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_policy_weakened);
    assert_int_equal(i->severity, SEVERITY_warning); /* critical only where reports are verified */
    assert_int_equal(i->news, NEWS_first);
    assert_true(sv_eq(i->before, SV("p=reject")));
    assert_true(sv_eq(i->after, SV("p=none")));
    assert_int_equal(i->p, POLICY_NONE);
    assert_int_equal(i->first_day, DAY0 + 1);
    assert_int_equal(i->n_reporters, 2);
    assert_true(sv_eq(i->reporters[0].name, SV("Alpha")));
    assert_int_equal(i->reporters[0].messages, 2);
    world_silent(&w);
    two_said(POLICY_NONE, DAY0 + 20); /* the change itself is out of the window by now */
    world_silent(&w);
}

/* Above limits.policy_votes a sample speaks for all; of two reports no change can be made out. */
static void not_more_reports_than_the_limit_are_held(void **state)
{
    (void)state;
    w.config.limits.policy_votes = 2;
    two_said(POLICY_REJECT, DAY0);
    two_said(POLICY_NONE, DAY0 + 1);
    world_silent(&w);
    w.config.limits.policy_votes = 4;
    assert_int_equal(world_told(&w)->rule, RULE_policy_weakened);
}

static void two_verified_said(enum policy_word p, int64_t day)
{
    report("Alpha", day, policy(p))->trust.trust = TRUST_verified;
    report("Beta", day, policy(p))->trust.trust = TRUST_verified;
}

static void p_none_by_verified_reports_is_critical(void **state)
{
    (void)state;
    two_verified_said(POLICY_REJECT, DAY0);
    two_verified_said(POLICY_NONE, DAY0 + 1);
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->severity, SEVERITY_critical);
    assert_true(i->verified);
    assert_true(i->reporters[0].verified && i->reporters[1].verified);
}

/* Who only uses the names of verified reporters changes nothing of what these say. */
static void names_alone_make_nothing_critical(void **state)
{
    (void)state;
    two_verified_said(POLICY_REJECT, DAY0);
    two_said(POLICY_REJECT, DAY0);
    two_said(POLICY_NONE, DAY0 + 1);
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->severity, SEVERITY_warning);
    assert_false(i->verified);
    assert_int_equal(i->n_reporters, 2);
}

static void failed_reports_say_nothing_of_the_policy(void **state)
{
    (void)state;
    w.config.rules[RULE_report_untrusted].off = true;
    two_said(POLICY_REJECT, DAY0);
    report("Alpha", DAY0 + 1, policy(POLICY_NONE))->trust.trust = TRUST_failed;
    report("Beta", DAY0 + 1, policy(POLICY_NONE))->trust.trust = TRUST_failed;
    world_silent(&w);
}

static void one_reporter_is_believed_on_the_third_day(void **state)
{
    (void)state;
    report("Alpha", DAY0, policy(POLICY_REJECT));
    report("Alpha", DAY0 + 1, policy(POLICY_NONE));
    world_silent(&w);
    report("Alpha", DAY0 + 2, policy(POLICY_NONE));
    world_silent(&w);
    report("Alpha", DAY0 + 3, policy(POLICY_NONE));
    assert_int_equal(world_told(&w)->rule, RULE_policy_weakened);
}

static void reporters_that_never_agreed_are_no_change(void **state)
{
    (void)state;
    for (int64_t day = DAY0; day < DAY0 + 5; day++) {
        report("Alpha", day, policy(POLICY_REJECT));
        report("Beta", day, policy(POLICY_NONE));
    }
    world_silent(&w);
}

static void two_that_err_against_three_are_not_believed(void **state)
{
    (void)state;
    two_said(POLICY_REJECT, DAY0);
    two_said(POLICY_NONE, DAY0 + 1);
    report("Gamma", DAY0 + 3, policy(POLICY_REJECT));
    report("Delta", DAY0 + 3, policy(POLICY_REJECT));
    report("Eta", DAY0 + 3, policy(POLICY_REJECT));
    world_silent(&w);
}

static void what_a_report_does_not_say_is_no_change(void **state)
{
    (void)state;
    struct policy_published old = policy(POLICY_REJECT), new = policy(POLICY_REJECT);
    new.pct = SV_ABSENT; /* RFC 9990 has none */
    new.sp = (struct word){.v = POLICY_ABSENT};
    new.np = (struct word){.v = POLICY_NONE};
    report("Alpha", DAY0, old);
    report("Beta", DAY0, old);
    report("Alpha", DAY0 + 1, new);
    report("Beta", DAY0 + 1, new);
    world_silent(&w);
}

static void every_field_can_weaken(void **state)
{
    (void)state;
    static const struct {
        struct policy_published old, new;
        const char *before, *after;
    } cases[] = {
        {{.p = {.v = POLICY_REJECT}, .sp = {.v = POLICY_REJECT}},
         {.p = {.v = POLICY_REJECT}, .sp = {.v = POLICY_NONE}},
         "sp=reject",
         "sp=none"},
        {{.p = {.v = POLICY_REJECT}, .np = {.v = POLICY_REJECT}},
         {.p = {.v = POLICY_REJECT}, .np = {.v = POLICY_QUARANTINE}},
         "np=reject",
         "np=quarantine"},
        {{.p = {.v = POLICY_REJECT}, .pct = SV_INIT("100")},
         {.p = {.v = POLICY_REJECT}, .pct = SV_INIT("5")},
         "pct=100",
         "pct=5"},
        {{.p = {.v = POLICY_REJECT}, .adkim = {.v = ALIGNMENT_STRICT}},
         {.p = {.v = POLICY_REJECT}, .adkim = {.v = ALIGNMENT_RELAXED}},
         "adkim=s",
         "adkim=r"},
        {{.p = {.v = POLICY_REJECT}, .testing = {.v = TESTING_NO}},
         {.p = {.v = POLICY_REJECT}, .testing = {.v = TESTING_YES}},
         "t=n",
         "t=y"},
    };
    for (size_t n = 0; n < COUNT_OF(cases); n++) {
        world_close(&w);
        world_open(&w);
        report("Alpha", DAY0, cases[n].old);
        report("Beta", DAY0, cases[n].old);
        report("Alpha", DAY0 + 1, cases[n].new);
        report("Beta", DAY0 + 1, cases[n].new);
        const struct notice_item *i = world_told(&w);
        assert_int_equal(i->rule, RULE_policy_weakened);
        assert_true(sv_eq(i->before, sv_c(cases[n].before)));
        assert_true(sv_eq(i->after, sv_c(cases[n].after)));
    }
}

static void a_stricter_policy_is_stored_and_not_told(void **state)
{
    (void)state;
    two_said(POLICY_NONE, DAY0);
    two_said(POLICY_REJECT, DAY0 + 1);
    const struct decision *d = world_run(&w);
    assert_false(d->tells);
    assert_int_equal(w.n_incidents, 1);
    assert_int_equal(w.incidents[0].rule, RULE_policy_changed);
    assert_int_equal(w.incidents[0].severity, SEVERITY_info);
    world_silent(&w);
}

static void the_end_is_told_when_it_has_stood(void **state)
{
    (void)state;
    two_said(POLICY_REJECT, DAY0);
    two_said(POLICY_NONE, DAY0 + 1);
    world_told(&w);
    for (int64_t day = DAY0 + 2; day < DAY0 + 5; day++) {
        two_said(POLICY_REJECT, day);
        world_silent(&w);
    }
    two_said(POLICY_REJECT, DAY0 + 5);
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_over);
    assert_int_equal(i->state, INCIDENT_resolved);
    world_silent(&w);
    two_said(POLICY_NONE, DAY0 + 15);
    i = world_told(&w);
    assert_int_equal(i->news, NEWS_again);
    assert_int_equal(i->episode, 2);
}

/* One who told it says it still: it is not over for those whose mail he takes in. */
static void it_is_not_over_while_one_says_it(void **state)
{
    (void)state;
    two_verified_said(POLICY_REJECT, DAY0);
    two_verified_said(POLICY_NONE, DAY0 + 1);
    world_told(&w);
    for (int64_t day = DAY0 + 2; day < DAY0 + 12; day++) {
        report("Alpha", day, policy(POLICY_REJECT))->trust.trust = TRUST_verified;
        report("Gamma", day, policy(POLICY_REJECT))->trust.trust = TRUST_verified;
        report("Beta", day, policy(POLICY_NONE))->trust.trust = TRUST_verified;
        world_silent(&w);
    }
    for (int64_t day = DAY0 + 12; day < DAY0 + 15; day++) {
        two_verified_said(POLICY_REJECT, day);
        world_silent(&w);
    }
    two_verified_said(POLICY_REJECT, DAY0 + 15);
    assert_int_equal(world_told(&w)->news, NEWS_over);
}

/* Whoever uses other names neither ends it nor keeps it from ending. */
static void who_is_not_verified_has_no_say_in_the_end(void **state)
{
    (void)state;
    two_verified_said(POLICY_REJECT, DAY0);
    two_verified_said(POLICY_NONE, DAY0 + 1);
    world_told(&w);
    for (int64_t day = DAY0 + 2; day < DAY0 + 9; day++) {
        two_verified_said(POLICY_NONE, day);
        report("Gamma", day, policy(POLICY_REJECT));
        report("Delta", day, policy(POLICY_REJECT));
        report("Eta", day, policy(POLICY_REJECT));
        world_silent(&w);
    }
    for (int64_t day = DAY0 + 9; day < DAY0 + 12; day++) {
        two_verified_said(POLICY_REJECT, day);
        report("Gamma", day, policy(POLICY_NONE));
        world_silent(&w);
    }
    two_verified_said(POLICY_REJECT, DAY0 + 12);
    assert_int_equal(world_told(&w)->news, NEWS_over);
}

static unsigned notices_of(int64_t from, int64_t to, int64_t period)
{
    unsigned told = 0;
    for (int64_t day = from; day < to; day++) {
        report("Alpha", day, policy(day / period % 2 ? POLICY_NONE : POLICY_REJECT));
        report("Beta", day, policy(day / period % 2 ? POLICY_REJECT : POLICY_NONE));
        report("Gamma", day, policy(day / period % 2 ? POLICY_REJECT : POLICY_NONE));
        told += world_run(&w)->tells;
    }
    return told;
}

/* Two name servers out of step: told when it begins, and when it has really come to an end. */
static void a_policy_that_goes_to_and_fro(void **state)
{
    (void)state;
    static const int64_t periods[] = {1, 2, 4};
    for (size_t i = 0; i < COUNT_OF(periods); i++) {
        unsigned over = 0;
        world_close(&w);
        world_open(&w);
        two_said(POLICY_REJECT, DAY0);
        report("Gamma", DAY0, policy(POLICY_REJECT));
        world_silent(&w);
        assert_in_range(notices_of(DAY0 + 1, DAY0 + 29, periods[i]), 1, 3);
        for (int64_t day = DAY0 + 29; day < DAY0 + 29 + 20; day++) {
            two_said(POLICY_REJECT, day);
            report("Gamma", day, policy(POLICY_REJECT));
            if (world_run(&w)->tells)
                over += w.last.notice.items[0].news == NEWS_over;
        }
        assert_int_equal(over, 1);
    }
}

/* A lone reporter is believed at its next report, however much later that is; so are two. */
static void rare_reports_are_told(void **state)
{
    (void)state;
    static const int64_t gaps[] = {7, 14};
    for (size_t i = 0; i < 2 * COUNT_OF(gaps); i++) {
        int64_t gap = gaps[i / 2];
        world_close(&w);
        world_open(&w);
        report("Alpha", DAY0, policy(POLICY_REJECT));
        report(i % 2 ? "Beta" : "Alpha", DAY0 + 1, policy(POLICY_REJECT));
        report("Alpha", DAY0 + gap, policy(POLICY_NONE));
        world_silent(&w);
        report(i % 2 ? "Beta" : "Alpha", DAY0 + 2 * gap - 1, policy(POLICY_NONE));
        const struct notice_item *told = world_told(&w);
        assert_int_equal(told->rule, RULE_policy_weakened);
        assert_int_equal(told->first_day, DAY0 + gap);
    }
}

static void weaker_still_is_told_again(void **state)
{
    (void)state;
    two_said(POLICY_REJECT, DAY0);
    two_said(POLICY_QUARANTINE, DAY0 + 1);
    world_told(&w);
    two_said(POLICY_NONE, DAY0 + 2);
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_worse);
    assert_true(sv_eq(i->before, SV("p=reject")));
    assert_true(sv_eq(i->after, SV("p=none")));
    world_silent(&w);
}

static void a_policy_that_must_be_is_asked_for_from_the_first_report(void **state)
{
    (void)state;
    w.domains[0].policy.p = POLICY_REJECT;
    two_said(POLICY_QUARANTINE, DAY0);
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_policy_weakened);
    assert_true(sv_eq(i->before, SV("p=reject")));
    assert_true(sv_eq(i->after, SV("p=quarantine")));
    w.domains[0].policy.p = POLICY_QUARANTINE; /* the configuration gives in */
    i = world_told(&w);
    assert_int_equal(i->news, NEWS_over);
}

static void an_old_change_is_history(void **state)
{
    (void)state;
    two_said(POLICY_REJECT, DAY0);
    two_said(POLICY_NONE, DAY0 + 1);
    two_said(POLICY_NONE, DAY0 + 40);
    world_silent(&w);
}

static void off_is_off(void **state)
{
    (void)state;
    w.config.rules[RULE_policy_weakened].off = true;
    two_said(POLICY_REJECT, DAY0);
    two_said(POLICY_NONE, DAY0 + 1);
    world_silent(&w);
}

static void order_does_not_matter(void **state)
{
    (void)state;
    two_said(POLICY_NONE, DAY0 + 1);
    two_said(POLICY_REJECT, DAY0);
    assert_true(sv_eq(world_told(&w)->after, SV("p=none")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_same_policy_is_no_news),
        TEST(p_none_after_p_reject_is_told_once),
        TEST(not_more_reports_than_the_limit_are_held),
        TEST(p_none_by_verified_reports_is_critical),
        TEST(names_alone_make_nothing_critical),
        TEST(failed_reports_say_nothing_of_the_policy),
        TEST(one_reporter_is_believed_on_the_third_day),
        TEST(reporters_that_never_agreed_are_no_change),
        TEST(two_that_err_against_three_are_not_believed),
        TEST(what_a_report_does_not_say_is_no_change),
        TEST(every_field_can_weaken),
        TEST(a_stricter_policy_is_stored_and_not_told),
        TEST(the_end_is_told_when_it_has_stood),
        TEST(it_is_not_over_while_one_says_it),
        TEST(who_is_not_verified_has_no_say_in_the_end),
        TEST(a_policy_that_goes_to_and_fro),
        TEST(rare_reports_are_told),
        TEST(weaker_still_is_told_again),
        TEST(a_policy_that_must_be_is_asked_for_from_the_first_report),
        TEST(an_old_change_is_history),
        TEST(off_is_off),
        TEST(order_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
