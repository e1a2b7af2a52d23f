#include "store/lock.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

static void one_at_a_time(void **state)
{
    struct fixture *f = *state;
    struct store_lock first, second;
    int64_t holder = -1;
    assert_int_equal(store_lock(sv_c(f->path), &first, &holder, &f->e), STORE_LOCKED);
    assert_int_equal(store_lock(sv_c(f->path), &second, &holder, &f->e), STORE_LOCK_BUSY);
    assert_int_equal(holder, getpid());
    store_unlock(&first);
    assert_int_equal(store_lock(sv_c(f->path), &second, &holder, &f->e), STORE_LOCKED);
    store_unlock(&second);
}

/* Whatever happens to the holder, the lock goes with it. */
static void a_dead_holder_holds_nothing(void **state)
{
    struct fixture *f = *state;
    struct store_lock l;
    int64_t holder;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(store_lock(sv_c(f->path), &l, &holder, &f->e) == STORE_LOCKED ? 0 : 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(store_lock(sv_c(f->path), &l, &holder, &f->e), STORE_LOCKED);
    store_unlock(&l);
}

static void makes_the_folder_for_us_alone(void **state)
{
    struct fixture *f = *state;
    struct store_lock l;
    struct stat st;
    int64_t holder;
    const char *folder = text(f, "%s/new", f->folder), *path = text(f, "%s/state.db", folder);
    assert_int_equal(store_lock(sv_c(path), &l, &holder, &f->e), STORE_LOCKED);
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    store_unlock(&l);
    path = text(f, "%s/run.lock", folder);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void a_file_in_the_folders_place(void **state)
{
    struct fixture *f = *state;
    struct store_lock l;
    int64_t holder;
    const char *file = text(f, "%s/here", f->folder), *path = text(f, "%s/state.db", file);
    int fd = open(file, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
    assert_int_equal(store_lock(sv_c(path), &l, &holder, &f->e), STORE_LOCK_FAILED);
    assert_int_equal(f->e.cls, ERR_STATE);
    assert_non_null(strstr(f->e.msg, file));
    assert_non_null(strstr(f->e.msg, "Not a directory"));
}

/* Somebody else's link is not followed: the file behind it would be cut. */
static void a_link_is_refused(void **state)
{
    struct fixture *f = *state;
    struct store_lock l;
    int64_t holder;
    const char *link = text(f, "%s/run.lock", f->folder);
    assert_int_equal(symlink(f->path, link), 0);
    assert_int_equal(store_lock(sv_c(f->path), &l, &holder, &f->e), STORE_LOCK_FAILED);
    assert_int_equal(f->e.cls, ERR_STATE);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mailbox"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_at_a_time),
        TEST(a_dead_holder_holds_nothing),
        TEST(makes_the_folder_for_us_alone),
        TEST(a_file_in_the_folders_place),
        TEST(a_link_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
