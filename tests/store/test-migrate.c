#include "migrate.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

static const char *const steps[] = {
    "ALTER TABLE mailbox ADD COLUMN note TEXT; UPDATE mailbox SET note = host;",
    "CREATE TABLE extra(id INTEGER PRIMARY KEY);",
    NULL,
};
static const char *const broken[] = {
    "ALTER TABLE mailbox ADD COLUMN note TEXT;",
    "CREATE TABLE extra(id INTEGER PRIMARY KEY); INSERT INTO nowhere VALUES(1);",
    NULL,
};
static const char *const none[] = {NULL};

static void to_the_newest(void **state)
{
    struct fixture *f = *state;
    const char *backup = text(f, "%s.v1.bak", f->path);
    struct stat st;
    assert_true(migrate(f->s->db, f->path, steps, &f->e));
    assert_int_equal(sql_int(f, "PRAGMA user_version"), 3);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mailbox WHERE note = 'imap.example.com'"), 1);
    assert_true(migrate(f->s->db, f->path, steps, &f->e));

    /* The backup is the old version, whole, and ours alone. */
    assert_int_equal(stat(backup, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    store_close(f->s);
    assert_int_equal(rename(backup, f->path), 0);
    f->s = NULL;
    reopen(f);
    assert_int_equal(sql_int(f, "PRAGMA user_version"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mailbox WHERE host = 'imap.example.com'"), 1);
}

static void a_new_database_goes_all_the_way(void **state)
{
    struct fixture *f = *state;
    const char *path = text(f, "%s/new.db", f->folder), *backup = text(f, "%s.v1.bak", path);
    sqlite3 *db;
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_true(migrate(db, path, steps, &f->e));
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT note FROM mailbox", -1, &stmt, NULL), SQLITE_OK);
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_close(db);
    assert_int_not_equal(access(backup, F_OK), 0);
}

/* A step that fails leaves the version before it, which goes on working. */
static void a_step_is_whole(void **state)
{
    struct fixture *f = *state;
    assert_false(migrate(f->s->db, f->path, broken, &f->e));
    assert_int_equal(f->e.cls, ERR_BUG);
    assert_int_equal(sql_int(f, "PRAGMA user_version"), 2);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM sqlite_master WHERE name = 'extra'"), 0);
    assert_true(migrate(f->s->db, f->path, steps, &f->e));
    assert_int_equal(sql_int(f, "PRAGMA user_version"), 3);
}

static void never_back(void **state)
{
    struct fixture *f = *state;
    assert_true(migrate(f->s->db, f->path, steps, &f->e));
    assert_false(migrate(f->s->db, f->path, none, &f->e));
    assert_int_equal(f->e.cls, ERR_CONFIG);
    assert_non_null(strstr(f->e.msg, "version 3"));
    assert_non_null(strstr(f->e.msg, ".v1.bak"));
}

static void no_backup_no_step(void **state)
{
    struct fixture *f = *state;
    const char *blocked = text(f, "%s.v1.bak.new", f->path);
    assert_int_equal(mkdir(blocked, 0700), 0);
    assert_false(migrate(f->s->db, f->path, steps, &f->e));
    assert_int_equal(f->e.cls, ERR_STATE);
    assert_int_equal(sql_int(f, "PRAGMA user_version"), 1);
    assert_int_equal(rmdir(blocked), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(to_the_newest),     TEST(a_new_database_goes_all_the_way),
        TEST(a_step_is_whole),   TEST(never_back),
        TEST(no_backup_no_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
