/* dmarcwarn-parse: the confined reader. Started by dmarcwarn with one socket on descriptor 3 as the mould of
 * its readers; each of them has a socket of its own there, reads mails from it, says what is in them, and
 * can do nothing else. */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mould.h"
#include "parent.h"
#include "reader.h"
#include "report/aggregate.h"
#include "report/tlsrpt.h"
#include "sandbox.h"
#include "warm-up.h"

enum { SOCKET = 3 };

struct worker {
    struct limits limits;
    bool best_effort;
    struct parent parent;
    struct reader *reader;
    buf mail; /* reused */
    uint64_t size;
};

/* Without exit handlers: nothing of ours needs them, and the filter would not let them do much. */
_Noreturn static void leave(enum wire_exit code)
{
    _exit((int)code);
}

static bool was_started_properly(void)
{
    int type;
    socklen_t n = sizeof type;
    return getsockopt(SOCKET, SOL_SOCKET, SO_TYPE, &type, &n) == 0 && type == SOCK_SEQPACKET;
}

static void read_limits(struct worker *w)
{
    struct wire_frame f;
    if (!parent_read(&w->parent, &f))
        _exit(0);
    if (f.type != WIRE_limits)
        leave(WIRE_EXIT_build);
    if (wire_get_limits(f.payload, &w->limits, &w->best_effort) != WIRE_LIMITS_OK)
        leave(WIRE_EXIT_build);
}

static bool warm(struct worker *w, struct reader *r)
{
    int fd = w->parent.fd;
    w->parent.fd = -1;
    bool fine = warm_up(r) && parent_flush(&w->parent);
    buf_reset(&w->parent.out);
    w->parent.fd = fd;
    return fine;
}

/* The sample is read within the limits that it was made for, whatever those of the mails are. */
static void warm_libraries_up(struct worker *w)
{
    struct limits usual;
    limits_default(&usual);
    w->parent.frame_max = usual.wire_frame;
    struct reader *r = reader_new(&usual, &w->parent);
    if (r == NULL)
        leave(WIRE_EXIT_memory);
    if (!warm(w, r))
        leave(WIRE_EXIT_warm_up);
    reader_free(r);
}

static void get_ready(struct worker *w)
{
    aggregate_library_init();
    tlsrpt_library_init();
    warm_libraries_up(w);
    w->parent.frame_max = w->limits.wire_frame;
    w->reader = reader_new(&w->limits, &w->parent);
    if (w->reader == NULL)
        leave(WIRE_EXIT_memory);
    (void)warm(w, w->reader); /* its memory: it need not be able to read all of the sample */
    if (!sandbox_make() && !w->best_effort)
        leave(WIRE_EXIT_sandbox);
}

static void say_hello(struct worker *w, enum wire_sandbox level)
{
    const struct wire_hello hello = {.build_id = sv_c(wire_build_id()), .sandbox = level};
    wire_put_hello(&w->parent.out, &hello);
    if (!parent_flush(&w->parent))
        _exit(0);
}

/* A parent that says what it never says is not ours: nothing to explain to it. */
static void mail_begin(struct worker *w, sv payload)
{
    if (!wire_get_mail_begin(payload, &w->limits, &w->size))
        _exit(0);
    buf_reset(&w->mail);
    (void)!buf_room(&w->mail, w->size);
}

static void mail_data(struct worker *w, sv piece)
{
    if (piece.n > w->size - w->mail.n)
        _exit(0);
    buf_sv(&w->mail, piece);
}

static void mail_end(struct worker *w)
{
    if (w->mail.failed)
        reader_refuse(w->reader, REJECT_memory_limit);
    else if (w->mail.n != w->size)
        _exit(0);
    else
        reader_mail(w->reader, buf_view(&w->mail));
    if (!parent_flush(&w->parent))
        _exit(0);
}

static void serve(struct worker *w)
{
    struct wire_frame f;
    buf_init(&w->mail, w->limits.mail_size);
    while (parent_read(&w->parent, &f)) {
        if (f.type == WIRE_mail_begin)
            mail_begin(w, f.payload);
        else if (f.type == WIRE_mail_data)
            mail_data(w, f.payload);
        else if (f.type == WIRE_mail_end)
            mail_end(w);
        else
            _exit(0);
    }
}

int main(void)
{
    static struct worker w;
    enum wire_sandbox level;
    if (!was_started_properly()) {
        (void)fputs("dmarcwarn-parse is the reader of dmarcwarn and is started by it; see dmarcwarn(1)\n",
                    stderr);
        return WIRE_EXIT_usage;
    }
    if (!sandbox_prepare(SOCKET))
        leave(WIRE_EXIT_sandbox);
    parent_init(&w.parent, SOCKET, MIB(1));
    read_limits(&w);
    get_ready(&w);
    mould_serve(SOCKET);
    if (!sandbox_confine(&w.limits, w.best_effort, &level))
        leave(WIRE_EXIT_sandbox);
    say_hello(&w, level);
    serve(&w);
    _exit(0);
}
