#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool.h"

enum { MEMORY = 64, CAP = 1000 };

static char folder[] = "/tmp/dmarcwarn-spool-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder); /* fails when a file was left */
}

static void put(struct spool *s, char c, size_t n)
{
    char octets[CAP];
    struct err e;
    memset(octets, c, n);
    assert_int_equal(spool_put(s, sv_of(octets, n), &e), SPOOL_OK);
}

static void expect(const struct spool *s, uint64_t at, char c, size_t n)
{
    char got[CAP];
    struct err e;
    assert_true(spool_read(s, at, got, n, &e));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(got[i], c);
}

static void little_stays_in_memory(void **state)
{
    (void)state;
    struct spool s;
    spool_init(&s, MEMORY, CAP, "/nonexistent");
    put(&s, 'a', 40);
    put(&s, 'b', 24);
    assert_int_equal(s.fd, -1);
    assert_int_equal(spool_size(&s), 64);
    expect(&s, 0, 'a', 40);
    expect(&s, 40, 'b', 24);
    spool_free(&s);
}

static void more_goes_to_a_file_without_a_name(void **state)
{
    (void)state;
    const char *const folders[] = {folder, NULL};
    for (size_t i = 0; i < 2; i++) {
        struct spool s;
        spool_init(&s, MEMORY, CAP, folders[i]);
        put(&s, 'a', 40);
        put(&s, 'b', 40);
        put(&s, 'c', 500);
        put(&s, 'd', 30);
        assert_true(s.fd >= 0);
        struct stat st;
        assert_int_equal(fstat(s.fd, &st), 0);
        assert_int_equal(st.st_nlink, 0);
        assert_int_equal(spool_size(&s), 610);
        expect(&s, 0, 'a', 40);
        expect(&s, 40, 'b', 40);
        expect(&s, 80, 'c', 500);
        expect(&s, 580, 'd', 30);
        spool_free(&s);
    }
}

static void the_cap_holds_to_the_octet(void **state)
{
    (void)state;
    struct spool s;
    struct err e;
    spool_init(&s, MEMORY, CAP, folder);
    put(&s, 'a', 999);
    assert_int_equal(spool_put(&s, SV("bb"), &e), SPOOL_FULL);
    assert_int_equal(spool_size(&s), 999);
    put(&s, 'c', 1);
    assert_int_equal(spool_put(&s, SV("d"), &e), SPOOL_FULL);
    expect(&s, 0, 'a', 999);
    expect(&s, 999, 'c', 1);
    spool_free(&s);
}

static void what_is_cut_is_gone(void **state)
{
    (void)state;
    struct spool s;
    spool_init(&s, MEMORY, CAP, folder);
    put(&s, 'a', 30);
    put(&s, 'b', 30);
    spool_cut(&s, 30); /* in memory */
    put(&s, 'c', 500);
    put(&s, 'd', 20);
    spool_cut(&s, 535); /* in the tail after the file */
    put(&s, 'e', 5);
    assert_int_equal(spool_size(&s), 540);
    expect(&s, 530, 'd', 5);
    expect(&s, 535, 'e', 5);
    spool_cut(&s, 100); /* in the file */
    put(&s, 'f', 50);
    assert_int_equal(spool_size(&s), 150);
    expect(&s, 0, 'a', 30);
    expect(&s, 30, 'c', 70);
    expect(&s, 100, 'f', 50);
    spool_cut(&s, 0);
    put(&s, 'g', 900);
    expect(&s, 0, 'g', 900);
    spool_free(&s);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct spool s;
    struct err e;
    spool_init(&s, MEMORY, CAP, "/nonexistent");
    put(&s, 'a', 64);
    assert_int_equal(spool_put(&s, SV("b"), &e), SPOOL_ERROR);
    assert_int_equal(e.cls, ERR_STATE);
    assert_non_null(strstr(e.msg, "/nonexistent"));
    spool_free(&s);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct spool s;
    struct err e;
    spool_init(&s, MEMORY, CAP, NULL);
    FILE *full = fopen("/dev/full", "r+");
    assert_non_null(full);
    s.fd = dup(fileno(full));
    put(&s, 'a', 64);
    assert_int_equal(spool_put(&s, SV("b"), &e), SPOOL_ERROR);
    assert_int_equal(e.cls, ERR_DISK);
    spool_free(&s);
    fclose(full);
}

static void a_file_that_shrank_is_told(void **state)
{
    (void)state;
    struct spool s;
    struct err e;
    char got[CAP];
    spool_init(&s, MEMORY, CAP, folder);
    put(&s, 'a', 500);
    assert_int_equal(ftruncate(s.fd, 100), 0);
    assert_false(spool_read(&s, 0, got, 500, &e));
    assert_int_equal(e.cls, ERR_DISK);
    spool_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(little_stays_in_memory),
        cmocka_unit_test(more_goes_to_a_file_without_a_name),
        cmocka_unit_test(the_cap_holds_to_the_octet),
        cmocka_unit_test(what_is_cut_is_gone),
        cmocka_unit_test(a_folder_that_is_not_there_is_told),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(a_file_that_shrank_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
