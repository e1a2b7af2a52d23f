#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char folder[] = "/tmp/dmarcwarn-file-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void writes_whole_or_not(void **state)
{
    (void)state;
    struct err e;
    struct stat st;
    buf b;
    buf_init(&b, 5);
    const char *path = in_folder("a");
    assert_true(file_write_atomic(path, SV("first"), 0600, &e));
    assert_true(file_write_atomic(path, SV("again"), 0640, &e));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_true(file_read(path, &b, &e));
    assert_sv_equal(buf_view(&b), "again");
    buf_free(&b);
    buf_init(&b, 4);
    assert_false(file_read(path, &b, &e));
    assert_int_equal(e.cls, ERR_LIMIT);
    buf_free(&b);
    assert_false(file_write_atomic(in_folder("none/a"), SV("x"), 0600, &e));
    assert_int_equal(e.cls, ERR_STATE);
    assert_false(file_read(in_folder("none"), &b, &e));
    assert_int_equal(e.cls, ERR_INPUT);
}

static void classes(void **state)
{
    (void)state;
    assert_int_equal(err_class_of_errno(ENOSPC, ERR_STATE), ERR_DISK);
    assert_int_equal(err_class_of_errno(EACCES, ERR_STATE), ERR_STATE);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(in_folder("a"));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_whole_or_not), cmocka_unit_test(classes)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
