#include "parent.h"

#include <errno.h>
#include <unistd.h>

enum { STEP = 64 * 1024 };

void parent_init(struct parent *p, int fd, uint64_t frame_max)
{
    *p = (struct parent){.fd = fd, .frame_max = frame_max};
    buf_init(&p->in, STEP + WIRE_HEAD + frame_max);
    buf_init(&p->out, STEP + WIRE_HEAD + frame_max);
}

void parent_free(struct parent *p)
{
    buf_free(&p->in);
    buf_free(&p->out);
}

static bool read_more(struct parent *p)
{
    buf_consume(&p->in, p->in_at);
    p->in_at = 0;
    char *to = buf_room(&p->in, STEP);
    if (to == NULL)
        return false;
    ssize_t n;
    do
        n = read(p->fd, to, STEP);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return false;
    p->in.n += (size_t)n;
    return true;
}

bool parent_read(struct parent *p, struct wire_frame *f)
{
    for (;;) {
        sv in = sv_skip(buf_view(&p->in), p->in_at);
        enum wire_take t = wire_take(&in, WIRE_PARENT, p->frame_max, f);
        p->in_at = p->in.n - in.n;
        if (t == WIRE_FRAME)
            return true;
        if (t == WIRE_BAD || !read_more(p))
            return false;
    }
}

bool parent_keep(struct parent *p, size_t before)
{
    if (p->out.failed || p->out.n - before > WIRE_HEAD + p->frame_max) {
        p->out.n = before;
        p->out.failed = false;
        return false;
    }
    /* Whether the parent still listens is found out by whoever reads next. */
    if (p->out.n >= STEP)
        (void)!parent_flush(p);
    return true;
}

bool parent_flush(struct parent *p)
{
    sv out = buf_view(&p->out);
    while (out.n > 0 && p->fd >= 0) {
        ssize_t n = write(p->fd, out.p, out.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        out = sv_skip(out, (size_t)n);
    }
    bool sent = out.n == 0 || p->fd < 0;
    buf_reset(&p->out);
    return sent;
}
