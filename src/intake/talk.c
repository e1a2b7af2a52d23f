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

static void ask_cpu(struct slot *s, int64_t now)
{
    s->cpu_start = slot_cpu_ms(s);
    s->cpu_asked = now;
}

void slot_alive(const struct intake *it, struct slot *s, int64_t now)
{
    int64_t at = now + (int64_t)it->limits.worker_progress;
    if (s->state != SLOT_STARTING)
        s->deadline = at < s->mail_end ? at : s->mail_end;
}

static void empty_out(struct slot *s)
{
    buf_reset(&s->out);
    s->out_at = 0;
}

static void put_next_piece(const struct intake *it, struct slot *s)
{
    const struct raw_mail *m = &s->job->result.mail;
    empty_out(s);
    if (s->sent == 0)
        wire_put_mail_begin(&s->out, m->n);
    sv piece = sv_first(sv_skip(sv_of(m->bytes, m->n), s->sent), it->limits.wire_data);
    if (piece.n > 0)
        wire_put_mail_data(&s->out, piece);
    s->sent += piece.n;
    s->framed = s->sent == m->n;
    if (s->framed)
        wire_put_mail_end(&s->out);
    s->put += s->out.n;
    s->job->end = s->put;
}

/* Small mails only, when there are so many that no other reader would have them at once. */
static bool may_go_ahead(const struct intake *it, const struct slot *s)
{
    const struct job *next = it->waiting.first;
    return work_waits(it) && it->waiting.n > (size_t)AHEAD_MAILS * it->n_slots && s->behind.n < AHEAD_MAILS &&
           s->mails + s->behind.n + 1 < it->limits.worker_mails &&
           s->out.n + next->octets <= it->limits.wire_data;
}

static void put_ahead(struct intake *it, struct slot *s)
{
    empty_out(s);
    if (s->job->retried || s->taken_back || s->behind.n > AHEAD_MAILS / 2)
        return;
    while (may_go_ahead(it, s)) {
        struct job *j = next_waiting(it);
        size_t before = s->out.n;
        wire_put_mail_begin(&s->out, j->octets);
        if (j->octets > 0)
            wire_put_mail_data(&s->out, sv_of(j->result.mail.bytes, j->octets));
        wire_put_mail_end(&s->out);
        s->put += s->out.n - before;
        j->end = s->put;
        queue_put(&s->behind, j);
    }
}

/* True when there is something to send. */
static bool put_more(struct intake *it, struct slot *s)
{
    if (s->state == SLOT_SENDING && !s->framed)
        put_next_piece(it, s);
    else if (s->state == SLOT_BUSY)
        put_ahead(it, s);
    return s->out_at < s->out.n;
}

bool slot_send(struct intake *it, struct slot *s, int64_t now)
{
    while (s->out_at < s->out.n || put_more(it, s)) {
        ssize_t n = send(s->fd, s->out.p + s->out_at, s->out.n - s->out_at, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (n < 0)
            return false;
        s->out_at += (size_t)n;
        s->gone += (size_t)n;
        if (s->state == SLOT_SENDING && s->framed && s->gone >= s->job->end)
            s->state = SLOT_BUSY;
        slot_alive(it, s, now);
    }
    return true;
}

/* The mail is the one that the reader is at now, or that it is sent. */
static void take_up(struct intake *it, struct slot *s, struct job *j, int64_t now)
{
    s->job = j;
    s->mail_end = now + (int64_t)it->limits.worker_mail;
    s->cpu_check = now + slot_cpu_cap(it);
    s->cpu_seen = s->cpu_start;
    s->patience = now + AHEAD_PATIENCE_MS;
    answer_start(&s->answer, &j->stage, &j->result.outcome);
    slot_alive(it, s, now);
}

void slot_give(struct intake *it, struct slot *s, int64_t now)
{
    struct job *j = s->job ? s->job : next_waiting(it);
    if (j == NULL)
        return;
    s->state = SLOT_SENDING;
    s->sent = 0;
    s->framed = false;
    take_up(it, s, j, now);
    if (!slot_send(it, s, now))
        slot_end(it, s, END_CRASHED);
}

void slot_take_back(struct intake *it, struct slot *s)
{
    s->taken_back = s->taken_back || s->behind.n > 0;
    queue_put_first(&it->waiting, &s->behind);
}

static bool refuse(struct intake *it, struct slot *s, struct err *e, enum err_class cls, const char *why)
{
    slot_end(it, s, END_REPLACED);
    return err_set(e, cls, "the reader program %s %s", it->worker, why);
}

static bool greet(struct intake *it, struct slot *s, const struct wire_frame *f, int64_t now, struct err *e)
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
    ask_cpu(s, now);
    return true;
}

/* Of one thread no more processor time is used than passes, and the clock that says so costs no system call:
 * asked is only when it matters. What was used since the last time counts for the mail that follows. */
static bool has_used_up_cpu(const struct intake *it, struct slot *s, int64_t now)
{
    enum { SHARE = 16 };
    int64_t passed = now - s->cpu_asked, most = (int64_t)it->limits.worker_cpu;
    if (passed < slot_cpu_cap(it) / SHARE && s->cpu_start + passed < most)
        return false;
    ask_cpu(s, now);
    return s->cpu_start < 0 || s->cpu_start >= most;
}

/* Goes on with the mail behind it, if there is one. */
static void mail_done(struct intake *it, struct slot *s, int64_t now)
{
    struct job *j = s->job;
    s->job = NULL;
    s->mails++;
    s->state = SLOT_IDLE;
    bool old = s->mails >= it->limits.worker_mails || has_used_up_cpu(it, s, now);
    if (old || s->answer.limit_hit || j->retried || s->taken_back) {
        slot_end(it, s, END_REPLACED);
    } else if (s->behind.n > 0) {
        struct job *next = queue_take(&s->behind);
        s->state = s->gone >= next->end ? SLOT_BUSY : SLOT_SENDING;
        take_up(it, s, next, now);
    }
    job_finish(it, j);
}

static bool hear(struct intake *it, struct slot *s, const struct wire_frame *f, int64_t now, struct err *e)
{
    if (s->state == SLOT_STARTING)
        return greet(it, s, f, now, e);
    enum answer_step step = s->state == SLOT_BUSY ? answer_take(&s->answer, f, e) : ANSWER_LIE;
    switch (step) {
    case ANSWER_MORE:
        return true;
    case ANSWER_DONE:
        mail_done(it, s, now);
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
static bool hear_frames(struct intake *it, struct slot *s, int64_t now, struct err *e)
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
            fine = hear(it, s, &f, now, e);
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
        slot_alive(it, s, now);
        if (!hear_frames(it, s, now, e))
            return false;
        if ((size_t)n < SLOT_READ_STEP) /* there is hardly more; poll knows */
            return true;
    }
    return true;
}
