/* Runs a program under a system call filter, as a service manager or a container would:
 *   under-filter --allow NAME,NAME,… PROGRAM [ARGUMENT]…    all other calls give EPERM
 *   under-filter --refuse NAME,NAME,… PROGRAM [ARGUMENT]…   these give EPERM
 * Names that this machine does not have are passed over, as systemd does. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int add_names(scmp_filter_ctx ctx, uint32_t action, char *names)
{
    for (char *name; (name = strsep(&names, ",")) != NULL;) {
        int number = seccomp_syscall_resolve_name(name);
        if (number >= 0 && seccomp_rule_add(ctx, action, number, 0) != 0)
            return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 4 || (strcmp(argv[1], "--allow") != 0 && strcmp(argv[1], "--refuse") != 0))
        return 64;
    int allow = strcmp(argv[1], "--allow") == 0;
    scmp_filter_ctx ctx = seccomp_init(allow ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_ALLOW);
    if (ctx == NULL || add_names(ctx, allow ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM), argv[2]) != 0 ||
        (allow && add_names(ctx, SCMP_ACT_ALLOW, (char[]){"execve,exit_group"}) != 0) ||
        seccomp_load(ctx) != 0) {
        (void)fputs("under-filter: the filter cannot be loaded\n", stderr);
        return 71;
    }
    (void)execv(argv[3], argv + 3);
    perror(argv[3]);
    return 127;
}
