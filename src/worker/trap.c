/* Debug builds only: which system call it was that the filter does not allow. */
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox.h"

/* Not safe in a signal handler of a program that lives on; this one does not. */
static void on_forbidden(int number, siginfo_t *info, void *context)
{
    char text[128];
    char *name = seccomp_syscall_resolve_num_arch(info->si_arch, info->si_syscall);
    int n = snprintf(text, sizeof text, "dmarcwarn-parse: system call %s (%d) is forbidden to a reader\n",
                     name ? name : "without a name", info->si_syscall);
    (void)number, (void)context;
    (void)!write(STDERR_FILENO, text, n > 0 ? (size_t)n : 0);
    /* The handler is gone by now (SA_RESETHAND): what is forbidden ends the process. */
    (void)syscall(SYS_getppid);
    _exit(128 + SIGSYS);
}

bool trap_set(void)
{
    struct sigaction act = {.sa_sigaction = on_forbidden,
                            .sa_flags = (int)(SA_SIGINFO | SA_RESETHAND | SA_NODEFER)};
    (void)sigemptyset(&act.sa_mask);
    return sigaction(SIGSYS, &act, NULL) == 0;
}
