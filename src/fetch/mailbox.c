#include "mailbox.h"

#include "base/clock.h"

bool mailbox_is_talking(const struct mailbox *b)
{
    return b->proto.phase != PHASE_ENDED && b->proto.phase != PHASE_FAILED;
}

static void send_out(struct mailbox *b)
{
    while (b->proto.out.n && !b->send_failed) {
        size_t n;
        enum imap_io io = imap_conn_send(&b->conn, buf_view(&b->proto.out), &n);
        if (io == IO_AGAIN)
            return;
        b->send_failed = io != IO_DONE;
        buf_consume(&b->proto.out, n);
    }
}

static void lost(struct mailbox *b, const char *how)
{
    if (b->proto.phase == PHASE_LEAVING)
        imap_proto_closed(&b->proto);
    else
        imap_fail(&b->proto, ERR_UNREACHABLE, true, "%s; the next run tries again", how);
}

/* False: nothing more to read now. */
static bool read_some(struct mailbox *b, char octets[MAILBOX_READ], size_t *left)
{
    size_t n;
    enum imap_io io = imap_conn_recv(&b->conn, octets, *left < MAILBOX_READ ? *left : MAILBOX_READ, &n);
    if (io == IO_AGAIN && b->send_failed)
        io = IO_ERROR;
    if (io == IO_ERROR)
        lost(b, "the connection broke");
    if (io == IO_CLOSED)
        imap_proto_closed(&b->proto);
    if (io != IO_DONE)
        return false;
    b->heard_at = clock_mono_ms();
    *left -= n;
    imap_proto_feed(&b->proto, sv_of(octets, n));
    send_out(b);
    return true;
}

int64_t mailbox_deadline(const struct mailbox *b, const char **why)
{
    const struct limits *limits = b->proto.config.limits;
    int64_t idle = b->heard_at + (int64_t)limits->imap_idle;
    int64_t step = b->progress_at + (int64_t)limits->imap_mail;
    if (b->proto.phase == PHASE_LEAVING) {
        *why = "no answer to LOGOUT";
        return b->progress_at + (int64_t)limits->imap_goodbye;
    }
    *why = NULL;
    if (b->proto.phase == PHASE_WAITING)
        return INT64_MAX;
    *why = idle < step ? "the server says nothing any more (imap_idle)"
                       : "the server takes too long for one mail or answer (imap_mail)";
    return idle < step ? idle : step;
}

static void check_time(struct mailbox *b, bool paused)
{
    const char *why;
    int64_t now = clock_mono_ms();
    if (b->progress != b->proto.progress) {
        b->progress = b->proto.progress;
        b->progress_at = now;
    }
    if (mailbox_is_talking(b) && !paused && now >= mailbox_deadline(b, &why))
        lost(b, why);
}

void mailbox_turn(struct mailbox *b, char octets[MAILBOX_READ], const bool *paused)
{
    size_t left = (size_t)b->proto.config.limits->imap_turn;
    bool more = true;
    send_out(b);
    while (more && left && !*paused && mailbox_is_talking(b))
        more = read_some(b, octets, &left);
    b->pending = more;
    check_time(b, *paused);
}
