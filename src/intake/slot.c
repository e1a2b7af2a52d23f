/* One reader: started, greeted, sent mails, believed as far as it can be checked, ended. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "launch.h"
#include "pool.h"

enum {
    REAP_MS = 2,
    START_TRIES = 5,
    START_PAUSE_MS = 100, /* doubled at each further start that failed */
};

void slot_init(struct slot *s, const struct limits *limits)
{
    *s = (struct slot){.fd = -1, .pid = -1};
    buf_init(&s->in, WIRE_HEAD + limits->wire_frame + SLOT_READ_STEP);
    buf_init(&s->out, SLOT_READ_STEP + limits->wire_data);
    answer_init(&s->answer, limits);
    queue_init(&s->behind);
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
    if (s->pid > 0)
        (void)kill(s->pid, SIGKILL);
    slot_take_back(it, s);
    it->mould.stale = it->mould.stale || (end != END_REPLACED && end != END_STAGE);
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
    switch (mould_ask(it, s, &s->fd, &why)) {
    case MOULD_ASKED:
        break;
    case MOULD_LATER:
        s->start_after = now + REAP_MS;
        return true;
    case MOULD_FAILED:
        if (why.cls == ERR_RETRY)
            return start_failed(it, s, now, &why, e);
        *e = why;
        return false;
    }
    it->stats.started++;
    s->state = SLOT_STARTING;
    s->greeted = s->none_made = s->taken_back = false;
    s->mails = s->put = s->gone = 0;
    s->deadline = now + (int64_t)it->limits.worker_start;
    buf_reset(&s->in);
    buf_reset(&s->out);
    s->out_at = 0;
    return true;
}

/* A busy machine may let a reader wait for longer than worker_progress: one whose processor time goes on is
 * no more stuck than one that speaks. What it takes too much of has a name of its own. */
static bool has_worked(const struct intake *it, struct slot *s, int64_t now)
{
    if (s->state == SLOT_STARTING || now >= s->mail_end)
        return false;
    int64_t used = slot_cpu_ms(s);
    if (used <= s->cpu_seen)
        return false;
    s->cpu_seen = used;
    slot_alive(it, s, now);
    return true;
}

static void check_deadlines(struct intake *it, struct slot *s, int64_t now)
{
    if (s->state == SLOT_IDLE || s->state == SLOT_ENDING)
        return;
    if (now >= s->deadline && !has_worked(it, s, now)) {
        slot_end(it, s, END_HUNG);
        return;
    }
    if (s->behind.n > 0 && now >= s->patience)
        slot_take_back(it, s);
    if (s->state == SLOT_STARTING || now < s->cpu_check)
        return;
    int64_t used = slot_cpu_ms(s) - s->cpu_start;
    if (used >= slot_cpu_cap(it))
        slot_end(it, s, END_CPU);
    else
        s->cpu_check = now + slot_cpu_cap(it) - used;
}

static bool turn_live(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    /* To what is sent now there is no answer yet. */
    if (s->state == SLOT_IDLE) {
        slot_give(it, s, now);
        return true;
    }
    bool hung_up = s->state != SLOT_ENDING && !slot_send(it, s, now);
    /* What it has said before is of mails that are done. */
    if (s->state != SLOT_ENDING && !slot_receive(it, s, now, e))
        return false;
    if (hung_up && s->state != SLOT_ENDING)
        slot_end(it, s, END_CRASHED);
    /* A mail was done, or the greeting came: what it says beyond that, it says of no mail. */
    if (s->state == SLOT_IDLE && s->in.n > 0)
        slot_end(it, s, END_LIED);
    if (s->state == SLOT_IDLE)
        slot_give(it, s, now);
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

/* Of one that was never born: how its mould ended, once it has. */
static bool has_ended(const struct intake *it, const struct slot *s, int *status)
{
    *status = it->mould.status;
    if (s->pid < 0)
        return it->mould.pid < 0;
    pid_t pid = waitpid(s->pid, status, WNOHANG);
    /* ECHILD: whoever started us ignores SIGCHLD, and the kernel reaps. */
    return pid > 0 || (pid < 0 && errno != EINTR);
}

static bool turn_ending(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    int status = 0;
    if (!has_ended(it, s, &status))
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

/* Between the ask and the answer. */
static bool turn_unborn(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    if (s->none_made) {
        struct err why;
        err_set(&why, ERR_RETRY, "no process can be made for a reader now");
        fd_cleanup(&s->fd);
        s->state = SLOT_DOWN;
        return start_failed(it, s, now, &why, e);
    }
    if (it->mould.pid < 0) {
        slot_end(it, s, END_CRASHED);
    } else if (now >= s->deadline) {
        mould_end(it);
        slot_end(it, s, END_HUNG);
    }
    return true;
}

bool slot_turn(struct intake *it, struct slot *s, int64_t now, struct err *e)
{
    if (s->state == SLOT_STARTING && s->pid < 0)
        return turn_unborn(it, s, now, e);
    if (s->state == SLOT_ENDING && !turn_ending(it, s, now, e))
        return false;
    bool work = s->job || work_wants_reader(it);
    if (s->state == SLOT_DOWN && work && now >= s->start_after && !start(it, s, now, e))
        return false;
    return s->fd < 0 || s->pid < 0 || turn_live(it, s, now, e);
}

int64_t slot_deadline(const struct intake *it, const struct slot *s, int64_t now)
{
    int64_t next;
    switch (s->state) {
    case SLOT_DOWN:
        return s->job || work_wants_reader(it) ? s->start_after : INT64_MAX;
    case SLOT_IDLE:
        return work_waits(it) ? now : INT64_MAX;
    case SLOT_STARTING:
        return s->deadline;
    case SLOT_SENDING:
    case SLOT_BUSY:
        next = s->deadline < s->cpu_check ? s->deadline : s->cpu_check;
        return s->behind.n > 0 && s->patience < next ? s->patience : next;
    case SLOT_ENDING:
        return now + REAP_MS;
    }
    return INT64_MAX;
}
