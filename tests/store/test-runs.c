#include "store/runs.h"

#include "support.h"

static int64_t begin(struct fixture *f, int64_t now)
{
    int64_t id;
    if (!store_run_begin(f->s, now, &id, &f->e))
        fail_msg("%s", f->e.msg);
    return id;
}

static void the_last_run_that_ended(void **state)
{
    struct fixture *f = *state;
    struct store_run_counts c = {1, 2, 3, 4, 5, 6, 7};
    struct store_run r;
    bool found;
    assert_true(store_last_run(f->s, &r, &found, &f->e));
    assert_false(found);
    int64_t id = begin(f, NOW);
    assert_true(store_run_end(f->s, id, NOW + 9, 75, &c, &f->e));
    (void)begin(f, NOW + 3600);
    assert_true(store_last_run(f->s, &r, &found, &f->e));
    assert_true(found);
    assert_int_equal(r.id, id);
    assert_int_equal(r.started, NOW);
    assert_int_equal(r.ended, NOW + 9);
    assert_int_equal(r.exit_code, 75);
    assert_memory_equal(&r.counts, &c, sizeof c);
    (void)begin(f, NOW + 7200); /* after one that was killed: checked, and sound */
    assert_false(store_run_end(f->s, 99, NOW, 0, &c, &f->e));
}

static void damage_is_found_after_a_killed_run(void **state)
{
    struct fixture *f = *state;
    int64_t id;
    struct store_run_counts c = {.mails = 0};
    id = begin(f, NOW);
    assert_true(store_run_end(f->s, id, NOW, 0, &c, &f->e));
    /* The pages of an index that the schema does not know. */
    assert_int_equal(sqlite3_db_config(f->s->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(f->s->db,
                                  "PRAGMA writable_schema = ON;"
                                  "DELETE FROM sqlite_master WHERE name = 'quarantine_mail'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    reopen(f);
    id = begin(f, NOW + 1); /* the run before ended well: not checked */
    assert_false(store_run_begin(f->s, NOW + 2, &id, &f->e));
    assert_int_equal(f->e.cls, ERR_DAMAGED);
    assert_non_null(strstr(f->e.msg, "damaged"));
    assert_non_null(strstr(f->e.msg, f->path));
}

static struct store_streak failed_by(struct fixture *f, int64_t run, const char *object, int64_t now,
                                     sv error)
{
    struct store_streak s;
    assert_true(store_streak_failed(f->s, run, sv_c(object), now, error, &s, &f->e));
    return s;
}

static struct store_streak failed(struct fixture *f, int64_t run, const char *object, int64_t now)
{
    return failed_by(f, run, object, now, SV("timed out"));
}

static void another_error_of_a_streak_is_told_from_a_lasting_one(void **state)
{
    struct fixture *f = *state;
    assert_false(failed_by(f, 1, "config:a.yml", NOW, SV("one")).same_error);
    assert_true(failed_by(f, 2, "config:a.yml", NOW, SV("one")).same_error);
    struct store_streak other = failed_by(f, 3, "config:a.yml", NOW, SV("two"));
    assert_false(other.same_error);
    assert_int_equal(other.runs, 3);
    assert_false(failed_by(f, 3, "config:b.yml", NOW, SV("two")).same_error);
    assert_true(failed_by(f, 4, "config:a.yml", NOW, SV("two")).same_error);
    assert_true(store_streak_ended(f->s, SV("config:a.yml"), &f->e));
    assert_false(failed_by(f, 5, "config:a.yml", NOW, SV("two")).same_error);
}

static void streaks(void **state)
{
    struct fixture *f = *state;
    for (int64_t run = 1; run <= 3; run++) {
        struct store_streak s = failed(f, run, "mailbox:main", NOW + run);
        assert_int_equal(s.runs, run);
        assert_int_equal(s.since, NOW + 1);
        s = failed(f, run, "mailbox:main", NOW + run);
        assert_int_equal(s.runs, run);
    }
    assert_int_equal(failed(f, 3, "channel:main", NOW + 5).runs, 1);
    assert_true(store_streak_ended(f->s, SV("mailbox:main"), &f->e));
    assert_true(store_streak_ended(f->s, SV("mailbox:main"), &f->e));
    struct store_streak again = failed(f, 4, "mailbox:main", NOW + 9);
    assert_int_equal(again.runs, 1);
    assert_int_equal(again.since, NOW + 9);
    assert_int_equal(failed(f, 4, "channel:main", NOW + 9).runs, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_last_run_that_ended),
        TEST(damage_is_found_after_a_killed_run),
        TEST(streaks),
        TEST(another_error_of_a_streak_is_told_from_a_lasting_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
