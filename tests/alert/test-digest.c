/* What a digest counts, and when it is due. */
#include "world.h"

#include "alert/digest.h"

enum { TODAY = DAY0 + 200 };

static void due_is_the_last_hour_of_that_day(void **state)
{
    /* Day 20000 is 4 October 2024, a Friday. */
    const struct digest_cfg friday = {.day = WEEKDAY_fri, .hour = 8},
                            monday = {.day = WEEKDAY_mon, .hour = 0};
    int64_t at = DAY0 * DAY_SECONDS + 8 * 3600;
    (void)state;
    assert_int_equal(digest_due(&friday, at, 0), at);
    assert_int_equal(digest_due(&friday, at - 1, 0), at - 7 * DAY_SECONDS);
    assert_int_equal(digest_due(&friday, at + 7 * DAY_SECONDS - 1, 0), at);
    assert_int_equal(digest_due(&monday, at, 0), (DAY0 - 4) * DAY_SECONDS);
    assert_int_equal(digest_due(&monday, (DAY0 + 3) * DAY_SECONDS, 0), (DAY0 + 3) * DAY_SECONDS);
    assert_int_equal(digest_due(&monday, (DAY0 + 3) * DAY_SECONDS - 1, 0), (DAY0 - 4) * DAY_SECONDS);
    /* Nine hours ahead it is eight o'clock at 23:00 of the day before. */
    int64_t east = at - 9 * 3600;
    assert_int_equal(digest_due(&friday, east, 9 * 3600), east);
    assert_int_equal(digest_due(&friday, east - 1, 9 * 3600), east - 7 * DAY_SECONDS);
}

static struct notice_item finish(struct world *w, uint8_t p, int64_t data_since)
{
    static size_t senders[] = {OWN, NEWS_LETTER, LIST};
    struct notice_item item;
    struct err e;
    w->domains[0].senders = senders;
    w->domains[0].n_senders = COUNT_OF(senders);
    struct digest *d = digest_open(&w->config, SV("example.com"), 0, TODAY, &w->memory);
    assert_non_null(d);
    for (size_t i = 0; i < w->n_rows; i++) {
        w->rows[i].verdict.domain = 0;
        digest_add(d, &w->rows[i].row, &w->rows[i].verdict);
    }
    const struct digest_about about = {
        .p = p, .data_since = data_since, .incidents = w->incidents, .n_incidents = w->n_incidents};
    assert_true(digest_finish(d, &about, &item, &e));
    return item;
}

static const struct notice_line no_line;

static const struct notice_line *line_of(const struct notice_item *item, enum line_kind kind, size_t nth)
{
    for (size_t i = 0; i < item->n_lines; i++)
        if (item->lines[i].kind == kind && nth-- == 0)
            return &item->lines[i];
    return &no_line;
}

static void sums_are_of_thirty_days(void **state)
{
    struct world w;
    (void)state;
    world_open(&w);
    (void)world_add(&w, ours(OWN, TODAY - 30, 100, true));
    (void)world_add(&w, ours(OWN, TODAY - 30, 7, false));
    (void)world_add(&w, ours(OWN, TODAY - 31, 1000, false));
    (void)world_add(&w, ours(NEWS_LETTER, TODAY, 10, true));
    (void)world_add(&w, trusted(ours(OWN, TODAY - 3, 5000, false), TRUST_failed));
    (void)world_add(&w, stranger("203.0.113.5", TODAY - 9, 3));
    struct notice_item item = finish(&w, POLICY_NONE, DAY0);
    assert_int_equal(item.state_of.days, 3);
    assert_int_equal(item.state_of.ours, 117);
    assert_int_equal(item.state_of.ours_failed, 7);
    assert_int_equal(item.counts.total, 120);
    assert_int_equal(item.counts.failed, 10);
    assert_int_equal(line_of(&item, LINE_failing, 0)->n, 7);
    assert_ptr_equal(line_of(&item, LINE_source, 0), &no_line); /* more than a week ago */
    world_close(&w);
}

static void strangers_of_the_week_under_none_alone(void **state)
{
    struct world w;
    (void)state;
    world_open(&w);
    (void)world_add(&w, stranger("203.0.113.5", TODAY - 1, 3));
    (void)world_add(&w, stranger("203.0.113.9", TODAY - 7, 4));
    (void)world_add(&w, stranger("198.51.100.1", TODAY - 2, 5));
    struct notice_item item = finish(&w, POLICY_NONE, DAY0);
    assert_true(sv_eq(line_of(&item, LINE_source, 0)->name, SV("203.0.113.0/24")));
    assert_int_equal(line_of(&item, LINE_source, 0)->n, 7);
    assert_int_equal(line_of(&item, LINE_source, 1)->n, 5);
    item = finish(&w, POLICY_REJECT, DAY0);
    assert_ptr_equal(line_of(&item, LINE_source, 0), &no_line);
    world_close(&w);
}

static void unused_is_what_half_a_year_of_data_lacks(void **state)
{
    static sv selectors[] = {SV_INIT("s1"), SV_INIT("s2")};
    struct dkim_identity keys[] = {{SV("example.com"), selectors, 2}, {SV("example.net"), selectors, 2}};
    struct dkim_auth auth = {
        .domain = SV("Example.com"), .selector = SV("S1"), .result = {DKIM_PASS, SV_ABSENT}};
    struct world w;
    (void)state;
    world_open(&w);
    w.senders[OWN].dkims = keys;
    w.senders[OWN].n_dkims = 2; /* one of another domain */
    struct entry *e = world_add(&w, ours(OWN, TODAY - 180, 1, true));
    e->row.record.dkims = &auth;
    e->row.record.n_dkims = 1;
    struct notice_item item = finish(&w, POLICY_REJECT, TODAY - 180);
    assert_true(sv_eq(line_of(&item, LINE_sender, 0)->name, SV("newsletter")));
    assert_ptr_equal(line_of(&item, LINE_sender, 1), &no_line); /* a forwarder is no sender of ours */
    assert_true(sv_eq(line_of(&item, LINE_selector, 0)->name, SV("s2._domainkey.example.com")));
    assert_ptr_equal(line_of(&item, LINE_selector, 1), &no_line);
    item = finish(&w, POLICY_REJECT, TODAY - 179);
    assert_int_equal(item.n_lines, 0);
    assert_false(digest_says(&item));
    world_close(&w);
}

static void very_many_networks(void **state)
{
    struct world w;
    (void)state;
    world_open(&w);
    for (unsigned i = 0; i < 50000; i++) {
        char ip[32];
        assert_in_range(snprintf(ip, sizeof ip, "10.%u.%u.1", i >> 8 & 63, i & 255), 1, sizeof ip - 1);
        (void)world_add(&w, stranger(ip, TODAY - 1, 1));
    }
    (void)world_add(&w, stranger("10.0.0.9", TODAY - 1, 100));
    struct notice_item item = finish(&w, POLICY_NONE, TODAY);
    assert_int_equal(item.counts.failed, 50100);
    assert_int_equal(line_of(&item, LINE_source, 0)->n, 104);
    assert_int_equal(item.n_lines, DIGEST_LINES);
    assert_int_equal(item.all_lines, 16384);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_is_the_last_hour_of_that_day), cmocka_unit_test(sums_are_of_thirty_days),
        cmocka_unit_test(strangers_of_the_week_under_none_alone),
        cmocka_unit_test(unused_is_what_half_a_year_of_data_lacks), cmocka_unit_test(very_many_networks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
