/* What a confined process may do and what not: each act in a child of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

static int try_open(void)
{
    return open("/etc/passwd", O_RDONLY);
}

static int try_create(void)
{
    return (int)syscall(SYS_openat, AT_FDCWD, "/tmp/dmarcwarn-must-not-exist", O_CREAT | O_WRONLY, 0600);
}

static int try_stat(void)
{
    struct stat st;
    return stat("/etc/passwd", &st);
}

static int try_unlink(void)
{
    return unlink("/tmp/dmarcwarn-must-not-exist");
}

static int try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

static int try_unix_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int try_socketpair(void)
{
    int ends[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
}

/* Passing descriptors needs sendmsg. */
static int try_sendmsg(void)
{
    struct msghdr m = {0};
    return (int)sendmsg(3, &m, MSG_NOSIGNAL);
}

static int try_exec(void)
{
    char name[] = "true";
    char *const argv[] = {name, NULL}, *const env[] = {NULL};
    return execve("/bin/true", argv, env);
}

static int try_fork(void)
{
    pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
        _exit(0);
    return pid;
}

static int try_clone3(void)
{
    char args[64] = {0};
    return (int)syscall(SYS_clone3, args, sizeof args);
}

static int try_ptrace(void)
{
    return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static int try_kill(void)
{
    return (int)syscall(SYS_kill, 1, 0);
}

static int try_tgkill(void)
{
    return (int)syscall(SYS_tgkill, 1, 1, 0);
}

static int try_read_memory(void)
{
    return (int)syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0);
}

static int try_io_uring(void)
{
    return (int)syscall(SYS_io_uring_setup, 4, NULL);
}

static int try_bpf(void)
{
    return (int)syscall(SYS_bpf, 0, NULL, 0);
}

static int try_keyctl(void)
{
    return (int)syscall(SYS_keyctl, 0, 0);
}

static int try_perf(void)
{
    return (int)syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0);
}

static int try_userfaultfd(void)
{
    return (int)syscall(SYS_userfaultfd, 0);
}

static int try_memfd(void)
{
    return memfd_create("x", 0);
}

static int try_pipe(void)
{
    int ends[2];
    return pipe(ends);
}

static int try_dup(void)
{
    return dup(3);
}

static int try_mount(void)
{
    return (int)syscall(SYS_mount, "none", "/mnt", "tmpfs", 0, NULL);
}

static int try_unshare(void)
{
    return (int)syscall(SYS_unshare, 0);
}

static int try_setuid(void)
{
    return (int)syscall(SYS_setuid, 0);
}

static int try_other_descriptor(void)
{
    char c;
    return (int)syscall(SYS_read, 0, &c, 1);
}

static int try_write_stdout(void)
{
    return (int)syscall(SYS_write, 1, "x", 1);
}

#ifndef DW_SANITIZED
static int try_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? -1 : 0;
}

static int try_code_later(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static int try_map_file(void)
{
    void *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0);
    return p == MAP_FAILED ? -1 : 0;
}

static int try_prctl(void)
{
    return prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
}

static int try_handler(void)
{
    return signal(SIGSYS, SIG_IGN) == SIG_ERR ? -1 : 0;
}
#endif

#ifdef __x86_64__
static int try_x32(void)
{
    return (int)syscall(0x40000000 | SYS_getppid);
}
#endif

enum fate { KILLED, REFUSED };

static const struct act {
    const char *name;
    int (*try)(void);
    enum fate fate;
    bool works; /* for anybody who is not confined: shown, so that a refusal means something */
} acts[] = {
    {"open", try_open, REFUSED, true},
    {"create", try_create, REFUSED, true},
    {"stat", try_stat, REFUSED, true},
    {"unlink", try_unlink, KILLED, true},
    {"socket", try_socket, REFUSED, true},
    {"unix socket", try_unix_socket, REFUSED, true},
    {"socketpair", try_socketpair, KILLED, true},
    {"sendmsg", try_sendmsg, KILLED, false},
    {"exec", try_exec, KILLED, true},
    {"fork", try_fork, KILLED, true},
    {"clone3", try_clone3, KILLED, false},
    {"ptrace", try_ptrace, KILLED, false},
    {"kill", try_kill, KILLED, false},
    {"tgkill", try_tgkill, REFUSED, false},
    {"process_vm_readv", try_read_memory, KILLED, false},
    {"io_uring", try_io_uring, KILLED, false},
    {"bpf", try_bpf, KILLED, false},
    {"keyctl", try_keyctl, KILLED, false},
    {"perf_event_open", try_perf, KILLED, false},
    {"userfaultfd", try_userfaultfd, KILLED, false},
    {"memfd_create", try_memfd, KILLED, true},
    {"pipe", try_pipe, KILLED, true},
    {"dup", try_dup, KILLED, true},
    {"mount", try_mount, KILLED, false},
    {"unshare", try_unshare, KILLED, true},
    {"setuid", try_setuid, KILLED, false},
    {"read stdin", try_other_descriptor, KILLED, false},
    {"write stdout", try_write_stdout, KILLED, false},
#ifndef DW_SANITIZED
    {"mmap of code", try_code, KILLED, true},
    {"mprotect to code", try_code_later, KILLED, true},
    {"mmap of a file", try_map_file, KILLED, false},
    {"prctl", try_prctl, KILLED, true},
    {"signal", try_handler, REFUSED, true},
#endif
#ifdef __x86_64__
    {"x32 call", try_x32, KILLED, false},
#endif
};

enum { DID_IT = 100, NOT_CONFINED, OTHER_ERROR };

/* The wait status of a child that does it; descriptor 3 is a socket of its own. */
static int status_of(int (*try)(void), bool confined)
{
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        int ends[2];
        enum wire_sandbox level;
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || dup2(ends[0], 3) < 0)
            _exit(OTHER_ERROR);
        (void)signal(SIGSEGV, SIG_DFL); /* the test library's would do much */
        if (confined && !sandbox_confine(&limits, &level))
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

static void forbidden_acts_are_forbidden(void **state)
{
    (void)state;
    assert_true(COUNT_OF(acts) >= 25);
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        int status = status_of(acts[i].try, true);
        bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
        bool refused = WIFEXITED(status) && WEXITSTATUS(status) == EACCES;
        if (acts[i].fate == KILLED ? !killed : !refused)
            fail_msg("%s: wait status %#x", acts[i].name, (unsigned)status);
    }
}

static void the_same_acts_work_unconfined(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        int status = acts[i].works ? status_of(acts[i].try, false) : 0;
        bool done = WIFEXITED(status) && (WEXITSTATUS(status) == DID_IT || acts[i].try == try_exec);
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
        if (!sandbox_confine(&limits, &level))
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
