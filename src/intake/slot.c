/* One reader: started, greeted, sent mails, believed as far as it can be checked, ended. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "launch.h"
#include "pool.h"

enum {
    READ_STEP = 64 * 1024,
    TURN_OCTETS = 1024 * 1024, /* read from one reader before the others get their turn */
    REAP_MS = 2,
    START_TRIES = 5,
    START_PAUSE_MS = 100, /* doubled at each further start that failed */
};

/* The level below which a reader's greeting is refused: only builds made for it may read unconfined. */
#if defined DW_SANDBOX_OFF
static const enum wire_sandbox lowest = WIRE_SANDBOX_off;
#elif defined DW_SANITIZED
static const enum wire_sandbox lowest = WIRE_SANDBOX_wide;
#else
static const enum wire_sandbox lowest = WIRE_SANDBOX_no_landlock;
#endif

void slot_init(struct slot *s, const struct limits *limits)
{
    *s = (struct slot){.fd = -1, .pid = -1};
    buf_init(&s->in, WIRE_HEAD + limits->wire_frame + READ_STEP);
    buf_init(&s->out, READ_STEP + limits->wire_data);
    answer_init(&s->answer, limits);
}

void slot_free(struct slot *s)
{
    fd_cleanup(&s->fd);
    if (s->pid > 0) {
        (void)kill(s->pid, SIGKILL);
        while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    buf_free(&s->in);
    buf_free(&s->out);
    answer_free(&s->answer);
}

/* Processor time of a process so far; -1 when it is gone. */
static int64_t cpu_ms(pid_t pid)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) < 0)
        return -1;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The reader gives up by itself at mail_cpu; one that does not is killed at twice of it. */
static int64_t cpu_cap(const struct intake *it)
{
    return 2 * (int64_t)it->limits.mail_cpu;
}

void slot_end(struct intake *it, struct slot *s, enum slot_end end)
{
    uint64_t *const counts[] = {
        [END_REPLACED] = &it->stats.replaced, [END_CRASHED] = &it->stats.crashed,
        [END_HUNG] = &it->stats.timed_out,    [END_CPU] = &it->stats.timed_out,
        [END_LIED] = &it->stats.lied,         [END_STAGE] = &it->stats.replaced,
    };
    ++*counts[end];
    fd_cleanup(&s->fd);
    /* Also after it hung up: a process that only closed its socket must not live on. One that died by
     * itself keeps its own exit status. */
    (void)kill(s->pid, SIGKILL);
    s->end = end;
    s->state = SLOT_ENDING;
}

/* ---- starting ---- */

static int64_t start_pause(unsigned failed)
{
    return failed ? (int64_t)START_PAUSE_MS << (failed - 1) : 0;
}

/* A start failed for a reason that may pass. */
static bool start_failed(struct intake *it, struct slot *s, int64_t now, const struct err *why, struct err *e)
{
    it->failed_starts++;
    if (it->failed_starts >= START_TRIES) {
        it->failed_starts = 0;
        *e = *why;
        return false;
    }
    s->start_after = now + start_pause(it->failed_starts);
    return true;
}

static bool start(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    struct err why;
    if (!launch_reader(it->worker, &s->pid, &s->fd, &why)) {
        if (why.cls == ERR_RETRY)
            return start_failed(it, s, now, &why, e);
        *e = why;
        return false;
    }
    it->stats.started++;
    s->state = SLOT_STARTING;
    s->greeted = false;
    s->mails = 0;
    s->deadline = now + (int64_t)it->limits.worker_start;
    buf_reset(&s->in);
    buf_reset(&s->out);
    s->out_at = 0;
    wire_put_limits(&s->out, &it->limits);
    return true;
}

/* Octets went through its socket: more time, but not beyond what a mail may take. */
static void alive(const struct intake *it, struct slot *s, int64_t now)
{
    int64_t at = now + (int64_t)it->limits.worker_progress;
    if (s->state != SLOT_STARTING)
        s->deadline = at < s->mail_end ? at : s->mail_end;
}

/* ---- a mail on its way out ---- */

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

/* Sends what the socket takes. False: it hung up. */
static bool send_some(struct intake *it, struct slot *s, int64_t now)
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

static void give(struct intake *it, struct slot *s, int64_t now)
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
    s->cpu_start = cpu_ms(s->pid);
    s->cpu_check = now + cpu_cap(it);
    answer_start(&s->answer, &s->job->stage, &s->job->result.outcome);
    if (!send_some(it, s, now))
        slot_end(it, s, END_CRASHED);
}

/* ---- what it says ---- */

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
    if (hello.sandbox < lowest)
        return refuse(it, s, e, ERR_STATE, "says that it is not confined, and mail is not given to such");
    it->sandbox = hello.sandbox < it->sandbox ? hello.sandbox : it->sandbox;
    it->failed_starts = 0;
    s->greeted = true;
    s->state = SLOT_IDLE;
    return true;
}

static void mail_done(struct intake *it, struct slot *s)
{
    struct job *j = s->job;
    int64_t cpu = cpu_ms(s->pid);
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

static bool receive_some(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    for (size_t total = 0; total < TURN_OCTETS && s->fd >= 0;) {
        char *to = buf_room(&s->in, READ_STEP);
        if (to == NULL) {
            slot_end(it, s, END_STAGE);
            return err_set(e, ERR_MEMORY, "no memory to hear a reader");
        }
        ssize_t n = recv(s->fd, to, READ_STEP, 0);
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
        if ((size_t)n < READ_STEP) /* there is hardly more; poll knows */
            return true;
    }
    return true;
}

static void check_deadlines(struct intake *it, struct slot *s, int64_t now)
{
    if (s->state == SLOT_IDLE || s->state == SLOT_ENDING)
        return;
    if (now >= s->deadline) {
        slot_end(it, s, END_HUNG);
        return;
    }
    if (s->state == SLOT_STARTING || now < s->cpu_check)
        return;
    int64_t used = cpu_ms(s->pid) - s->cpu_start;
    if (used >= cpu_cap(it))
        slot_end(it, s, END_CPU);
    else
        s->cpu_check = now + cpu_cap(it) - used;
}

static bool turn_live(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    if (s->state == SLOT_IDLE)
        give(it, s, now);
    if (s->state != SLOT_ENDING && !send_some(it, s, now))
        slot_end(it, s, END_CRASHED);
    if (s->state != SLOT_ENDING && !receive_some(it, s, now, e))
        return false;
    /* A mail was done, or the greeting came: what it says beyond that, it says of no mail. */
    if (s->state == SLOT_IDLE && s->in.n > 0)
        slot_end(it, s, END_LIED);
    if (s->state == SLOT_IDLE)
        give(it, s, now);
    check_deadlines(it, s, now);
    return true;
}

/* ---- its end ---- */

static sv death(arena *a, int status)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        return SV("it tried a system call that is forbidden to it");
    if (WIFSIGNALED(status))
        return arena_printf(a, "killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return arena_printf(a, "it ended with exit code %d", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void finish_as(struct intake *it, struct slot *s, enum mail_state state, enum reject reason, sv detail)
{
    struct job *j = s->job;
    s->job = NULL;
    j->result.outcome = (struct mail_outcome){.state = state, .reject = reason, .detail = detail};
    job_finish(it, j);
}

/* What becomes of the mail that the reader had. It stays in the slot when it is to be tried again. */
static void settle_mail(struct intake *it, struct slot *s, int status)
{
    struct job *j = s->job;
    arena *texts = &j->stage.texts;
    stage_clear(&j->stage);
    /* A lie may come of a mail before; only from a fresh reader it is held against this one. */
    bool again = !j->retried && !(s->end == END_LIED && s->mails == 0);
    if (s->end == END_CPU) {
        finish_as(it, s, MAIL_REJECTED, REJECT_cpu_limit, SV_ABSENT);
    } else if (s->end == END_STAGE || s->end == END_REPLACED) {
        return;
    } else if (again) {
        j->retried = true;
    } else if (s->end == END_LIED) {
        finish_as(it, s, MAIL_REJECTED, REJECT_worker_lied, SV_ABSENT);
    } else if (s->end == END_HUNG) {
        finish_as(it, s, MAIL_TEMPORARY, REJECT_worker_timeout, SV_ABSENT);
    } else {
        finish_as(it, s, MAIL_TEMPORARY, REJECT_worker_crash, death(texts, status));
    }
}

static enum err_class class_of_exit(int code)
{
    return code == WIRE_EXIT_sandbox ? ERR_STATE : code == WIRE_EXIT_memory ? ERR_MEMORY : ERR_BUG;
}

/* It ended before its greeting. */
static bool settle_start(struct intake *it, struct slot *s, int status, int64_t now, struct err *e)
{
    const char *why = WIFEXITED(status) ? wire_exit_sentence(WEXITSTATUS(status)) : NULL;
    if (why)
        return err_set(e, class_of_exit(WEXITSTATUS(status)), "the reader program %s %s", it->worker, why);
    struct err own;
    arena a;
    arena_init(&a, 4096);
    sv how = s->end == END_HUNG   ? SV("it did not get ready in time")
             : s->end == END_LIED ? SV("it does not speak as this program does")
                                  : death(&a, status);
    err_set(&own, ERR_BUG, "the reader program %s does not start: %.*s", it->worker, SV_ARG(how));
    arena_free(&a);
    return start_failed(it, s, now, &own, e);
}

static bool turn_ending(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    int status = 0;
    pid_t pid = waitpid(s->pid, &status, WNOHANG);
    /* ECHILD: whoever started us ignores SIGCHLD, and the kernel reaps. */
    if (pid == 0 || (pid < 0 && errno == EINTR))
        return true;
    s->pid = -1;
    s->state = SLOT_DOWN;
    s->start_after = now;
    if (!s->greeted && s->end != END_REPLACED)
        return settle_start(it, s, status, now, e);
    if (s->job)
        settle_mail(it, s, status);
    return true;
}

bool slot_turn(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    if (s->state == SLOT_ENDING && !turn_ending(it, s, now, e))
        return false;
    if (s->state == SLOT_DOWN && (s->job || work_waits(it)) && now >= s->start_after && !start(it, s, now, e))
        return false;
    return s->fd < 0 || turn_live(it, s, now, e);
}

int64_t slot_deadline(const struct intake *it, const struct slot *s, int64_t now)
{
    bool work = s->job || work_waits(it);
    switch (s->state) {
    case SLOT_DOWN:
        return work ? s->start_after : INT64_MAX;
    case SLOT_IDLE:
        return work ? now : INT64_MAX;
    case SLOT_STARTING:
        return s->deadline;
    case SLOT_SENDING:
    case SLOT_BUSY:
        return s->deadline < s->cpu_check ? s->deadline : s->cpu_check;
    case SLOT_ENDING:
        return now + REAP_MS;
    }
    return INT64_MAX;
}
