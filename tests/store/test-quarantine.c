#include <stdlib.h>
#include <zlib.h>

#include "base/random.h"
#include "support.h"

static void use_limits(struct fixture *f, uint64_t mail, uint64_t total)
{
    f->limits.quarantine_mail = mail;
    f->limits.quarantine_total = total;
    reopen(f);
}

static void put_random(struct fixture *f, uint32_t uid, size_t n)
{
    struct made_mail m;
    char *bytes = malloc(n);
    assert_non_null(bytes);
    random_bytes(bytes, n);
    make_mail(&m, uid);
    m.raw.bytes = bytes;
    m.raw.n = n;
    m.outcome.state = MAIL_REJECTED;
    m.outcome.reject = REJECT_truncated;
    assert_int_equal(put_alone(f, &m).rejects, 1);
    free(bytes);
}

static bool has_copy(struct fixture *f, uint32_t uid)
{
    const char *sql =
        text(f, "SELECT count(*) FROM raw_mail r JOIN mail m ON m.id = r.mail WHERE uid = %u", uid);
    return sql_int(f, sql) == 1;
}

static void keeps_the_mail_deflated(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    make_mail(&m, 1);
    m.outcome.state = MAIL_REJECTED;
    m.outcome.reject = REJECT_too_many_parts;
    m.outcome.detail = SV("4001 parts");
    struct store_put put = put_alone(f, &m);
    assert_true(put.settled);
    assert_int_equal(put.rejects, 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine WHERE document IS NULL AND member IS NULL"
                                " AND reason = 'too_many_parts' AND detail = '4001 parts'"),
                     1);
    sqlite3_stmt *stmt;
    unsigned char back[256];
    uLongf n = sizeof back;
    assert_int_equal(sqlite3_prepare_v2(f->s->db, "SELECT size, bytes FROM raw_mail", -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(stmt, 0), m.raw.n);
    assert_int_equal(uncompress(back, &n, sqlite3_column_blob(stmt, 1), (uLong)sqlite3_column_bytes(stmt, 1)),
                     Z_OK);
    assert_int_equal(n, m.raw.n);
    assert_memory_equal(back, m.raw.bytes, n);
    (void)sqlite3_finalize(stmt);
}

static void one_copy_for_all_documents(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    make_mail(&m, 1);
    add_reject(&m, REJECT_dtd, "line 2");
    add_report(&m, made_report("1"), &r, 1);
    add_reject(&m, REJECT_truncated, NULL);
    struct store_put put = put_alone(f, &m);
    assert_int_equal(put.rejects, 2);
    assert_int_equal(put.reports_new, 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine WHERE member = 'a.zip > b.xml'"), 2);
    assert_int_equal(sql_int(f, "SELECT document FROM quarantine WHERE reason = 'truncated'"), 2);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM raw_mail"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mail WHERE state = 'read'"), 1);
}

/* "unused": nobody will ever read a report out of it. */
static void a_placeholder_is_only_counted(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    make_mail(&m, 1);
    add_reject(&m, REJECT_empty_placeholder, NULL);
    struct store_put put = put_alone(f, &m);
    assert_true(put.settled);
    assert_int_equal(put.rejects, 0);
    assert_int_equal(put.placeholders, 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mail WHERE state = 'not_a_report' AND reason = "
                                "'empty_placeholder'"),
                     1);
    make_mail(&m, 2);
    add_reject(&m, REJECT_empty_placeholder, NULL);
    add_report(&m, made_report("1"), &r, 1);
    put = put_alone(f, &m);
    assert_int_equal(put.rejects, 0);
    assert_int_equal(put.reports_new, 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mail WHERE state = 'read'"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM raw_mail"), 0);
}

/* Who wrote the mail that a failure report is about has not agreed to be kept. */
static void no_copy_of_a_failure_report(void **state)
{
    struct fixture *f = *state;
    static const char *const words[] = {
        "Content-Type: Message/Feedback-Report\r\n\r\nx: y\r\n",
        "--b\r\n\r\nfeedback-type: auth-failure\r\n",
    };
    struct made_mail m;
    make_mail(&m, 1);
    add_reject(&m, REJECT_truncated, NULL);
    m.outcome.holds_original = true;
    assert_int_equal(put_alone(f, &m).rejects, 1);
    assert_false(has_copy(f, 1));
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 1);
    /* The reader died over it, or never came that far: only its words can tell. */
    for (uint32_t i = 0; i < COUNT_OF(words); i++) {
        make_mail(&m, 2 + i);
        m.raw.bytes = (char *)(uintptr_t)words[i];
        m.raw.n = strlen(words[i]);
        m.outcome.state = MAIL_REJECTED;
        m.outcome.reject = REJECT_worker_crash;
        assert_int_equal(put_alone(f, &m).rejects, 1);
        assert_false(has_copy(f, 2 + i));
    }
    make_mail(&m, 9);
    m.raw.bytes = (char *)(uintptr_t) "<feedback> type-feedback -report feedback-";
    m.raw.n = strlen(m.raw.bytes);
    m.outcome.state = MAIL_REJECTED;
    m.outcome.reject = REJECT_truncated;
    assert_int_equal(put_alone(f, &m).rejects, 1);
    assert_true(has_copy(f, 9));
}

static void without_octets_only_where_to_fetch(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    make_mail(&m, 1);
    m.raw.bytes = NULL;
    m.outcome.state = MAIL_REJECTED;
    m.outcome.reject = REJECT_truncated;
    (void)put_alone(f, &m);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 1);
    assert_false(has_copy(f, 1));
}

/* Random octets do not get smaller: deflate adds a little, so 4,000 fit into 4,096 and 4,096 do not. */
static void a_mail_at_the_limit_and_above(void **state)
{
    struct fixture *f = *state;
    use_limits(f, 4096, MIB(1));
    put_random(f, 1, 4000);
    put_random(f, 2, 4096);
    assert_true(has_copy(f, 1));
    assert_false(has_copy(f, 2));
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 2);
}

static void the_oldest_make_room(void **state)
{
    struct fixture *f = *state;
    use_limits(f, 4096, 9000);
    for (uint32_t uid = 1; uid <= 4; uid++)
        put_random(f, uid, 4000);
    assert_false(has_copy(f, 1));
    assert_false(has_copy(f, 2));
    assert_true(has_copy(f, 3));
    assert_true(has_copy(f, 4));
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 4);
    assert_int_equal(sql_int(f, "SELECT value FROM meta WHERE key = 'quarantine_kept'"),
                     sql_int(f, "SELECT sum(length(bytes)) FROM raw_mail"));
}

/* A mail that can be read the second time leaves quarantine, and its octets are counted off. */
static void what_becomes_readable_leaves(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    put_random(f, 1, 4000);
    make_mail(&m, 1);
    add_report(&m, made_report("1"), &r, 1);
    (void)put_alone(f, &m);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), 0);
    assert_false(has_copy(f, 1));
    assert_int_equal(sql_int(f, "SELECT value FROM meta WHERE key = 'quarantine_kept'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_the_mail_deflated),
        TEST(one_copy_for_all_documents),
        TEST(a_placeholder_is_only_counted),
        TEST(no_copy_of_a_failure_report),
        TEST(without_octets_only_where_to_fetch),
        TEST(a_mail_at_the_limit_and_above),
        TEST(the_oldest_make_room),
        TEST(what_becomes_readable_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
