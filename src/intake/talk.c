/* What goes to a reader and what comes from it. */
#include <errno.h>
#include <sys/socket.h>
#include <time.h>

#include "pool.h"

enum { TURN_OCTETS = 1024 * 1024 }; /* read from one reader before the others get their turn */

/* The level below which a reader's greeting is refused: only builds made for it may read unconfined. */
#if defined DW_SANDBOX_OFF
static const enum wire_sandbox lowest = WIRE_SANDBOX_off;
#elif defined DW_SANITIZED
static const enum wire_sandbox lowest = WIRE_SANDBOX_wide;
#else
static const enum wire_sandbox lowest = WIRE_SANDBOX_no_landlock;
#endif

int64_t slot_cpu_ms(const struct slot *s)
{
    struct timespec t;
    if (clock_gettime(s->cpu_clock, &t) < 0)
        return -1;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Octets went through its socket: more time, but not beyond what a mail may take. */
static void alive(const struct intake *it, struct slot *s, int64_t now)
{
    int64_t at = now + (int64_t)it->limits.worker_progress;
    if (s->state != SLOT_STARTING)
        s->deadline = at < s->mail_end ? at : s->mail_end;
}

static void put_next_piece(const struct intake *it, struct slot *s)
{
    const struct raw_mail *m = &s->job->result.mail;
    buf_reset(&s->out);
    s->out_at = 0;
    if (s->sent == 0)
        wire_put_mail_begin(&s->out, m->n);
    sv piece = sv_first(sv_skip(sv_of(m->bytes, m->n), s->sent), it->limits.wire_data);
    if (piece.n > 0)
        wire_put_mail_data(&s->out, piece);
    s->sent += piece.n;
    s->framed = s->sent == m->n;
    if (s->framed)
        wire_put_mail_end(&s->out);
}

bool slot_send(struct intake *it, struct slot *s, int64_t now)
{
    for (;;) {
        if (s->out_at == s->out.n) {
            if (s->state != SLOT_SENDING)
                return true;
            if (s->framed) {
                s->state = SLOT_BUSY;
                return true;
            }
            put_next_piece(it, s);
        }
        ssize_t n = send(s->fd, s->out.p + s->out_at, s->out.n - s->out_at, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (n < 0)
            return false;
        s->out_at += (size_t)n;
        alive(it, s, now);
    }
}

void slot_give(struct intake *it, struct slot *s, int64_t now)
{
    if (s->job == NULL)
        s->job = next_waiting(it);
    if (s->job == NULL)
        return;
    s->state = SLOT_SENDING;
    s->sent = 0;
    s->framed = false;
    s->mail_end = now + (int64_t)it->limits.worker_mail;
    alive(it, s, now);
    s->cpu_check = now + slot_cpu_cap(it);
    answer_start(&s->answer, &s->job->stage, &s->job->result.outcome);
    if (!slot_send(it, s, now))
        slot_end(it, s, END_CRASHED);
}

static bool refuse(struct intake *it, struct slot *s, struct err *e, enum err_class cls, const char *why)
{
    slot_end(it, s, END_REPLACED);
    return err_set(e, cls, "the reader program %s %s", it->worker, why);
}

static bool greet(struct intake *it, struct slot *s, const struct wire_frame *f, struct err *e)
{
    struct wire_hello hello;
    if (f->type != WIRE_hello || !wire_get_hello(f->payload, &hello) ||
        !sv_eq(hello.build_id, sv_c(wire_build_id())))
        return refuse(it, s, e, ERR_BUG, wire_exit_sentence(WIRE_EXIT_build));
    if (hello.sandbox < lowest && !(it->best_effort && hello.sandbox == WIRE_SANDBOX_weak))
        return refuse(it, s, e, ERR_STATE, "says that it is not confined, and mail is not given to such");
    it->sandbox = hello.sandbox < it->sandbox ? hello.sandbox : it->sandbox;
    it->failed_starts = 0;
    s->greeted = true;
    s->state = SLOT_IDLE;
    if (clock_getcpuclockid(s->pid, &s->cpu_clock) != 0)
        slot_end(it, s, END_CRASHED);
    s->cpu_start = slot_cpu_ms(s);
    return true;
}

static void mail_done(struct intake *it, struct slot *s)
{
    struct job *j = s->job;
    int64_t cpu = s->cpu_start = slot_cpu_ms(s);
    s->job = NULL;
    s->mails++;
    s->state = SLOT_IDLE;
    bool old = s->mails >= it->limits.worker_mails || cpu < 0 || cpu >= (int64_t)it->limits.worker_cpu;
    if (old || s->answer.limit_hit || j->retried)
        slot_end(it, s, END_REPLACED);
    job_finish(it, j);
}

static bool hear(struct intake *it, struct slot *s, const struct wire_frame *f, struct err *e)
{
    if (s->state == SLOT_STARTING)
        return greet(it, s, f, e);
    enum answer_step step = s->state == SLOT_BUSY ? answer_take(&s->answer, f, e) : ANSWER_LIE;
    switch (step) {
    case ANSWER_MORE:
        return true;
    case ANSWER_DONE:
        mail_done(it, s);
        return true;
    case ANSWER_LIE:
        slot_end(it, s, END_LIED);
        return true;
    case ANSWER_FAILED:
        slot_end(it, s, END_STAGE);
        return false;
    }
    return true;
}

/* All whole frames that are here. */
static bool hear_frames(struct intake *it, struct slot *s, struct err *e)
{
    sv in = buf_view(&s->in);
    struct wire_frame f;
    bool fine = true;
    while (fine && s->state != SLOT_ENDING) {
        enum wire_take t = wire_take(&in, WIRE_WORKER, it->limits.wire_frame, &f);
        if (t == WIRE_MORE)
            break;
        if (t == WIRE_BAD)
            slot_end(it, s, END_LIED);
        else
            fine = hear(it, s, &f, e);
    }
    buf_consume(&s->in, s->in.n - in.n);
    return fine;
}

bool slot_receive(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    for (size_t total = 0; total < TURN_OCTETS && s->fd >= 0;) {
        char *to = buf_room(&s->in, SLOT_READ_STEP);
        if (to == NULL) {
            slot_end(it, s, END_STAGE);
            return err_set(e, ERR_MEMORY, "no memory to hear a reader");
        }
        ssize_t n = recv(s->fd, to, SLOT_READ_STEP, 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (n <= 0) {
            slot_end(it, s, END_CRASHED);
            return true;
        }
        s->in.n += (size_t)n;
        total += (size_t)n;
        alive(it, s, now);
        if (!hear_frames(it, s, e))
            return false;
        if ((size_t)n < SLOT_READ_STEP) /* there is hardly more; poll knows */
            return true;
    }
    return true;
}
