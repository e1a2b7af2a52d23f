/* What a notice says beside its sums. */
#include "world.h"

WORLD_FOR_EACH_TEST(w);

static struct entry *from(const char *ip, uint64_t count, sv reporter)
{
    struct entry *e = world_add(&w, stranger(ip, DAY0, count));
    e->row.reporter = reporter;
    return e;
}

static void sources_and_reporters_most_first(void **state)
{
    (void)state;
    from("203.0.113.7", 10, SV("Alpha"));
    from("203.0.113.9", 25, SV("Gamma"));
    from("203.0.113.8", 10, SV("Beta"));
    from("203.0.113.7", 1, SV("Gamma"))->verdict.fate = FATE_rejected;
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->all_sources, 3);
    assert_int_equal(i->n_sources, 3);
    char ip[IP_TEXT];
    assert_string_equal(ip_text(&i->sources[0].ip, ip), "203.0.113.9");
    assert_string_equal(ip_text(&i->sources[1].ip, ip), "203.0.113.7");
    assert_int_equal(i->sources[1].counts.failed, 11);
    assert_int_equal(i->sources[1].counts.by_fate[FATE_rejected], 1);
    assert_string_equal(ip_text(&i->sources[2].ip, ip), "203.0.113.8");
    assert_int_equal(i->n_reporters, 3);
    assert_true(sv_eq(i->reporters[0].name, SV("Gamma")));
    assert_int_equal(i->reporters[0].messages, 26);
    assert_true(sv_eq(i->reporters[1].name, SV("Alpha")));
    assert_true(sv_eq(i->reporters[2].name, SV("Beta")));
}

static void results_are_counted_in_one_spelling(void **state)
{
    (void)state;
    struct spf_auth upper = {.domain = SV("Bulk.EXAMPLE.org"), .result = {SPF_SOFTFAIL, SV_ABSENT}};
    struct spf_auth lower = {.domain = SV("bulk.example.org"), .result = {SPF_SOFTFAIL, SV_ABSENT}};
    struct spf_auth odd = {.domain = SV("bulk.example.org"), .result = {WORD_UNKNOWN, SV("HardFail")}};
    struct dkim_auth dkims[] = {
        {.domain = SV("mail.example.com"), .selector = SV("S1"), .result = {DKIM_FAIL, SV_ABSENT}},
        {.domain = SV_ABSENT, .result = {DKIM_NONE, SV_ABSENT}},
    };
    struct entry *e = from("203.0.113.7", 10, SV("Alpha"));
    e->row.record.spfs = &upper;
    e->row.record.n_spfs = 1;
    e->row.record.dkims = dkims;
    e->row.record.n_dkims = 2;
    e->verdict.dkim = LEG_BROKEN;
    e = from("203.0.113.7", 5, SV("Beta"));
    e->row.record.spfs = &lower;
    e->row.record.n_spfs = 1;
    e = from("203.0.113.7", 2, SV("Beta"));
    e->row.record.spfs = &odd;
    e->row.record.n_spfs = 1;
    e->row.record.header_from = SV("Shop.Example.com");
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->n_spfs, 2);
    assert_true(sv_eq(i->spfs[0].domain, SV("bulk.example.org")));
    assert_int_equal(i->spfs[0].messages, 15);
    assert_false(i->spfs[0].ours);
    assert_int_equal(i->spfs[1].result.v, WORD_UNKNOWN);
    assert_true(sv_eq(i->spfs[1].result.raw, SV("hardfail")));
    assert_int_equal(i->n_dkims, 1);
    assert_true(i->dkims[0].ours);
    assert_true(sv_eq(i->dkims[0].selector, SV("s1")));
    assert_int_equal(i->dkims[0].messages, 10);
    assert_int_equal(i->dkim[LEG_BROKEN], 10);
    assert_int_equal(i->dkim[LEG_ABSENT], 7);
    assert_int_equal(i->n_header_froms, 2);
    assert_true(sv_eq(i->header_froms[0].name, SV("example.com")));
    assert_true(sv_eq(i->header_froms[1].name, SV("shop.example.com")));
}

static void only_days_of_the_episode_are_told_of(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.1", DAY0, 3))->row.reporter = SV("Early");
    world_add(&w, stranger("203.0.113.2", DAY0 + 10, 20));
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->n_sources, 1);
    assert_int_equal(i->n_reporters, 1);
    assert_true(sv_eq(i->reporters[0].name, SV("Alpha")));
}

static void the_policy_is_that_of_the_newest_report(void **state)
{
    (void)state;
    struct entry *e = world_add(&w, stranger("203.0.113.7", DAY0 + 1, 10));
    e->row.policy.p.v = POLICY_QUARANTINE;
    e->row.policy.sp.v = POLICY_NONE;
    e->row.policy.testing.v = TESTING_YES;
    e->row.received += 500;
    e = world_add(&w, stranger("203.0.113.7", DAY0, 10));
    e->row.policy.p.v = POLICY_REJECT;
    e->row.received += 3 * DAY_SECONDS;
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->p, POLICY_QUARANTINE);
    assert_int_equal(i->sp, POLICY_NONE);
    assert_true(i->testing);
    assert_int_equal(i->reported, (DAY0 + 4) * DAY_SECONDS + 3600);
}

static void shared_evidence_names_the_service(void **state)
{
    (void)state;
    from("203.0.113.7", 10, SV("Alpha"))->verdict.via = ESP;
    from("203.0.113.7", 10, SV("Alpha"));
    assert_true(sv_eq(world_told(&w)->via, SV("esp")));
}

static void lists_are_cut_and_counted(void **state)
{
    (void)state;
    w.config.limits.notice_sources = 3;
    w.config.limits.notice_evidence = 2;
    for (int k = 0; k < 20; k++) {
        char ip[IP_TEXT], name[8];
        (void)snprintf(ip, sizeof ip, "203.0.113.%d", k);
        (void)snprintf(name, sizeof name, "R%02d", k);
        from(ip, 1, arena_sv(&w.memory, sv_c(name)));
    }
    const struct notice_item *i = world_told(&w);
    assert_int_equal(i->n_sources, 3);
    assert_int_equal(i->all_sources, 20);
    assert_int_equal(i->n_reporters, 2);
    assert_int_equal(i->all_reporters, 20);
    assert_true(sv_eq(i->reporters[0].name, SV("R00")));
}

static void incidents_above_the_limit_are_counted_and_told_once(void **state)
{
    (void)state;
    w.config.limits.notice_items = 4;
    for (int k = 0; k < 10; k++) {
        char ip[IP_TEXT];
        (void)snprintf(ip, sizeof ip, "203.0.%d.1", k);
        world_add(&w, stranger(ip, DAY0, (uint64_t)(10 + k)));
    }
    const struct decision *d = world_run(&w);
    assert_int_equal(d->notice.n_items, 4);
    assert_int_equal(d->notice.more, 6);
    assert_true(sv_eq(d->notice.items[0].subject, SV("203.0.9.0/24")));
    assert_int_equal(d->n_incidents, 10);
    for (size_t i = 0; i < w.n_incidents; i++)
        assert_true(w.incidents[i].told_at != 0);
    world_silent(&w);
}

static bool failing_walk(void *ctx, alert_row_fn *fn, void *sink, struct err *e)
{
    (void)ctx;
    (void)fn;
    (void)sink;
    return err_set(e, ERR_DISK, "disk gone");
}

static void a_failing_walk_is_a_failing_decision(void **state)
{
    (void)state;
    struct alert_case c = {
        .config = &w.config, .domain = SV("example.com"), .make_id = world_id, .make_id_ctx = &w};
    struct alert_rows rows = {failing_walk, NULL};
    struct err e = {0};
    struct decision d;
    assert_false(alert_decide(&c, &rows, &w.memory, &d, &e));
    assert_int_equal(e.cls, ERR_DISK);
    assert_string_equal(e.msg, "disk gone");
}

static void no_memory_is_said(void **state)
{
    (void)state;
    world_add(&w, stranger("203.0.113.7", DAY0, 100));
    struct alert_case c = {.config = &w.config,
                           .domain = SV("example.com"),
                           .event_clock = w.clock,
                           .make_id = world_id,
                           .make_id_ctx = &w};
    struct alert_rows rows = {world_walk, &w};
    bool done = false;
    for (size_t cap = 0; !done; cap += 64) {
        arena small;
        struct err e = {0};
        struct decision d;
        arena_init(&small, cap);
        done = alert_decide(&c, &rows, &small, &d, &e);
        assert_int_equal(e.cls, done ? ERR_NONE : ERR_MEMORY);
        arena_free(&small);
        assert_true(cap < 100000);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(sources_and_reporters_most_first),
        T(results_are_counted_in_one_spelling),
        T(only_days_of_the_episode_are_told_of),
        T(the_policy_is_that_of_the_newest_report),
        T(shared_evidence_names_the_service),
        T(lists_are_cut_and_counted),
        T(incidents_above_the_limit_are_counted_and_told_once),
        T(a_failing_walk_is_a_failing_decision),
        T(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
