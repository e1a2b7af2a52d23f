/* The system call filter of both machines, run by a small interpreter of the classic packet filter's
 * language: a verdict for every call of either, whichever this is. What is expected is written down here once
 * more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/file.h"
#include "sandbox.h"

enum { PROGRAM_MAX = 4096, NUMBERS = 2048, MEMORY = BPF_MEMWORDS };

static const struct machine {
    const char *name;
    uint32_t arch, token; /* of libseccomp, of the kernel */
} machines[] = {
    {"x86-64", SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64},
    {"aarch64", SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64},
};

static struct sock_filter program[PROGRAM_MAX];
static size_t program_n;

/* ---- the interpreter: what seccomp allows of the language ---- */

static uint32_t data_word(const struct seccomp_data *d, uint32_t at)
{
    uint32_t v;
    assert_true(at % 4 == 0 && at + 4 <= sizeof *d);
    memcpy(&v, (const char *)d + at, sizeof v);
    return v;
}

static uint32_t compute(uint16_t op, uint32_t a, uint32_t b)
{
    switch (BPF_OP(op)) {
    case BPF_AND:
        return a & b;
    case BPF_OR:
        return a | b;
    case BPF_ADD:
        return a + b;
    case BPF_SUB:
        return a - b;
    case BPF_RSH:
        return a >> (b & 31);
    case BPF_LSH:
        return a << (b & 31);
    default:
        fail_msg("operation %#x", op);
        return 0;
    }
}

static bool holds(uint16_t op, uint32_t a, uint32_t b)
{
    switch (BPF_OP(op)) {
    case BPF_JEQ:
        return a == b;
    case BPF_JGT:
        return a > b;
    case BPF_JGE:
        return a >= b;
    case BPF_JSET:
        return (a & b) != 0;
    default:
        fail_msg("jump %#x", op);
        return false;
    }
}

/* The instruction after a jump. */
static size_t after_jump(const struct sock_filter *f, size_t at, uint32_t a, uint32_t x)
{
    if (BPF_OP(f->code) == BPF_JA)
        return at + f->k;
    return at + (holds(f->code, a, BPF_SRC(f->code) == BPF_X ? x : f->k) ? f->jt : f->jf);
}

static uint32_t run(const struct seccomp_data *d)
{
    uint32_t a = 0, x = 0, memory[MEMORY] = {0};
    for (size_t at = 0; at < program_n; at++) {
        const struct sock_filter *f = &program[at];
        uint32_t operand = BPF_SRC(f->code) == BPF_X ? x : f->k;
        switch (BPF_CLASS(f->code)) {
        case BPF_LD:
            assert_true(BPF_MODE(f->code) == BPF_MEM || f->code == (BPF_LD | BPF_W | BPF_ABS));
            a = BPF_MODE(f->code) == BPF_MEM ? memory[f->k % MEMORY] : data_word(d, f->k);
            break;
        case BPF_ST:
            memory[f->k % MEMORY] = a;
            break;
        case BPF_ALU:
            a = compute(f->code, a, operand);
            break;
        case BPF_JMP:
            at = after_jump(f, at, a, x);
            break;
        case BPF_MISC:
            if (BPF_MISCOP(f->code) == BPF_TAX)
                x = a;
            else
                a = x;
            break;
        case BPF_RET:
            return BPF_RVAL(f->code) == BPF_A ? a : f->k;
        default:
            fail_msg("instruction %#x", f->code);
        }
    }
    fail_msg("the program has no end");
    return 0;
}

/* ---- verdicts ---- */

static void make(const struct machine *m)
{
    int fd CLEANUP(fd_cleanup) = memfd_create("filter", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_true(filter_export(m->arch, fd));
    ssize_t n = pread(fd, program, sizeof program, 0);
    assert_true(n > 0 && (size_t)n < sizeof program && (size_t)n % sizeof program[0] == 0);
    program_n = (size_t)n / sizeof program[0];
}

#ifdef DW_TRAP
static const uint32_t killed = SECCOMP_RET_TRAP;
#else
static const uint32_t killed = SECCOMP_RET_KILL_PROCESS;
#endif
static const uint32_t refused = SECCOMP_RET_ERRNO | EACCES, granted = SECCOMP_RET_ALLOW;

struct call {
    const char *name;
    uint64_t args[4];
};

#define ANY UINT64_C(0x1111111100000007)

static const struct call allowed[] = {
    {"read", {3}},
    {"write", {3}},
    {"brk", {ANY}},
    {"munmap", {ANY}},
    {"mremap", {ANY}},
    {"madvise", {ANY}},
    {"exit", {ANY}},
    {"exit_group", {ANY}},
    {"rt_sigreturn", {ANY}},
    {"restart_syscall", {ANY}},
    {"clock_gettime", {ANY}},
    {"getrandom", {ANY}},
    {"mmap", {ANY, ANY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS}},
    {"mprotect", {ANY, ANY, PROT_READ}},
    {"futex", {ANY, FUTEX_WAIT_PRIVATE}},
    {"futex", {ANY, FUTEX_WAKE_PRIVATE}},
#ifdef DW_TRAP
    {"write", {2}},
#endif
};

/* Calls that are granted for some arguments: all others end the process. */
static const struct call forbidden_forms[] = {
    {"read", {0}},
    {"read", {4}},
    {"read", {UINT64_C(1) << 32 | 3}},
    {"write", {1}},
    {"write", {UINT64_C(1) << 32 | 3}},
    {"mmap", {ANY, ANY, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS}},
    {"mmap", {ANY, ANY, PROT_READ, MAP_PRIVATE}},
    {"mprotect", {ANY, ANY, PROT_EXEC}},
    {"mprotect", {ANY, ANY, PROT_READ | PROT_WRITE | PROT_EXEC}},
    {"futex", {ANY, FUTEX_WAIT}},
    {"futex", {ANY, FUTEX_LOCK_PI_PRIVATE}},
};

static const struct call refused_calls[] = {
    {"open", {0}},       {"openat", {0}}, {"stat", {0}},         {"fstat", {0}},          {"lstat", {0}},
    {"newfstatat", {0}}, {"statx", {0}},  {"access", {0}},       {"faccessat", {0}},      {"readlink", {0}},
    {"readlinkat", {0}}, {"lseek", {0}},  {"socket", {0}},       {"writev", {0}},         {"tgkill", {0}},
    {"getpid", {0}},     {"gettid", {0}}, {"rt_sigaction", {0}}, {"rt_sigprocmask", {0}},
#ifndef DW_TRAP
    {"write", {2}},
#endif
};

static uint32_t verdict(const struct machine *m, int number, const uint64_t args[4])
{
    struct seccomp_data d = {.nr = number, .arch = m->token};
    for (unsigned i = 0; args && i < 4; i++)
        d.args[i] = args[i];
    return run(&d);
}

/* -1: the machine has no such call. */
static int number_of(const struct machine *m, const char *name)
{
    int n = seccomp_syscall_resolve_name_arch(m->arch, name);
    return n < 0 ? -1 : n;
}

static void expect(const struct machine *m, const struct call *calls, size_t n, uint32_t wanted)
{
    for (size_t i = 0; i < n; i++) {
        int number = number_of(m, calls[i].name);
        if (number < 0)
            continue;
        uint32_t got = verdict(m, number, calls[i].args);
        if (got != wanted)
            fail_msg("%s on %s, item %zu: %#x", calls[i].name, m->name, i, got);
    }
}

static bool is_among(const char *name, const struct call *calls, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, calls[i].name) == 0)
            return true;
    return false;
}

static void what_a_reader_needs_is_granted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(machines); i++) {
        make(&machines[i]);
        expect(&machines[i], allowed, COUNT_OF(allowed), granted);
        expect(&machines[i], refused_calls, COUNT_OF(refused_calls), refused);
        expect(&machines[i], forbidden_forms, COUNT_OF(forbidden_forms), killed);
    }
}

/* Every number up to the last call that there is, and beyond. */
static void every_other_call_ends_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(machines); i++) {
        const struct machine *m = &machines[i];
        unsigned others = 0;
        make(m);
        for (int number = 0; number < NUMBERS; number++) {
            char *name = seccomp_syscall_resolve_num_arch(m->arch, number);
            bool listed = name && (is_among(name, allowed, COUNT_OF(allowed)) ||
                                   is_among(name, refused_calls, COUNT_OF(refused_calls)));
            if (!listed && verdict(m, number, NULL) != killed)
                fail_msg("%s (%d) on %s", name ? name : "no call", number, m->name);
            others += !listed;
            free(name);
        }
        assert_true(others > NUMBERS - 64);
    }
}

/* What the 25 acts of the sandbox test are done by, on both machines. */
static void the_acts_are_calls_of_both_machines(void **state)
{
    (void)state;
    static const char *const acts[] = {"unlinkat",
                                       "socketpair",
                                       "connect",
                                       "sendmsg",
                                       "execve",
                                       "execveat",
                                       "clone",
                                       "clone3",
                                       "ptrace",
                                       "kill",
                                       "process_vm_readv",
                                       "io_uring_setup",
                                       "bpf",
                                       "keyctl",
                                       "perf_event_open",
                                       "userfaultfd",
                                       "memfd_create",
                                       "pipe2",
                                       "dup",
                                       "mount",
                                       "unshare",
                                       "setuid",
                                       "prctl",
                                       "seccomp",
                                       "setns",
                                       "ioctl"};
    for (size_t i = 0; i < COUNT_OF(machines); i++) {
        make(&machines[i]);
        for (size_t j = 0; j < COUNT_OF(acts); j++) {
            int number = number_of(&machines[i], acts[j]);
            assert_true(number >= 0);
            if (verdict(&machines[i], number, NULL) != killed)
                fail_msg("%s on %s", acts[j], machines[i].name);
        }
    }
}

/* A program of another machine, and the second set of numbers of x86-64. */
static void another_machine_ends_it(void **state)
{
    (void)state;
    const uint64_t socket[4] = {3};
    for (size_t i = 0; i < COUNT_OF(machines); i++) {
        const struct machine *m = &machines[i];
        const struct machine foreign[] = {
            {"i386", 0, AUDIT_ARCH_I386}, {"arm", 0, AUDIT_ARCH_ARM}, machines[1 - i]};
        make(m);
        for (size_t j = 0; j < COUNT_OF(foreign); j++)
            for (int number = 0; number < NUMBERS; number++)
                if (verdict(&foreign[j], number, socket) != SECCOMP_RET_KILL_PROCESS)
                    fail_msg("call %d of %s on %s", number, foreign[j].name, m->name);
        for (int number = 0; number < NUMBERS; number++) {
            uint32_t got = verdict(m, 0x40000000 | number, socket);
            if (got != SECCOMP_RET_KILL_PROCESS && got != killed)
                fail_msg("x32 call %d on %s: %#x", number, m->name, got);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_reader_needs_is_granted),
        cmocka_unit_test(every_other_call_ends_it),
        cmocka_unit_test(the_acts_are_calls_of_both_machines),
        cmocka_unit_test(another_machine_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
