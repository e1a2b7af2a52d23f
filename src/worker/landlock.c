/* Landlock: a ruleset that handles every access this kernel knows, and allows none. Own definitions, as
 * the headers of the oldest supported system know only the first versions. */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "sandbox.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

enum { CREATE_RULESET_VERSION = 1 };

struct ruleset {
    uint64_t access_fs;
    uint64_t access_net; /* since ABI 4 */
    uint64_t scoped;     /* since ABI 6 */
};

static uint64_t first_bits(unsigned n)
{
    return (UINT64_C(1) << n) - 1;
}

/* Everything that the ABI can deny. A kernel takes a larger struct when what it does not know is 0. */
static struct ruleset all_of(long abi)
{
    struct ruleset r = {.access_fs = first_bits(13)};
    if (abi >= 2)
        r.access_fs = first_bits(14); /* refer */
    if (abi >= 3)
        r.access_fs = first_bits(15); /* truncate */
    if (abi >= 5)
        r.access_fs = first_bits(16); /* ioctl on devices */
    if (abi >= 4)
        r.access_net = first_bits(2); /* bind and connect, TCP */
    if (abi >= 6)
        r.scoped = first_bits(2); /* abstract unix sockets, signals */
    return r;
}

static bool means_absent(int err)
{
    return err == ENOSYS || err == EOPNOTSUPP || err == EPERM;
}

enum landlock landlock_deny_all(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0UL, CREATE_RULESET_VERSION);
    if (abi < 0)
        return means_absent(errno) ? LANDLOCK_ABSENT : LANDLOCK_FAILED;
    const struct ruleset all = all_of(abi);
    int fd CLEANUP(fd_cleanup) = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (fd < 0)
        return LANDLOCK_FAILED;
    return syscall(SYS_landlock_restrict_self, fd, 0) == 0 ? LANDLOCK_ON : LANDLOCK_FAILED;
}
