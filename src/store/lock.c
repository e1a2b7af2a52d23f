#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "folder.h"

enum { PID_TEXT = 32 };

static int64_t read_holder(int fd)
{
    char text[PID_TEXT];
    int64_t pid;
    ssize_t n = pread(fd, text, sizeof text, 0);
    return n > 0 && num_i64(sv_trim(sv_of(text, (size_t)n)), 1, INT32_MAX, &pid) ? pid : 0;
}

static bool write_holder(int fd)
{
    char text[PID_TEXT];
    int n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    return n > 0 && ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n;
}

static enum store_lock_result lock_failed(const char *path, int why, struct err *e)
{
    folder_err(path, "cannot be locked", why, e);
    return STORE_LOCK_FAILED;
}

static enum store_lock_result lock_file(const char *path, struct store_lock *out, int64_t *holder,
                                        struct err *e)
{
    int fd CLEANUP(fd_cleanup) = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return lock_failed(path, errno, e);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return lock_failed(path, errno, e);
        *holder = read_holder(fd);
        return STORE_LOCK_BUSY;
    }
    if (!write_holder(fd))
        return lock_failed(path, errno, e);
    out->fd = fd;
    fd = -1;
    return STORE_LOCKED;
}

enum store_lock_result store_lock(sv path, struct store_lock *out, int64_t *holder, struct err *e)
{
    if (!folder_make(path, e))
        return STORE_LOCK_FAILED;
    char *file = folder_file(path, "run.lock");
    if (file == NULL) {
        err_set(e, ERR_MEMORY, "out of memory");
        return STORE_LOCK_FAILED;
    }
    enum store_lock_result result = lock_file(file, out, holder, e);
    free(file);
    return result;
}

void store_unlock(struct store_lock *l)
{
    fd_cleanup(&l->fd);
}
