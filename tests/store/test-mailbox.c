#include "store/status.h"
#include "support.h"

static struct store_mailbox load(struct fixture *f)
{
    struct store_mailbox_key key = {
        .host = SV("imap.example.com"), .port = 993, .user = SV("dmarc"), .folder = SV("INBOX")};
    struct store_mailbox m;
    assert_true(store_mailbox(f->s, &key, &f->a, &m, &f->e));
    return m;
}

static uint32_t move(struct fixture *f, uint32_t from, uint32_t upto, const uint32_t *uids, size_t n)
{
    struct store_listing l = {.uidvalidity = 7, .from = from, .upto = upto, .uids = uids, .n = n};
    uint32_t mark;
    if (!store_move_mark(f->s, f->mailbox, &l, &mark, &f->e))
        fail_msg("%s", f->e.msg);
    return mark;
}

static void begin(struct fixture *f)
{
    assert_true(store_begin_mails(f->s, NOW, &f->e));
}

static void commit(struct fixture *f)
{
    assert_true(store_commit_mails(f->s, &f->e));
}

static void put_uid(struct fixture *f, uint32_t uid)
{
    struct made_mail m;
    struct store_put put;
    make_mail(&m, uid);
    assert_true(put_open(f, &m, &put));
}

static void gap(struct fixture *f, uint32_t uid, enum reject why)
{
    if (!store_put_gap(f->s, f->mailbox, 7, uid, 1234, why, SV_ABSENT, &f->e))
        fail_msg("%s", f->e.msg);
}

static void keys_are_told_apart(void **state)
{
    struct fixture *f = *state;
    struct store_mailbox_key keys[] = {
        {SV("imap.example.com"), 993, SV("dmarc"), SV("INBOX")},
        {SV("imap.example.com"), 143, SV("dmarc"), SV("INBOX")},
        {SV("imap.example.com"), 993, SV("other"), SV("INBOX")},
        {SV("imap.example.com"), 993, SV("dmarc"), SV("Dmarc")},
        {SV_ABSENT, 0, SV_ABSENT, SV("/srv/mail")},
    };
    struct store_mailbox first[COUNT_OF(keys)], again;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        assert_true(store_mailbox(f->s, &keys[i], &f->a, &first[i], &f->e));
        for (size_t j = 0; j < i; j++)
            assert_true(first[i].id != first[j].id);
    }
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct store_mailbox_key key = keys[i];
        struct store_box_status status;
        assert_true(store_box_status(f->s, &key, &status, &f->e));
        assert_true(status.known);
        key.folder = SV("elsewhere");
        assert_true(store_box_status(f->s, &key, &status, &f->e));
        assert_false(status.known);
    }
    assert_int_equal(first[0].id, f->mailbox);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        assert_true(store_mailbox(f->s, &keys[i], &f->a, &again, &f->e));
        assert_int_equal(again.id, first[i].id);
    }
}

static void the_mark_stops_below_what_is_open(void **state)
{
    struct fixture *f = *state;
    static const uint32_t uids[] = {3, 4, 9, 12};
    begin(f);
    put_uid(f, 3);
    put_uid(f, 9);
    assert_int_equal(move(f, 0, 20, uids, 4), 3);
    put_uid(f, 4);
    assert_int_equal(move(f, 0, 20, uids, 4), 9);
    gap(f, 12, REJECT_mail_too_large);
    assert_int_equal(move(f, 0, 20, uids, 4), 20);
    commit(f);
    struct store_mailbox m = load(f);
    assert_int_equal(m.mark, 20);
    assert_int_equal(m.uidvalidity, 7);
    assert_int_equal(m.n_gaps, 1);
    assert_int_equal(m.gaps[0].uid, 12);
    assert_int_equal(m.gaps[0].reason, REJECT_mail_too_large);
    assert_int_equal(m.gaps[0].size, 1234);
}

static void the_mark_never_goes_back(void **state)
{
    struct fixture *f = *state;
    static const uint32_t uids[] = {3, 30};
    begin(f);
    put_uid(f, 3);
    assert_int_equal(move(f, 0, 20, uids, 1), 20);
    assert_int_equal(move(f, 0, 10, uids, 1), 20);
    assert_int_equal(move(f, 0, 40, uids, 2), 20);
    commit(f);
    assert_int_equal(load(f).mark, 20);
}

/* A later listing does not help while an earlier one is not done; nor does one of another numbering. */
static void the_mark_needs_a_listing_without_a_hole(void **state)
{
    struct fixture *f = *state;
    static const uint32_t later[] = {50};
    struct store_listing other = {.uidvalidity = 8, .upto = 100};
    uint32_t mark;
    begin(f);
    put_uid(f, 50);
    assert_int_equal(move(f, 20, 50, later, 1), 0);
    assert_true(store_move_mark(f->s, f->mailbox, &other, &mark, &f->e));
    assert_int_equal(mark, 0);
    assert_int_equal(move(f, 0, 20, NULL, 0), 20);
    assert_int_equal(move(f, 20, 50, later, 1), 50);
    commit(f);
    assert_int_equal(load(f).mark, 50);
}

static void the_largest_uid(void **state)
{
    struct fixture *f = *state;
    static const uint32_t uids[] = {UINT32_MAX - 1, UINT32_MAX};
    begin(f);
    put_uid(f, UINT32_MAX - 1);
    assert_int_equal(move(f, 0, UINT32_MAX, uids, 2), UINT32_MAX - 1);
    put_uid(f, UINT32_MAX);
    assert_int_equal(move(f, 0, UINT32_MAX, uids, 2), UINT32_MAX);
    commit(f);
    assert_int_equal(load(f).mark, UINT32_MAX);
}

static void a_gap_waits_for_its_tries(void **state)
{
    struct fixture *f = *state;
    for (uint32_t run = 1; run < 3; run++) {
        begin(f);
        gap(f, 5, REJECT_unfetchable);
        commit(f);
        struct store_mailbox m = load(f);
        assert_int_equal(m.n_gaps, 1);
        assert_int_equal(m.gaps[0].tries, run);
        assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 0);
    }
    begin(f);
    gap(f, 5, REJECT_unfetchable);
    commit(f);
    assert_int_equal(load(f).n_gaps, 0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine q JOIN mail m ON m.id = q.mail"
                                " WHERE q.reason = 'unfetchable' AND m.uid = 5 AND m.size = 1234"),
                     1);
}

static void too_large_stays_a_gap(void **state)
{
    struct fixture *f = *state;
    for (int run = 0; run < 12; run++) {
        begin(f);
        gap(f, 5, REJECT_mail_too_large);
        commit(f);
    }
    assert_int_equal(load(f).n_gaps, 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 0);
}

/* A reader that dies over a mail is given limits.mail_tries runs; then the mail is kept for people. */
static void a_temporary_failure_is_tried_again(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    make_mail(&m, 5);
    m.outcome.state = MAIL_TEMPORARY;
    m.outcome.reject = REJECT_worker_crash;
    assert_false(put_alone(f, &m).settled);
    assert_false(put_alone(f, &m).settled);
    struct store_put put = put_alone(f, &m);
    assert_true(put.settled);
    assert_int_equal(put.rejects, 1);
    assert_int_equal(load(f).n_gaps, 0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine WHERE reason = 'worker_crash'"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM raw_mail"), 1);
}

static void a_gap_that_can_be_read_is_closed(void **state)
{
    struct fixture *f = *state;
    begin(f);
    gap(f, 5, REJECT_unfetchable);
    gap(f, 6, REJECT_unfetchable);
    put_uid(f, 5);
    assert_true(store_drop_gap(f->s, f->mailbox, 6, &f->e));
    commit(f);
    assert_int_equal(load(f).n_gaps, 0);
}

static void gaps_have_a_limit(void **state)
{
    struct fixture *f = *state;
    f->limits.mailbox_gaps = 3;
    reopen(f);
    begin(f);
    for (uint32_t uid = 1; uid <= 5; uid++)
        gap(f, uid, REJECT_mail_too_large);
    gap(f, 1, REJECT_mail_too_large);
    commit(f);
    assert_int_equal(load(f).n_gaps, 3);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine WHERE reason = 'mail_too_large'"), 2);
    static const uint32_t uids[] = {1, 2, 3, 4, 5};
    begin(f);
    assert_int_equal(move(f, 0, 5, uids, 5), 5);
    commit(f);
}

/* All mails come again under new numbers: each is known, no domain is dirty. */
static void another_uidvalidity(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    bool changed;
    static const uint32_t uids[] = {5};
    make_mail(&m, 5);
    add_report(&m, made_report("1"), &r, 1);
    (void)put_alone(f, &m);
    begin(f);
    gap(f, 6, REJECT_unfetchable);
    assert_int_equal(move(f, 0, 5, uids, 1), 5);
    commit(f);
    assert_int_equal(sqlite3_exec(f->s->db,
                                  "DELETE FROM dirty; INSERT INTO debt VALUES(1, 5, 'seen', NULL, 0)", NULL,
                                  NULL, NULL),
                     SQLITE_OK);
    assert_true(store_mailbox_opened(f->s, f->mailbox, 7, &changed, &f->e));
    assert_false(changed);
    assert_int_equal(load(f).mark, 5);
    assert_true(store_mailbox_opened(f->s, f->mailbox, 8, &changed, &f->e));
    assert_true(changed);
    struct store_mailbox box = load(f);
    assert_int_equal(box.uidvalidity, 8);
    assert_int_equal(box.mark, 0);
    assert_int_equal(box.n_gaps, 0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM debt"), 0);
    make_mail(&m, 1);
    m.raw.uidvalidity = 8;
    add_report(&m, made_report("1"), &r, 1);
    assert_int_equal(put_alone(f, &m).reports_known, 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM dirty"), 0);
    assert_int_equal(sql_int(f, "SELECT sum(count) FROM fact"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_are_told_apart),
        TEST(the_mark_stops_below_what_is_open),
        TEST(the_mark_never_goes_back),
        TEST(the_mark_needs_a_listing_without_a_hole),
        TEST(the_largest_uid),
        TEST(a_gap_waits_for_its_tries),
        TEST(too_large_stays_a_gap),
        TEST(a_temporary_failure_is_tried_again),
        TEST(a_gap_that_can_be_read_is_closed),
        TEST(gaps_have_a_limit),
        TEST(another_uidvalidity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
