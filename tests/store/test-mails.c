#include <stdlib.h>

#include "store/facts.h"
#include "store/mails.h"
#include "support.h"

static bool is_dirty(struct fixture *f, const char *domain, int64_t *from_day)
{
    struct store_domain *list;
    size_t n;
    assert_true(store_dirty(f->s, &f->a, &list, &n, &f->e));
    for (size_t i = 0; i < n; i++)
        if (sv_eq(list[i].domain, sv_c(domain))) {
            *from_day = list[i].from_day;
            return true;
        }
    return false;
}

static void forget_dirty(struct fixture *f)
{
    assert_int_equal(sqlite3_exec(f->s->db, "DELETE FROM dirty", NULL, NULL, NULL), SQLITE_OK);
}

static void a_report_is_stored_once(void **state)
{
    struct fixture *f = *state;
    struct record r[] = {made_record("192.0.2.1", 3), made_record("2001:db8::1", 4)};
    struct made_mail m;
    int64_t day;
    make_mail(&m, 1);
    add_report(&m, made_report("1"), r, 2);
    struct store_put put = put_alone(f, &m);
    assert_true(put.settled);
    assert_int_equal(put.reports_new, 1);
    assert_int_equal(put.reports_conflicting, 0);
    assert_true(is_dirty(f, "example.com", &day));
    assert_int_equal(day, DAY0);
    forget_dirty(f);

    struct record back[] = {r[1], r[0]};
    make_mail(&m, 2);
    add_report(&m, made_report("1"), back, 2);
    put = put_alone(f, &m);
    assert_int_equal(put.reports_new, 0);
    assert_int_equal(put.reports_known, 1);
    assert_false(is_dirty(f, "example.com", &day));
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report"), 1);
    assert_int_equal(sql_int(f, "SELECT sum(count) FROM fact"), 7);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM delivery d JOIN mail m ON m.id = d.mail WHERE "
                                "m.from_domain = 'reporter.example'"),
                     2);
}

/* The same mail again, as after a run that was killed: nothing is added. */
static void the_same_mail_again(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    for (int i = 0; i < 2; i++) {
        make_mail(&m, 1);
        add_report(&m, made_report("1"), &r, 1);
        add_report(&m, made_report("1"), &r, 1);
        add_reject(&m, REJECT_dtd, NULL);
        (void)put_alone(f, &m);
        assert_int_equal(sql_int(f, "SELECT count(*) FROM mail"), 1);
        assert_int_equal(sql_int(f, "SELECT count(*) FROM delivery"), 1);
        assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 1);
        assert_int_equal(sql_int(f, "SELECT sum(count) FROM fact"), 3);
    }
}

static void one_of_a_conflict_set_counts(void **state)
{
    struct fixture *f = *state;
    struct record true_one = made_record("192.0.2.1", 3), forged = made_record("203.0.113.9", 5000);
    struct made_mail m;
    int64_t day;
    make_mail(&m, 2);
    m.raw.internaldate = NOW - 500;
    add_report(&m, made_report("1"), &forged, 1);
    (void)put_alone(f, &m);
    forget_dirty(f);

    /* Received earlier, stored later: it counts, and its domain is to be looked at again. */
    make_mail(&m, 1);
    m.raw.internaldate = NOW - 1000;
    add_report(&m, made_report("1"), &true_one, 1);
    struct store_put put = put_alone(f, &m);
    assert_int_equal(put.reports_new, 1);
    assert_int_equal(put.reports_conflicting, 1);
    assert_true(is_dirty(f, "example.com", &day));
    forget_dirty(f);

    /* A third one, later: it is kept, and whether it counts is for who knows whom to believe. */
    forged.count++;
    make_mail(&m, 3);
    m.raw.internaldate = NOW - 100;
    add_report(&m, made_report("1"), &forged, 1);
    put = put_alone(f, &m);
    assert_int_equal(put.reports_conflicting, 1);
    assert_true(is_dirty(f, "example.com", &day));
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report"), 3);
}

static void days_and_dirty_from_the_first(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 24);
    struct report two_days = made_report("1"), early = made_report("2");
    struct made_mail m;
    int64_t day;
    two_days.begin += 7 * 3600;
    two_days.end += 7 * 3600;
    early.begin -= 5 * DAY_SECONDS;
    early.end -= 5 * DAY_SECONDS;
    make_mail(&m, 1);
    add_report(&m, two_days, &r, 1);
    add_report(&m, early, &r, 1);
    add_report(&m, made_report("3"), &r, 1);
    (void)put_alone(f, &m);
    assert_true(is_dirty(f, "example.com", &day));
    assert_int_equal(day, DAY0 - 5);
    assert_int_equal(sql_int(f, "SELECT sum(count) FROM fact"), 72);
    assert_int_equal(sql_int(f, "SELECT sum(count) FROM fact WHERE day = 20777"), 24 + 17);
    assert_int_equal(sql_int(f, "SELECT count FROM fact WHERE day = 20778"), 7);
}

static void a_report_without_records_is_news_too(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    int64_t day;
    make_mail(&m, 1);
    add_report(&m, made_report("1"), NULL, 0);
    assert_int_equal(put_alone(f, &m).reports_new, 1);
    assert_true(is_dirty(f, "example.com", &day));
}

/* What was interned for a mail that is taken back is not used by the next one. */
static void check_interned(struct fixture *f)
{
    assert_int_equal(sql_int(f, "SELECT count(*) FROM fact WHERE evidence NOT IN (SELECT id FROM evidence)"),
                     0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM fact WHERE disposition NOT IN (SELECT id FROM name)"),
                     0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM fact WHERE domain NOT IN (SELECT id FROM name)"), 0);
}

/* SQL that one mail makes fail costs this mail only: a value above the limit of the database. */
/* No value may be as long: the longest that the store takes is a configuration file. */
enum { TOO_LONG = 8 << 20 };

static void a_refused_mail_is_quarantined_alone(void **state)
{
    struct fixture *f = *state;
    struct record good = made_record("192.0.2.1", 3), fresh = good, huge = good;
    struct made_mail before, bad, after;
    struct store_put put;
    size_t n = TOO_LONG;
    char *text = malloc(n);
    assert_non_null(text);
    memset(text, 'x', n);
    huge.envelope_to = sv_of(text, n);
    fresh.header_from = SV("only-here.example.com");
    struct record records[] = {fresh, huge};
    make_mail(&before, 1);
    add_report(&before, made_report("1"), &good, 1);
    make_mail(&bad, 2);
    add_report(&bad, made_report("2"), records, 2);
    make_mail(&after, 3);
    add_report(&after, made_report("3"), &fresh, 1);
    assert_true(store_begin_mails(f->s, NOW, &f->e));
    assert_true(put_open(f, &before, &put));
    assert_true(put_open(f, &bad, &put));
    assert_true(put.refused && put.settled);
    assert_int_equal(put.reports_new, 0);
    assert_int_equal(put.rejects, 1);
    assert_true(put_open(f, &after, &put));
    assert_false(put.refused);
    assert_true(store_commit_mails(f->s, &f->e));
    free(text);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report"), 2);
    assert_int_equal(sql_int(f, "SELECT sum(count) FROM fact"), 6);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM seen"), 2);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine q JOIN mail m ON m.id = q.mail"
                                " WHERE q.reason = 'store_refused' AND m.uid = 2 AND q.detail <> ''"),
                     1);
    check_interned(f);
}

/* Nothing that was refused is needed to say so: neither the mail's own texts nor a detail. */
static void a_mail_whose_own_text_is_refused(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    size_t n = TOO_LONG;
    char *text = malloc(n);
    assert_non_null(text);
    memset(text, 'x', n);
    make_mail(&m, 1);
    m.outcome.facts.message_id = sv_of(text, n);
    add_report(&m, made_report("1"), NULL, 0);
    assert_true(put_alone(f, &m).refused);
    make_mail(&m, 2);
    m.outcome.state = MAIL_REJECTED;
    m.outcome.reject = REJECT_truncated;
    m.outcome.detail = sv_of(text, n);
    assert_true(put_alone(f, &m).refused);
    free(text);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report"), 0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine WHERE reason = 'store_refused'"), 2);
}

static void a_report_that_lost_records_is_refused(void **state)
{
    struct fixture *f = *state;
    struct record r[] = {made_record("192.0.2.1", 3), made_record("192.0.2.2", 3)};
    struct made_mail m;
    make_mail(&m, 1);
    add_report(&m, made_report("1"), r, 2);
    m.records[0].n = 1;
    assert_true(put_alone(f, &m).refused);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM fact"), 0);
}

/* A stage that cannot be read again is no fault of the mail: the batch ends, nothing of it stays. */
static void a_broken_stage_ends_the_batch(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail good, bad;
    struct store_put put;
    make_mail(&good, 1);
    add_report(&good, made_report("1"), &r, 1);
    make_mail(&bad, 2);
    add_report(&bad, made_report("2"), &r, 1);
    for (bad.broken_at = 1; bad.broken_at <= 2; bad.broken_at++) {
        bad.asked = 0;
        assert_true(store_begin_mails(f->s, NOW, &f->e));
        assert_true(put_open(f, &good, &put));
        assert_false(put_open(f, &bad, &put));
        assert_int_equal(f->e.cls, ERR_DISK);
        assert_false(store_commit_mails(f->s, &f->e));
        assert_int_equal(f->e.cls, ERR_BUG);
        assert_int_equal(sql_int(f, "SELECT count(*) FROM mail"), 0);
    }
    assert_true(put_alone(f, &good).settled);
}

static void a_batch_that_is_aborted_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    struct store_put put;
    make_mail(&m, 1);
    add_report(&m, made_report("1"), &r, 1);
    assert_true(store_begin_mails(f->s, NOW, &f->e));
    assert_true(put_open(f, &m, &put));
    store_abort_mails(f->s);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM name"), 0);
    assert_int_equal(put_alone(f, &m).reports_new, 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM fact"), 1);
    check_interned(f);
}

static void outside_of_a_transaction(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    struct store_put put;
    make_mail(&m, 1);
    assert_false(put_open(f, &m, &put));
    assert_int_equal(f->e.cls, ERR_BUG);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mail"), 0);
}

static void not_a_report_is_done(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    make_mail(&m, 1);
    m.outcome.state = MAIL_NOT_A_REPORT;
    m.outcome.not_report = NOT_REPORT_bounce;
    assert_true(put_alone(f, &m).settled);
    assert_int_equal(
        sql_int(f, "SELECT count(*) FROM mail WHERE state = 'not_a_report' AND reason = 'bounce'"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 0);
}

/* Everything that the reader saw is there, raw, absent apart from empty. */
static void facts_stay_raw(void **state)
{
    struct fixture *f = *state;
    static sv errors[] = {SV_INIT("no DKIM key")};
    struct report r = made_report("<1>@x");
    struct made_mail m;
    r.dialect = DIALECT_RFC9990;
    r.domain = SV("EXAMPLE.com");
    r.policy.domain = SV("EXAMPLE.com");
    r.policy.sp = (struct word){.v = WORD_UNKNOWN, .raw = SV("Maybe")};
    r.policy.pct = SV_ABSENT;
    r.errors = errors;
    r.n_errors = 1;
    r.has_end = false;
    note_add(&r.notes, NOTE_end_absent);
    note_add(&r.notes, NOTE_policy_unknown);
    make_mail(&m, 1);
    add_report(&m, r, NULL, 0);
    (void)put_alone(f, &m);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report WHERE dialect = 9990 AND report_id = '<1>@x'"
                                " AND policy_domain = 'EXAMPLE.com' AND sp = 'Maybe' AND pct IS NULL"
                                " AND claimed_end IS NULL AND claimed_begin = begin AND end = begin + 86400"
                                " AND notes = 'end_absent policy_unknown'"),
                     1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report_error WHERE text = 'no DKIM key'"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM name WHERE text = 'example.com'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_report_is_stored_once),
        TEST(the_same_mail_again),
        TEST(one_of_a_conflict_set_counts),
        TEST(days_and_dirty_from_the_first),
        TEST(a_report_without_records_is_news_too),
        TEST(a_refused_mail_is_quarantined_alone),
        TEST(a_mail_whose_own_text_is_refused),
        TEST(a_report_that_lost_records_is_refused),
        TEST(a_broken_stage_ends_the_batch),
        TEST(a_batch_that_is_aborted_leaves_nothing),
        TEST(outside_of_a_transaction),
        TEST(not_a_report_is_done),
        TEST(facts_stay_raw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
