#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema.h"
#include "support.h"

static enum err_class open_fails(struct fixture *f, const char *path)
{
    struct store *s = NULL;
    store_close(f->s);
    f->s = NULL;
    assert_false(store_open(sv_c(path), &f->limits, &s, &f->e));
    assert_null(s);
    assert_non_null(strstr(f->e.msg, path));
    return f->e.cls;
}

static void exec(struct fixture *f, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t newest(void)
{
    int64_t version = 1;
    while (schema_steps[version - 1])
        version++;
    return version;
}

static void a_new_one(void **state)
{
    struct fixture *f = *state;
    struct stat st;
    assert_int_equal(sql_int(f, "PRAGMA user_version"), newest());
    assert_int_equal(sql_int(f, "PRAGMA auto_vacuum"), 2);
    assert_int_equal(sql_int(f, "PRAGMA application_id"), SCHEMA_APPLICATION_ID);
    assert_int_equal(sql_int(f, "SELECT journal_mode = 'truncate' FROM pragma_journal_mode"), 1);
    assert_int_equal(sql_int(f, "PRAGMA synchronous"), 2);
    assert_int_equal(sql_int(f, "PRAGMA trusted_schema"), 0);
    assert_int_equal(sql_int(f, "PRAGMA cell_size_check"), 1);
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}

static void a_link_to_a_database_is_followed_to_nothing_it_is_not(void **state)
{
    struct fixture *f = *state;
    char link[512], target[512];
    struct store *s = NULL;
    (void)snprintf(link, sizeof link, "%s-link", f->path);
    (void)snprintf(target, sizeof target, "%s-target", f->path);
    assert_int_equal(symlink(target, link), 0);
    assert_int_equal(open_fails(f, link), ERR_STATE);
    assert_int_equal(access(target, F_OK), -1);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink(f->path, link), 0);
    assert_true(store_open(sv_c(link), &f->limits, &s, &f->e));
    store_close(s);
    assert_int_equal(unlink(link), 0);
}

/* Every statement of the table can be prepared, as many parameters as it is given. */
static void every_statement_fits_the_schema(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < SQL_END; i++) {
        struct query q = query_start(f->s, (enum statement)i);
        if (q.rc != SQLITE_OK)
            fail_msg("statement %d: %s", i, sqlite3_errmsg(f->s->db));
    }
}

static void sql_text_is_never_made_of_values(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    r.header_from = SV("x'); DROP TABLE mail; --");
    make_mail(&m, 1);
    add_report(&m, made_report("'; DROP TABLE report; --"), &r, 1);
    assert_false(put_alone(f, &m).refused);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report WHERE report_id = '''; DROP TABLE report; --'"),
                     1);
}

static void a_newer_one_is_refused(void **state)
{
    struct fixture *f = *state;
    exec(f, "PRAGMA user_version = 9");
    assert_int_equal(open_fails(f, f->path), ERR_CONFIG);
    assert_non_null(strstr(f->e.msg, "version 9"));
}

static void another_programs_is_refused(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    f->s = NULL;
    assert_int_equal(unlink(f->path), 0);
    exec(f, "CREATE TABLE bookmarks(url)");
    assert_int_equal(open_fails(f, f->path), ERR_CONFIG);
    exec(f, "PRAGMA application_id = 77; PRAGMA user_version = 1");
    assert_int_equal(open_fails(f, f->path), ERR_CONFIG);
    assert_non_null(strstr(f->e.msg, "another program"));
}

static void overwrite(const char *path, off_t at, size_t n)
{
    char junk[512];
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    memset(junk, 'J', sizeof junk);
    for (size_t done = 0; done < n; done += sizeof junk)
        assert_int_equal(pwrite(fd, junk, sizeof junk, at + (off_t)done), sizeof junk);
    (void)close(fd);
}

static void no_database(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    f->s = NULL;
    overwrite(f->path, 0, 1024);
    assert_int_equal(open_fails(f, f->path), ERR_DAMAGED);
    assert_non_null(strstr(f->e.msg, "damaged"));
}

static void a_damaged_page(void **state)
{
    struct fixture *f = *state;
    struct record r = made_record("192.0.2.1", 3);
    struct made_mail m;
    struct store_put put;
    make_mail(&m, 1);
    add_report(&m, made_report("1"), &r, 1);
    store_close(f->s);
    f->s = NULL;
    overwrite(f->path, 4096 * 2, 4096 * 40);
    if (store_open(sv_c(f->path), &f->limits, &f->s, &f->e)) {
        assert_true(store_begin_mails(f->s, NOW, &f->e));
        assert_false(put_open(f, &m, &put));
    }
    assert_int_equal(f->e.cls, ERR_DAMAGED);
    assert_non_null(strstr(f->e.msg, "damaged"));
    assert_non_null(strstr(f->e.msg, f->path));
}

static void a_folder_in_its_place(void **state)
{
    struct fixture *f = *state;
    const char *path = text(f, "%s/folder", f->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(open_fails(f, path), ERR_STATE);
    assert_int_equal(rmdir(path), 0);
}

/* Another command in the middle of a short transaction: after the time-out a clear line, and the next
 * try goes on. The time-out is cut here. */
static void busy(void **state)
{
    struct fixture *f = *state;
    struct store *other;
    assert_true(store_open(sv_c(f->path), &f->limits, &other, &f->e));
    (void)sqlite3_busy_timeout(other->db, 50);
    assert_true(store_begin_mails(f->s, NOW, &f->e));
    assert_false(store_begin_mails(other, NOW, &f->e));
    assert_int_equal(f->e.cls, ERR_RETRY);
    assert_non_null(strstr(f->e.msg, f->path));
    assert_true(store_commit_mails(f->s, &f->e));
    assert_true(store_begin_mails(other, NOW, &f->e));
    assert_true(store_commit_mails(other, &f->e));
    store_close(other);
}

static void closing_nothing(void **state)
{
    (void)state;
    store_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_one),
        TEST(a_link_to_a_database_is_followed_to_nothing_it_is_not),
        TEST(every_statement_fits_the_schema),
        TEST(sql_text_is_never_made_of_values),
        TEST(a_newer_one_is_refused),
        TEST(another_programs_is_refused),
        TEST(no_database),
        TEST(a_damaged_page),
        TEST(a_folder_in_its_place),
        TEST(busy),
        cmocka_unit_test(closing_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
