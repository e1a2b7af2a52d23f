#include "spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"

void spool_init(struct spool *s, uint64_t memory, uint64_t cap, const char *folder)
{
    *s = (struct spool){.cap = cap, .folder = folder, .fd = -1};
    buf_init(&s->tail, memory);
}

void spool_free(struct spool *s)
{
    buf_free(&s->tail);
    fd_cleanup(&s->fd);
    s->written = 0;
}

static bool file_error(const struct spool *s, const char *what, struct err *e)
{
    return err_set(e, err_class_of_errno(errno, ERR_STATE), "%s: cannot %s the file of a large report: %s",
                   s->folder ? s->folder : "memory", what, strerror(errno));
}

/* For file systems without O_TMPFILE. */
static int named_and_removed(const char *folder)
{
    static const char name[] = "/.stage-XXXXXX";
    size_t n = strlen(folder);
    char *path = malloc(n + sizeof name);
    if (path == NULL)
        return -1;
    memcpy(path, folder, n);
    memcpy(path + n, name, sizeof name);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(path);
    free(path);
    return fd;
}

static bool make_file(struct spool *s, struct err *e)
{
    if (s->folder == NULL) {
        s->fd = memfd_create("dmarcwarn-stage", MFD_CLOEXEC);
    } else {
        s->fd = open(s->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (s->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
            s->fd = named_and_removed(s->folder);
    }
    return s->fd >= 0 || file_error(s, "make", e);
}

static bool write_all(struct spool *s, sv octets, struct err *e)
{
    while (octets.n > 0) {
        ssize_t n = pwrite(s->fd, octets.p, octets.n, (off_t)s->written);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return file_error(s, "write", e);
        s->written += (uint64_t)n;
        octets = sv_skip(octets, (size_t)n);
    }
    return true;
}

enum spool_put spool_put(struct spool *s, sv octets, struct err *e)
{
    if (octets.n > s->cap || spool_size(s) > s->cap - octets.n)
        return SPOOL_FULL;
    if (octets.n <= s->tail.max - s->tail.n) {
        buf_sv(&s->tail, octets);
        if (!s->tail.failed)
            return SPOOL_OK;
        s->tail.failed = false;
        err_set(e, ERR_MEMORY, "no memory to stage a report");
        return SPOOL_ERROR;
    }
    if (s->fd < 0 && !make_file(s, e))
        return SPOOL_ERROR;
    sv tail = buf_view(&s->tail);
    if (!write_all(s, tail, e))
        return SPOOL_ERROR;
    s->tail.n = 0;
    return write_all(s, octets, e) ? SPOOL_OK : SPOOL_ERROR;
}

void spool_cut(struct spool *s, uint64_t size)
{
    assert(size <= spool_size(s));
    if (size >= s->written) {
        s->tail.n = size - s->written;
        return;
    }
    /* Old octets stay in the file behind `written` and are written over. */
    s->written = size;
    s->tail.n = 0;
}

static bool read_file(const struct spool *s, uint64_t at, char *to, size_t n, struct err *e)
{
    while (n > 0) {
        ssize_t got = pread(s->fd, to, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return file_error(s, "read", e);
        if (got == 0)
            return err_set(e, ERR_DISK, "the file of a large report is shorter than what was written to it");
        at += (uint64_t)got;
        to += got;
        n -= (size_t)got;
    }
    return true;
}

bool spool_read(const struct spool *s, uint64_t at, void *to, size_t n, struct err *e)
{
    assert(at <= spool_size(s) && n <= spool_size(s) - at);
    size_t in_file = 0;
    if (at < s->written)
        in_file = s->written - at < n ? s->written - at : n;
    if (in_file > 0 && !read_file(s, at, to, in_file, e))
        return false;
    if (in_file < n)
        memcpy((char *)to + in_file, s->tail.p + (at + in_file - s->written), n - in_file);
    return true;
}
