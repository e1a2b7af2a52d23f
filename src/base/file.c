#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 64 * 1024 };

void fd_cleanup(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

void file_cleanup(FILE **f)
{
    if (*f)
        (void)fclose(*f);
    *f = NULL;
}

enum err_class err_class_of_errno(int err, enum err_class otherwise)
{
    return err == ENOSPC || err == EDQUOT || err == EIO || err == EFBIG ? ERR_DISK : otherwise;
}

const char *file_folder(arena *a, sv path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/')
        n--;
    if (n == 0)
        return arena_cstr(a, SV("."));
    return arena_cstr(a, sv_first(path, n == 1 ? 1 : n - 1));
}

bool file_read_fd(int fd, const char *name, buf *out, struct err *e)
{
    for (;;) {
        size_t left = out->max - out->n;
        char *to = buf_room(out, left < READ_STEP ? left : READ_STEP);
        if (to == NULL)
            return err_set(e, ERR_MEMORY, "%s: out of memory", name);
        /* When full, one more octet tells a file of just the maximum from a larger one. */
        char extra;
        ssize_t got = left ? read(fd, to, left < READ_STEP ? left : READ_STEP) : read(fd, &extra, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(e, ERR_INPUT, "%s: cannot read: %s", name, strerror(errno));
        if (got == 0)
            return true;
        if (left == 0)
            return err_set(e, ERR_LIMIT, "%s: larger than %zu octets", name, out->max);
        out->n += (size_t)got;
    }
}

bool file_read(const char *path, buf *out, struct err *e)
{
    int fd CLEANUP(fd_cleanup) = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, ERR_INPUT, "%s: cannot open: %s", path, strerror(errno));
    return file_read_fd(fd, path, out, e);
}

static bool write_all(int fd, sv data)
{
    while (data.n) {
        ssize_t put = write(fd, data.p, data.n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        data = sv_skip(data, (size_t)put);
    }
    return true;
}

/* The folder of the new name is synced too, else the rename may be lost with the power. */
static bool sync_folder(const char *path)
{
    arena a;
    arena_init(&a, PATH_MAX + 1);
    const char *folder = file_folder(&a, sv_c(path));
    int fd CLEANUP(fd_cleanup) = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    arena_free(&a);
    return fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
}

bool file_write_atomic(const char *path, sv data, unsigned mode, struct err *e)
{
    char *temp = NULL;
    if (asprintf(&temp, "%s.XXXXXX", path) < 0)
        return err_set(e, ERR_MEMORY, "%s: out of memory", path);
    int fd CLEANUP(fd_cleanup) = mkostemp(temp, O_CLOEXEC);
    bool ok = fd >= 0 && fchmod(fd, (mode_t)mode) == 0 && write_all(fd, data) && fsync(fd) == 0 &&
              rename(temp, path) == 0 && sync_folder(path);
    int why = errno;
    if (!ok && fd >= 0)
        (void)unlink(temp);
    free(temp);
    if (!ok)
        return err_set(e, err_class_of_errno(why, ERR_STATE), "%s: cannot write: %s", path, strerror(why));
    return true;
}

int file_may_run(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || access(path, X_OK) != 0)
        return errno;
    return S_ISREG(st.st_mode) ? 0 : EACCES;
}
