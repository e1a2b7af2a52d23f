#include "store/outbox.h"

#include "store/decide.h"
#include "support.h"

static void put_notice(struct fixture *f, uint8_t id, int64_t created, size_t n_channels)
{
    static const sv channels[] = {SV_INIT("slack"), SV_INIT("mail")};
    struct notice notice = {.id = {id}, .created = created, .domain = SV("example.com")};
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_put_notice(f->s, &notice, SV("frozen"), channels, n_channels, &f->e));
    assert_true(store_commit_decide(f->s, &f->e));
}

static bool next(struct fixture *f, int64_t now, struct store_delivery *d)
{
    bool found;
    if (!store_outbox_next(f->s, now, &f->a, d, &found, &f->e))
        fail_msg("%s", f->e.msg);
    return found;
}

static struct store_delivery claim(struct fixture *f, int64_t now)
{
    struct store_delivery d;
    assert_true(next(f, now, &d));
    assert_true(store_outbox_claim(f->s, d.id, &f->e));
    return d;
}

static bool retry(struct fixture *f, int64_t id, int64_t now, int64_t retry_after)
{
    struct store_retry r = {.now = now, .retry_after = retry_after, .error = SV("HTTP 503")};
    bool gave_up;
    assert_true(store_outbox_retry(f->s, id, &r, &gave_up, &f->e));
    return gave_up;
}

static void each_channel_once(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    put_notice(f, 1, NOW, 2);
    put_notice(f, 2, NOW, 1);
    static const char *const channels[] = {"slack", "mail", "slack"};
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        d = claim(f, NOW);
        assert_true(sv_eq(d.channel, sv_c(channels[i])));
        assert_int_equal(d.notice[0], i == 2 ? 2 : 1);
        assert_true(sv_eq(d.frozen, SV("frozen")));
        assert_int_equal(d.created, NOW);
        assert_int_equal(d.attempts, 0);
        assert_false(d.repeat_possible);
        assert_true(store_outbox_sent(f->s, d.id, NOW, &f->e));
    }
    assert_false(next(f, NOW + 999999, &d));
}

static void a_claimed_row_is_not_offered_again(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    put_notice(f, 1, NOW, 1);
    struct store_delivery first = claim(f, NOW);
    assert_false(next(f, NOW + 999999, &d));
    assert_false(store_outbox_claim(f->s, first.id, &f->e));
    assert_int_equal(f->e.cls, ERR_BUG);
}

/* The process died between claim and answer: due at once, marked; the same notice. */
static void an_orphan_is_due_and_marked(void **state)
{
    struct fixture *f = *state;
    put_notice(f, 1, NOW, 1);
    struct store_delivery first = claim(f, NOW);
    reopen(f);
    assert_true(store_outbox_recover(f->s, &f->e));
    struct store_delivery again = claim(f, NOW);
    assert_int_equal(again.id, first.id);
    assert_memory_equal(again.notice, first.notice, INCIDENT_ID);
    assert_true(again.repeat_possible);
    assert_int_equal(again.attempts, 1);
    assert_true(store_outbox_sent(f->s, again.id, NOW, &f->e));
    assert_true(store_outbox_recover(f->s, &f->e));
    assert_false(next(f, NOW + 999999, &again));
}

static void waits_before_the_next_attempt(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    put_notice(f, 1, NOW, 1);
    d = claim(f, NOW);
    assert_false(retry(f, d.id, NOW, 0));
    int64_t wait = store_backoff(1, 0);
    assert_false(next(f, NOW + wait - 1, &d));
    assert_true(next(f, NOW + wait, &d));
    assert_int_equal(d.attempts, 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM outbox WHERE error = 'HTTP 503'"), 1);
}

static void a_channel_that_asked_to_wait_is_held(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    put_notice(f, 1, NOW, 1);
    put_notice(f, 2, NOW, 2);
    d = claim(f, NOW);
    assert_false(retry(f, d.id, NOW, 3600));
    d = claim(f, NOW + 10);
    assert_true(sv_eq(d.channel, SV("mail")));
    assert_true(store_outbox_sent(f->s, d.id, NOW, &f->e));
    assert_false(next(f, NOW + 3599, &d));
    d = claim(f, NOW + 3600);
    assert_int_equal(d.notice[0], 1);
    assert_true(sv_eq(d.channel, SV("slack")));
}

static void nobody_is_held_for_more_than_a_day(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    put_notice(f, 1, NOW, 1);
    d = claim(f, NOW);
    assert_false(retry(f, d.id, NOW, INT64_MAX));
    assert_false(next(f, NOW + 86399, &d));
    assert_true(next(f, NOW + 86400, &d));
}

/* A clock that was years ahead for one run must not silence a channel for years. */
static void a_wrong_clock_holds_nothing(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    int64_t wrong = NOW + 400 * DAY_SECONDS;
    put_notice(f, 1, NOW + 399 * DAY_SECONDS, 1);
    d = claim(f, wrong);
    assert_false(retry(f, d.id, wrong, 7200));
    assert_true(next(f, NOW, &d));
}

static void given_up_after_three_days(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    struct store_outbox_counts c;
    int64_t limit = (int64_t)f->limits.send_give_up;
    put_notice(f, 1, NOW, 1);
    d = claim(f, NOW + limit - 1);
    assert_false(retry(f, d.id, NOW + limit - 1, 0));
    d = claim(f, NOW + limit + 99999);
    assert_true(retry(f, d.id, NOW + limit + 99999, 0));
    assert_false(next(f, NOW + 2 * limit, &d));
    assert_true(store_outbox_counts(f->s, &c, &f->e));
    assert_int_equal(c.waiting, 0);
    assert_int_equal(c.dead, 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM outbox WHERE state = 'dead' AND error = 'HTTP 503'"),
                     1);
}

/* One that rested is as old as its first try, and what rests yet is not given up with others. */
static void rest_is_no_failure(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    int64_t limit = (int64_t)f->limits.send_give_up;
    struct store_retry r = {.now = NOW + limit, .since = NOW + limit, .error = SV("HTTP 503")};
    bool gave_up;
    put_notice(f, 1, NOW, 1);
    put_notice(f, 2, NOW, 1);
    d = claim(f, NOW + limit);
    assert_true(store_outbox_retry(f->s, d.id, &r, &gave_up, &f->e));
    assert_false(gave_up);
    assert_true(next(f, NOW + limit, &d));
    assert_true(store_outbox_rest(f->s, d.id, NOW + 2 * limit, &f->e));
    r.now += limit;
    d = claim(f, r.now - 1);
    assert_true(store_outbox_retry(f->s, d.id, &(struct store_retry){.now = r.now - 1, .error = r.error},
                                   &gave_up, &f->e));
    assert_true(gave_up);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM outbox WHERE state = 'waiting'"), 1);
}

static void dead_at_once(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    struct store_outbox_counts c;
    put_notice(f, 1, NOW - 5, 2);
    assert_true(store_outbox_counts(f->s, &c, &f->e));
    assert_int_equal(c.waiting, 2);
    assert_int_equal(c.oldest, NOW - 5);
    assert_true(next(f, NOW, &d));
    assert_true(store_outbox_dead(f->s, d.id, NOW, SV("no such channel"), &f->e));
    d = claim(f, NOW);
    assert_true(store_outbox_dead(f->s, d.id, NOW, SV("HTTP 410"), &f->e));
    assert_true(store_outbox_counts(f->s, &c, &f->e));
    assert_int_equal(c.waiting, 0);
    assert_int_equal(c.dead, 2);
    assert_int_equal(c.oldest, 0);
    assert_false(store_outbox_sent(f->s, d.id, NOW, &f->e));
}

static void only_what_is_being_sent_can_end(void **state)
{
    struct fixture *f = *state;
    struct store_delivery d;
    struct store_retry r = {.now = NOW};
    bool gave_up;
    put_notice(f, 1, NOW, 1);
    assert_true(next(f, NOW, &d));
    assert_false(store_outbox_retry(f->s, d.id, &r, &gave_up, &f->e));
    assert_int_equal(f->e.cls, ERR_BUG);
    assert_true(next(f, NOW, &d));
}

static void backoff(void **state)
{
    (void)state;
    static const int64_t waits[] = {300, 600, 1200, 2400, 4800, 9600, 19200, 21600, 21600};
    for (uint32_t n = 1; n <= COUNT_OF(waits); n++) {
        int64_t least = INT64_MAX, most = 0, wait = waits[n - 1];
        for (uint32_t jitter = 0; jitter < 100000; jitter += 7) {
            int64_t w = store_backoff(n, jitter);
            least = w < least ? w : least;
            most = w > most ? w : most;
        }
        assert_int_equal(least, wait - wait / 5);
        assert_int_equal(most, wait + wait / 5);
    }
    assert_true(store_backoff(UINT32_MAX, UINT32_MAX) <= 21600 * 6 / 5);
    assert_true(store_backoff(0, 0) >= 240);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_channel_once),
        TEST(a_claimed_row_is_not_offered_again),
        TEST(an_orphan_is_due_and_marked),
        TEST(waits_before_the_next_attempt),
        TEST(a_channel_that_asked_to_wait_is_held),
        TEST(nobody_is_held_for_more_than_a_day),
        TEST(a_wrong_clock_holds_nothing),
        TEST(given_up_after_three_days),
        TEST(rest_is_no_failure),
        TEST(dead_at_once),
        TEST(only_what_is_being_sent_can_end),
        cmocka_unit_test(backoff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
