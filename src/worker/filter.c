/* The system call filter: a short allow list; EACCES for what libraries politely try and do without, and
 * for what abort() does on its way to its end; the end of the process for all else. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "sandbox.h"

/* The one descriptor that is left, and stderr for sanitizers. */
enum { SOCKET = 3, STDERR = 2 };

struct rule {
    int call;
    unsigned n;
    struct scmp_arg_cmp args[2];
};

#define CALL(name)                                                                                           \
    {                                                                                                        \
        .call = SCMP_SYS(name)                                                                               \
    }
#define ARG(index, op, ...)                                                                                  \
    {                                                                                                        \
        (index), (op), __VA_ARGS__                                                                           \
    }

static const struct rule allowed[] = {
    {SCMP_SYS(read), 1, {ARG(0, SCMP_CMP_EQ, SOCKET, 0)}},
    {SCMP_SYS(write), 1, {ARG(0, SCMP_CMP_EQ, SOCKET, 0)}},
    CALL(brk),
    CALL(munmap),
    CALL(mremap),
    CALL(madvise),
    CALL(exit),
    CALL(exit_group),
    CALL(rt_sigreturn),
    CALL(restart_syscall),
    CALL(clock_gettime),
    CALL(getrandom),
#if defined DW_SANITIZED || defined DW_TRAP
    {SCMP_SYS(write), 1, {ARG(0, SCMP_CMP_EQ, STDERR, 0)}},
#endif
#ifdef DW_SANITIZED
    CALL(mmap),
    CALL(mprotect),
    CALL(futex),
    CALL(getpid),
    CALL(gettid),
    CALL(sched_yield),
    CALL(sigaltstack),
    CALL(rt_sigaction),
    CALL(rt_sigprocmask),
    CALL(gettimeofday),
    CALL(prctl),
    CALL(ioctl),
    CALL(getrlimit),
    CALL(prlimit64),
#else
    /* Memory, never code and never a file. */
    {SCMP_SYS(mmap),
     2,
     {ARG(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0), ARG(3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)}},
    {SCMP_SYS(mprotect), 1, {ARG(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)}},
    {SCMP_SYS(futex), 1, {ARG(1, SCMP_CMP_EQ, FUTEX_WAIT_PRIVATE, 0)}},
    {SCMP_SYS(futex), 1, {ARG(1, SCMP_CMP_EQ, FUTEX_WAKE_PRIVATE, 0)}},
#endif
};

static const struct rule refused[] = {
    CALL(open),
    CALL(openat),
    CALL(stat),
    CALL(fstat),
    CALL(lstat),
    CALL(newfstatat),
    CALL(statx),
    CALL(access),
    CALL(faccessat),
    CALL(readlink),
    CALL(readlinkat),
    CALL(lseek),
    CALL(socket),
    CALL(writev),
    CALL(tgkill),
#if !defined DW_SANITIZED && !defined DW_TRAP
    {SCMP_SYS(write), 1, {ARG(0, SCMP_CMP_EQ, STDERR, 0)}},
#endif
#ifndef DW_SANITIZED
    CALL(getpid),
    CALL(gettid),
    CALL(rt_sigaction),
    CALL(rt_sigprocmask),
#endif
};

static bool add(scmp_filter_ctx ctx, uint32_t action, const struct rule *rules, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (seccomp_rule_add_array(ctx, action, rules[i].call, rules[i].n, rules[i].args) != 0)
            return false;
    return true;
}

/* What else: a debug build survives long enough to name the call (trap.c). */
#ifdef DW_TRAP
static const uint32_t for_all_else = SCMP_ACT_TRAP;
#else
static const uint32_t for_all_else = SCMP_ACT_KILL_PROCESS;
#endif

/* libseccomp knows the numbers that a call has on every machine, and skips what a machine does not have. */
static bool only_for(scmp_filter_ctx ctx, uint32_t arch)
{
    return arch == seccomp_arch_native() ||
           (seccomp_arch_add(ctx, arch) == 0 && seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE) == 0);
}

bool filter_export(uint32_t arch, int fd)
{
    scmp_filter_ctx ctx = seccomp_init(for_all_else);
    if (ctx == NULL)
        return false;
    bool made =
        only_for(ctx, arch) && seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
        add(ctx, SCMP_ACT_ALLOW, allowed, COUNT_OF(allowed)) &&
        add(ctx, SCMP_ACT_ERRNO(EACCES), refused, COUNT_OF(refused)) && seccomp_export_bpf(ctx, fd) == 0;
    seccomp_release(ctx);
    return made;
}

/* As the kernel takes it. */
static struct sock_filter *program;
static unsigned short program_n;

bool filter_make(void)
{
    int fd CLEANUP(fd_cleanup) = memfd_create("filter", MFD_CLOEXEC);
    off_t size = fd >= 0 && filter_export(seccomp_arch_native(), fd) ? lseek(fd, 0, SEEK_END) : 0;
    if (size <= 0 || size > UINT16_MAX * (off_t)sizeof *program)
        return false;
    program = malloc((size_t)size);
    program_n = (unsigned short)((size_t)size / sizeof *program);
    return program && pread(fd, program, (size_t)size, 0) == size;
}

bool filter_load(void)
{
    const struct sock_fprog all = {.len = program_n, .filter = program};
#ifdef DW_TRAP
    if (!trap_set())
        return false;
#endif
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &all) == 0;
}
