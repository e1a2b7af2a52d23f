/* What ends incidents, what is told of the end, what is told again, and what waits. */
#include "world.h"

static struct world w;
static struct channel_cfg channels[2];

static int set_up(void **state)
{
    (void)state;
    world_open(&w);
    channels[0] = (struct channel_cfg){.name = SV("chat")};
    channels[1] = (struct channel_cfg){.name = SV("pager")};
    w.config.channels = channels;
    w.config.n_channels = 2;
    w.config.cool_down = DAY_SECONDS;
    w.config.repeat = (struct repeat_cfg){DAY_SECONDS, 32 * DAY_SECONDS};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static struct entry by(struct entry e, const char *reporter)
{
    e.row.reporter = sv_c(reporter);
    return e;
}

/* The incident was told on that channel now. */
static void note_told(size_t incident, const char *channel)
{
    struct incident *i = &w.incidents[incident];
    struct told_channel *told = arena_array(&w.memory, i->n_told + 1, sizeof *told);
    assert_non_null(told);
    if (i->n_told)
        memcpy(told, i->told, i->n_told * sizeof *told);
    told[i->n_told++] = (struct told_channel){sv_c(channel), i->episode, i->told_at};
    i->told = told;
}

/* 10 of 100 of our messages fail as two reporters see it, after which both are told of. */
static void break_own(void)
{
    const char *reporters[] = {"Alpha", "Beta"};
    for (int k = 0; k < 2; k++) {
        world_add(&w, by(ours(OWN, DAY0, 10, false), reporters[k]));
        world_add(&w, by(ours(OWN, DAY0, 90, true), reporters[k]));
    }
    world_told(&w);
    note_told(0, "chat");
}

/* The domain has these senders; the configuration was changed. */
static void list_senders(size_t *senders, size_t n)
{
    w.domains[0].senders = senders;
    w.domains[0].n_senders = n;
    w.reconfigured = true;
}

static void a_renamed_sender_goes_on(void **state)
{
    (void)state;
    size_t own[] = {OWN};
    list_senders(own, 1);
    break_own();
    w.incidents[0].acked_at = w.clock;
    w.senders[OWN].name = SV("office");
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.n_incidents, 1);
    assert_true(sv_eq(w.incidents[0].subject, SV("office")));
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
    assert_int_not_equal(w.incidents[0].acked_at, 0);
    world_silent(&w);
}

static void a_sender_that_is_taken_out_is_said(void **state)
{
    (void)state;
    size_t own[] = {OWN};
    list_senders(own, 1);
    break_own();
    list_senders(own, 0);
    for (size_t i = 0; i < w.n_rows; i++) { /* as the judge sees them now */
        struct entry now = stranger("192.0.2.10", DAY0, w.rows[i].row.record.count);
        w.rows[i].verdict = now.verdict;
        w.rows[i].verdict.fate = FATE_rejected;
    }
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->rule, RULE_known_sender_failing);
    assert_int_equal(i->news, NEWS_explained);
    assert_int_equal(i->state, INCIDENT_resolved);
    assert_true(sv_eq(i->subject, SV("own")));
    assert_int_equal(i->after.n, 0);
    world_silent(&w);
}

static void proof_is_the_word_of_those_who_told(void **state)
{
    (void)state;
    break_own();
    world_add(&w, by(ours(OWN, DAY0 + 1, 100, true), "Gamma"));
    world_add(&w, by(ours(OWN, DAY0 + 1, 100, true), "Alpha"));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
    world_add(&w, by(ours(OWN, DAY0 + 2, 50, true), "Beta"));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_over);
    assert_int_equal(i->state, INCIDENT_resolved);
    assert_int_equal(i->counts.failed, 20);
    assert_int_equal(i->n_reporters, 2);
    world_silent(&w);
}

static struct entry vouched(struct entry e, const char *domain)
{
    e = trusted(e, TRUST_verified);
    e.row.trust.domain = sv_c(domain);
    return e;
}

/* Anybody can write another's name; what verified reports told of, only those of the same domain end. */
static void proof_of_a_verified_failure_is_verified(void **state)
{
    (void)state;
    world_add(&w, vouched(by(ours(OWN, DAY0, 50, false), "Alpha"), "alpha.example"));
    world_told(&w);
    note_told(0, "chat");
    world_add(&w, by(ours(OWN, DAY0 + 1, 60, true), "Alpha"));
    world_add(&w, vouched(by(ours(OWN, DAY0 + 1, 60, true), "Alpha"), "evil.example"));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
    world_add(&w, vouched(by(ours(OWN, DAY0 + 1, 50, true), "Alpha"), "alpha.example"));
    assert_int_equal(world_told(&w)->news, NEWS_over);
}

/* And nobody keeps it open by failures that nobody vouches for. */
static void what_is_not_verified_holds_no_end_back(void **state)
{
    (void)state;
    world_add(&w, vouched(by(ours(OWN, DAY0, 50, false), "Alpha"), "alpha.example"));
    world_add(&w, by(ours(OWN, DAY0, 5000, false), "Zeta"));
    world_told(&w);
    note_told(0, "chat");
    world_add(&w, vouched(by(ours(OWN, DAY0 + 1, 50, true), "Alpha"), "alpha.example"));
    assert_int_equal(world_told(&w)->news, NEWS_over);
}

/* A small reporter to which all of it fails still: too little for the share of the rule, and no end either.
 */
static void no_end_while_one_of_them_sees_it_fail(void **state)
{
    (void)state;
    world_add(&w, by(ours(OWN, DAY0, 1000, false), "Alpha"));
    world_add(&w, by(ours(OWN, DAY0, 19, false), "Beta"));
    world_told(&w);
    note_told(0, "chat");
    world_add(&w, by(ours(OWN, DAY0 + 1, 1000, true), "Alpha"));
    world_add(&w, by(ours(OWN, DAY0 + 1, 19, false), "Beta"));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
    world_add(&w, by(ours(OWN, DAY0 + 2, 1000, true), "Alpha"));
    world_add(&w, by(ours(OWN, DAY0 + 2, 19, true), "Beta"));
    assert_int_equal(world_told(&w)->news, NEWS_over);
}

static void a_day_of_little_mail_proves_nothing(void **state)
{
    (void)state;
    break_own();
    world_add(&w, by(ours(OWN, DAY0 + 1, 100, true), "Alpha"));
    world_add(&w, by(ours(OWN, DAY0 + 1, 49, true), "Beta"));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
}

/* Alpha and Beta saw it fail; one of them sees it pass, the other sees too little. Whether that ends it. */
static bool ends_by_the_word_of(const char *one, const char *other, uint64_t heard)
{
    (void)set_up(NULL);
    w.config.limits.proof_reporters = heard;
    break_own();
    world_add(&w, by(ours(OWN, DAY0 + 1, 100, true), one));
    world_add(&w, by(ours(OWN, DAY0 + 1, 49, true), other));
    (void)world_run(&w);
    bool over = w.incidents[0].state == INCIDENT_resolved;
    (void)tear_down(NULL);
    return over;
}

/* limits.proof_reporters: above it the rest is not heard, whoever that is. */
static void reporters_above_the_limit_are_not_heard(void **state)
{
    (void)state;
    assert_false(ends_by_the_word_of("Alpha", "Beta", 2));
    assert_false(ends_by_the_word_of("Beta", "Alpha", 2));
    assert_true(ends_by_the_word_of("Alpha", "Beta", 1) != ends_by_the_word_of("Beta", "Alpha", 1));
}

static void a_failure_after_the_good_day_takes_the_proof_away(void **state)
{
    (void)state;
    break_own();
    world_add(&w, by(ours(OWN, DAY0 + 1, 100, true), "Alpha"));
    world_add(&w, by(ours(OWN, DAY0 + 1, 100, true), "Beta"));
    world_add(&w, by(ours(OWN, DAY0 + 2, 4, false), "Alpha"));
    world_add(&w, by(ours(OWN, DAY0 + 2, 20, true), "Alpha"));
    (void)world_run(&w);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
}

/* Time alone proves nothing of our own mail; where nobody sees any of it, it is forgotten in silence. */
static void without_proof_it_goes_on_and_is_forgotten(void **state)
{
    (void)state;
    break_own();
    w.clock = (DAY0 + 20) * DAY_SECONDS;
    (void)world_run(&w);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
    w.clock = (DAY0 + 1 + ALERT_FORGET_DAYS) * DAY_SECONDS;
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_resolved);
}

static void a_sender_added_explains_the_stranger(void **state)
{
    (void)state;
    struct entry *e = world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    e->verdict = ours(NEWS_LETTER, DAY0, 20, true).verdict;
    world_silent(&w); /* only a change of the configuration explains anything */
    w.reconfigured = true;
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_explained);
    assert_true(sv_eq(i->after, SV("newsletter")));
    assert_int_equal(i->counts.failed, 20);
    assert_int_equal(w.incidents[0].state, INCIDENT_resolved);
    world_silent(&w);
}

static void half_an_explanation_is_none(void **state)
{
    (void)state;
    struct entry *e = world_add(&w, stranger("203.0.113.7", DAY0, 9));
    world_add(&w, stranger("203.0.113.9", DAY0, 30));
    world_told(&w);
    e->verdict = ours(OWN, DAY0, 9, true).verdict;
    w.reconfigured = true;
    (void)world_run(&w);
    assert_int_equal(w.incidents[0].state, INCIDENT_firing);
}

static void the_end_of_a_stranger_is_no_news(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    w.clock = (DAY0 + 8) * DAY_SECONDS;
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].state, INCIDENT_resolved);
}

static void the_end_of_a_parked_domains_mail_is(void **state)
{
    (void)state;
    w.domains[0].parked = true;
    struct entry e = stranger("203.0.113.7", DAY0, 20);
    e.verdict.pass = true;
    world_add(&w, e);
    assert_int_equal(world_told(&w)->rule, RULE_domain_parked_sending);
    w.clock = (DAY0 + 8) * DAY_SECONDS;
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->news, NEWS_over);
    assert_int_equal(i->counts.failed, 20);
}

static void failures_that_go_on_are_told_at_growing_distances(void **state)
{
    (void)state;
    int told[8], n = 0;
    for (int day = 0; day < 40; day++) {
        world_add(&w, ours(OWN, DAY0 + day, 10, false));
        if (world_run(&w)->tells && n < 8) {
            if (n > 0)
                assert_true(w.last.notice.items[0].news == NEWS_repeat ||
                            w.last.notice.items[0].news == NEWS_tenfold);
            told[n++] = day;
        }
    }
    /* After 1, 2, 4, 8 and 16 days; tenfold lies between and moves what follows. */
    assert_int_equal(told[0], 0);
    assert_int_equal(told[1], 1);
    assert_int_equal(told[2], 3);
    assert_int_equal(told[3], 7);
    assert_int_equal(n, 6);
}

static void without_new_evidence_nothing_is_repeated(void **state)
{
    (void)state;
    break_own();
    for (int day = 1; day < 25; day++) {
        w.clock = (DAY0 + 1 + day) * DAY_SECONDS;
        world_silent(&w);
    }
}

static void never_is_never(void **state)
{
    (void)state;
    w.config.repeat = (struct repeat_cfg){0, 0};
    break_own();
    for (int day = 1; day < 8; day++) {
        world_add(&w, by(ours(OWN, DAY0 + day, 10, false), "Alpha"));
        assert_false(world_run(&w)->tells);
    }
}

static void strangers_are_not_repeated(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    for (int day = 1; day < 8; day++) {
        world_add(&w, stranger("203.0.113.7", DAY0 + day, 20));
        assert_false(world_run(&w)->tells);
    }
}

/* Tenfold within the cool-down waits, and is told when it has ended though nothing more comes in. */
static void a_change_waits_for_the_end_of_the_cool_down(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    note_told(0, "chat");
    int64_t told = w.incidents[0].told_at;
    world_add(&w, stranger("203.0.113.7", DAY0, 400));
    assert_false(world_run(&w)->tells);
    assert_int_equal(w.incidents[0].due, told + DAY_SECONDS);
    assert_int_equal(w.incidents[0].told_failed, 20);
    w.later = DAY_SECONDS;
    assert_int_equal(world_told(&w)->news, NEWS_tenfold);
    assert_int_equal(w.incidents[0].due, 0);
}

static void what_was_never_told_does_not_wait(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    note_told(0, "chat");
    world_add(&w, stranger("198.51.100.7", DAY0, 20));
    assert_int_equal(world_told(&w)->news, NEWS_first);
}

/* A channel that has heard of nothing for a day is open, whatever the others have heard. */
static void one_open_channel_is_enough(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 20));
    world_told(&w);
    note_told(0, "chat");
    note_told(0, "pager");
    w.incidents[0].told[1].at -= DAY_SECONDS;
    world_add(&w, stranger("203.0.113.7", DAY0, 400));
    assert_int_equal(world_told(&w)->news, NEWS_tenfold);
}

static void the_end_is_told_where_the_beginning_was(void **state)
{
    (void)state;
    bool chosen[2] = {false, false};
    break_own();
    world_add(&w, by(ours(OWN, DAY0 + 1, 100, true), "Alpha"));
    world_add(&w, by(ours(OWN, DAY0 + 1, 100, true), "Beta"));
    w.channel = 1; /* routes name the pager now, which knows of nothing */
    world_told(&w);
    alert_channels(&w.config, &w.last, chosen);
    assert_true(chosen[0]);
    assert_false(chosen[1]);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_renamed_sender_goes_on),
        T(a_sender_that_is_taken_out_is_said),
        T(proof_is_the_word_of_those_who_told),
        T(proof_of_a_verified_failure_is_verified),
        T(what_is_not_verified_holds_no_end_back),
        T(no_end_while_one_of_them_sees_it_fail),
        T(a_day_of_little_mail_proves_nothing),
        cmocka_unit_test(reporters_above_the_limit_are_not_heard),
        T(a_failure_after_the_good_day_takes_the_proof_away),
        T(without_proof_it_goes_on_and_is_forgotten),
        T(a_sender_added_explains_the_stranger),
        T(half_an_explanation_is_none),
        T(the_end_of_a_stranger_is_no_news),
        T(the_end_of_a_parked_domains_mail_is),
        T(failures_that_go_on_are_told_at_growing_distances),
        T(without_new_evidence_nothing_is_repeated),
        T(never_is_never),
        T(strangers_are_not_repeated),
        T(a_change_waits_for_the_end_of_the_cool_down),
        T(what_was_never_told_does_not_wait),
        T(one_open_channel_is_enough),
        T(the_end_is_told_where_the_beginning_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
