/* What a confined process may do and what not: each act in a child of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "acts.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/file.h"
#include "sandbox.h"

static struct limits limits;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    static bool made;
    made = made || filter_make();
    return made ? 0 : -1;
}

enum { DID_IT = 100, NOT_CONFINED, OTHER_ERROR };

/* From root to nobody in particular; anybody else stays who he is. */
static bool become_ordinary(void)
{
    return geteuid() != 0 || (setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
}

/* The wait status of a child that does it; descriptor 3 is a socket of its own. */
static int status_as(int (*try)(void), bool confined, bool ordinary)
{
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        int ends[2];
        enum wire_sandbox level;
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || dup2(ends[0], 3) < 0)
            _exit(OTHER_ERROR);
        (void)signal(SIGSEGV, SIG_DFL); /* the test library's would do much */
        if (ordinary && !become_ordinary())
            _exit(OTHER_ERROR);
        if (confined && !sandbox_confine(&limits, false, &level))
            _exit(NOT_CONFINED);
        errno = 0;
        if (try() >= 0)
            _exit(DID_IT);
        _exit(errno == EACCES ? EACCES : OTHER_ERROR);
    }
    assert_true(pid > 0);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static int status_of(int (*try)(void), bool confined)
{
    return status_as(try, confined, false);
}

static void expect_forbidden(bool ordinary)
{
    assert_true(n_acts >= 25);
    for (size_t i = 0; i < n_acts; i++) {
        int status = status_as(acts[i].try, true, ordinary);
        bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
        bool refused = WIFEXITED(status) && WEXITSTATUS(status) == EACCES;
        if (acts[i].fate == KILLED ? !killed : !refused)
            fail_msg("%s: wait status %#x", acts[i].name, (unsigned)status);
    }
}

/* As root, where this is run by root. */
static void forbidden_acts_are_forbidden(void **state)
{
    (void)state;
    expect_forbidden(false);
}

static void to_ordinary_users_too(void **state)
{
    (void)state;
    expect_forbidden(true);
}

static void the_same_acts_work_unconfined(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_acts; i++) {
        int status = acts[i].works ? status_of(acts[i].try, false) : 0;
        bool done = WIFEXITED(status) && (WEXITSTATUS(status) == DID_IT || strcmp(acts[i].name, "exec") == 0);
        if (acts[i].works && !done)
            fail_msg("%s: wait status %#x", acts[i].name, (unsigned)status);
    }
}

/* What a reader needs. */
static int work(void)
{
    struct timespec t;
    char c = 'x';
    char *small = malloc(100), *large = malloc(MIB(64));
    if (small == NULL || large == NULL || clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0)
        return -1;
    memset(large, 1, MIB(64));
    large = realloc(large, MIB(100));
    free(small);
    free(large);
    return write(3, &c, 1) == 1 ? 0 : -1;
}

static void a_reader_can_work(void **state)
{
    (void)state;
    int status = status_of(work, true);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), DID_IT);
}

#ifndef DW_SANITIZED
/* Beyond its share of memory an allocation fails; the reader lives on and says memory_limit. */
static int take_much(void)
{
    void *p = malloc(limits.worker_memory + MIB(1)), *q = malloc(limits.worker_memory / 2);
    bool capped = p == NULL && q != NULL;
    free(p);
    free(q);
    return capped ? 0 : -1;
}

static void memory_is_limited(void **state)
{
    (void)state;
    int status = status_of(take_much, true);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), DID_IT);
}
#endif

/* abort() gets to its end instead of standing out as a forbidden call. */
static int give_up(void)
{
    abort();
}

static void abort_is_no_forbidden_call(void **state)
{
    (void)state;
    int status = status_of(give_up, true);
    assert_true(WIFSIGNALED(status));
    assert_int_not_equal(WTERMSIG(status), SIGSYS);
}

static int wait_on_socket(void)
{
    char c;
    return (int)read(3, &c, 1);
}

/* A line of /proc/pid/what of a confined child. */
static void expect_line(pid_t pid, const char *what, const char *line)
{
    char path[64];
    struct err e;
    buf text;
    buf_init(&text, 65536);
    snprintf(path, sizeof path, "/proc/%d/%s", pid, what);
    assert_true(file_read(path, &text, &e));
    if (sv_find(buf_view(&text), sv_c(line), 0) == SIZE_MAX)
        fail_msg("no \"%s\" in %.*s", line, SV_ARG(buf_view(&text)));
    buf_free(&text);
}

static void the_kernel_says_so_too(void **state)
{
    (void)state;
    int ends[2];
    enum wire_sandbox level = WIRE_SANDBOX_off;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        (void)dup2(ends[0], 3);
        (void)close(ends[1]);
        if (!sandbox_confine(&limits, false, &level))
            _exit(NOT_CONFINED);
        char c = (char)level;
        if (write(3, &c, 1) != 1)
            _exit(OTHER_ERROR);
        (void)wait_on_socket();
        _exit(0);
    }
    char c = 0;
    (void)close(ends[0]);
    assert_int_equal(read(ends[1], &c, 1), 1);
#ifdef DW_SANITIZED
    assert_int_equal(c, WIRE_SANDBOX_wide);
#else
    assert_true(c == WIRE_SANDBOX_full || c == WIRE_SANDBOX_no_landlock);
    expect_line(pid, "limits", "Max cpu time              30                   30                   seconds");
#endif
    expect_line(pid, "status", "NoNewPrivs:\t1\n");
    expect_line(pid, "status", "Seccomp:\t2\n");
    expect_line(pid, "limits", "Max file size             0                    0                    bytes");
    expect_line(pid, "limits", "Max open files            0                    0                    files");
    expect_line(pid, "limits",
                "Max processes             0                    0                    processes");
    expect_line(pid, "limits", "Max core file size        0                    0                    bytes");
    (void)close(ends[1]);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static unsigned descriptors(void)
{
    unsigned n = 0;
    DIR *d = opendir("/proc/self/fd");
    for (struct dirent *entry; d && (entry = readdir(d)) != NULL;)
        n += entry->d_name[0] != '.';
    if (d)
        (void)closedir(d);
    return n - 1; /* the folder's own */
}

/* 0 when all is as it should be, else the number of the step that is not. */
static int prepared(void)
{
    for (int i = 0; i < 20; i++)
        if (open("/dev/zero", O_RDONLY) < 0)
            return 1;
    if (dup2(20, 7) < 0 || !sandbox_prepare(7))
        return 2;
    if (descriptors() != 4 || fcntl(7, F_GETFD) < 0)
        return 3;
    if (getenv("PATH") != NULL || getenv("TZ") == NULL)
        return 4;
    if (prctl(PR_GET_DUMPABLE) != 0)
        return 5;
    int signal = 0;
    if (prctl(PR_GET_PDEATHSIG, &signal) != 0 || signal != SIGKILL)
        return 6;
    char c;
    return read(0, &c, 1) == 0 ? 0 : 7;
}

static void preparing_leaves_one_descriptor_and_no_environment(void **state)
{
    (void)state;
    assert_int_equal(setenv("PATH", "/bin", 0), 0);
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(prepared());
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int set_up_file(void **state)
{
    (void)state;
    /* try_unlink has something to remove, and try_create something to make. */
    FILE *f = fopen("/tmp/dmarcwarn-must-not-exist", "w");
    return f && fclose(f) == 0 ? 0 : -1;
}

static int remove_file(void **state)
{
    (void)state;
    (void)unlink("/tmp/dmarcwarn-must-not-exist");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(forbidden_acts_are_forbidden, set_up),
        cmocka_unit_test_setup(to_ordinary_users_too, set_up),
        cmocka_unit_test_setup_teardown(the_same_acts_work_unconfined, set_up_file, remove_file),
        cmocka_unit_test_setup(a_reader_can_work, set_up),
#ifndef DW_SANITIZED
        cmocka_unit_test_setup(memory_is_limited, set_up),
#endif
        cmocka_unit_test_setup(abort_is_no_forbidden_call, set_up),
        cmocka_unit_test_setup(the_kernel_says_so_too, set_up),
        cmocka_unit_test_setup(preparing_leaves_one_descriptor_and_no_environment, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
