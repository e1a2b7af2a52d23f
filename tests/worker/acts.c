#include "acts.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/attr.h"

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

const struct act acts[] = {
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

const size_t n_acts = COUNT_OF(acts);
