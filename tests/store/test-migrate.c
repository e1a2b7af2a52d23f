#include "migrate.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema.h"
#include "support.h"

/* What a later program would have beyond the steps of this one. */
enum { STEPS_MAX = 32 };
static const char *steps[STEPS_MAX], *broken[STEPS_MAX], *none[STEPS_MAX];
static int64_t now; /* the version of this program */

static void fill(const char **list, const char *first, const char *second)
{
    for (now = 1; schema_steps[now - 1]; now++)
        list[now - 1] = schema_steps[now - 1];
    list[now - 1] = first;
    list[now] = second;
}

static int fill_all(void **state)
{
    (void)state;
    fill(steps, "ALTER TABLE mailbox ADD COLUMN note TEXT; UPDATE mailbox SET note = host;",
         "CREATE TABLE extra(id INTEGER PRIMARY KEY);");
    fill(broken, "ALTER TABLE mailbox ADD COLUMN note TEXT;",
         "CREATE TABLE extra(id INTEGER PRIMARY KEY); INSERT INTO nowhere VALUES(1);");
    fill(none, NULL, NULL);
    return 0;
}

static const char *backup_of(struct fixture *f, const char *path)
{
    return text(f, "%s.v%lld.bak", path, (long long)now);
}

static void to_the_newest(void **state)
{
    struct fixture *f = *state;
    const char *backup = backup_of(f, f->path);
    struct stat st;
    assert_true(migrate(f->s->db, f->path, steps, &f->e));
    assert_int_equal(sql_int(f, "PRAGMA user_version"), now + 2);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mailbox WHERE note = 'imap.example.com'"), 1);
    assert_true(migrate(f->s->db, f->path, steps, &f->e));

    /* The backup is the old version, whole, and ours alone. */
    assert_int_equal(stat(backup, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    store_close(f->s);
    assert_int_equal(rename(backup, f->path), 0);
    f->s = NULL;
    reopen(f);
    assert_int_equal(sql_int(f, "PRAGMA user_version"), now);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mailbox WHERE host = 'imap.example.com'"), 1);
}

/* A file of the first version: all steps since, and nothing lost. */
static void from_the_first(void **state)
{
    struct fixture *f = *state;
    sqlite3 *db;
    store_close(f->s);
    f->s = NULL;
    assert_int_equal(unlink(f->path), 0);
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    static const char *const no_steps[] = {NULL};
    assert_true(migrate(db, f->path, no_steps, &f->e));
    assert_int_equal(sqlite3_exec(db, "INSERT INTO name VALUES(7, 'x')", NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
    reopen(f);
    assert_int_equal(sql_int(f, "PRAGMA user_version"), now);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM name WHERE text = 'x'"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM daily"), 0);
    assert_int_equal(access(text(f, "%s.v1.bak", f->path), F_OK), 0);
}

static void a_new_database_goes_all_the_way(void **state)
{
    struct fixture *f = *state;
    const char *path = text(f, "%s/new.db", f->folder), *backup = backup_of(f, path);
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
    assert_int_equal(sql_int(f, "PRAGMA user_version"), now + 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM sqlite_master WHERE name = 'extra'"), 0);
    assert_true(migrate(f->s->db, f->path, steps, &f->e));
    assert_int_equal(sql_int(f, "PRAGMA user_version"), now + 2);
}

static void never_back(void **state)
{
    struct fixture *f = *state;
    assert_true(migrate(f->s->db, f->path, steps, &f->e));
    assert_false(migrate(f->s->db, f->path, none, &f->e));
    assert_int_equal(f->e.cls, ERR_CONFIG);
    assert_non_null(strstr(f->e.msg, text(f, "version %lld", (long long)now + 2)));
    assert_non_null(strstr(f->e.msg, backup_of(f, f->path)));
}

static void no_backup_no_step(void **state)
{
    struct fixture *f = *state;
    const char *blocked = text(f, "%s.new", backup_of(f, f->path));
    assert_int_equal(mkdir(blocked, 0700), 0);
    assert_false(migrate(f->s->db, f->path, steps, &f->e));
    assert_int_equal(f->e.cls, ERR_STATE);
    assert_int_equal(sql_int(f, "PRAGMA user_version"), now);
    assert_int_equal(rmdir(blocked), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(to_the_newest),   TEST(from_the_first), TEST(a_new_database_goes_all_the_way),
        TEST(a_step_is_whole), TEST(never_back),     TEST(no_backup_no_step),
    };
    return cmocka_run_group_tests(tests, fill_all, NULL);
}
