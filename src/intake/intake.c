#include "intake/intake.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "launch.h"
#include "pool.h"

enum { PATHS_MAX = 64 * 1024 };

static bool copy_options(struct intake *it, const struct intake_options *o, struct err *e)
{
    if (o->worker)
        it->worker = arena_cstr(&it->memory, sv_c(o->worker));
    else if (!launch_find(&it->memory, &it->worker, e))
        return false;
    if (o->stage_folder)
        it->folder = arena_cstr(&it->memory, sv_c(o->stage_folder));
    if (it->memory.failed)
        return err_set(e, ERR_MEMORY, "no memory for the readers");
    if (access(it->worker, X_OK) < 0)
        return err_set(e, ERR_BUG, "the reader program %s cannot be run: %s; install dmarcwarn again",
                       it->worker, strerror(errno));
    return true;
}

bool intake_open(const struct intake_options *o, struct intake **out, struct err *e)
{
    struct intake *it = calloc(1, sizeof *it);
    if (it == NULL)
        return err_set(e, ERR_MEMORY, "no memory for the readers");
    it->limits = *o->limits;
    it->best_effort = o->best_effort;
    it->sandbox = WIRE_SANDBOX_END;
    arena_init(&it->memory, PATHS_MAX);
    queue_init(&it->waiting);
    queue_init(&it->done);
    it->n_slots = o->limits->workers < INTAKE_READERS_MAX ? (unsigned)o->limits->workers : INTAKE_READERS_MAX;
    mould_init(&it->mould);
    for (unsigned i = 0; i < it->n_slots; i++)
        slot_init(&it->slots[i], &it->limits);
    if (!copy_options(it, o, e)) {
        intake_close(it);
        return false;
    }
    *out = it;
    return true;
}

bool intake_probe(const struct intake_options *o, const char **name, const char **sentence, struct err *e)
{
    struct intake *it;
    struct pollfd fds[INTAKE_FDS_MAX];
    if (!intake_open(o, &it, e))
        return false;
    it->probing = true;
    bool fine = intake_turn(it, e);
    while (fine && it->sandbox == WIRE_SANDBOX_END) {
        (void)poll(fds, intake_poll_fds(it, fds, INTAKE_FDS_MAX), intake_timeout_ms(it));
        fine = intake_turn(it, e);
    }
    if (fine) {
        *name = wire_sandbox_name(it->sandbox);
        *sentence = wire_sandbox_sentence(it->sandbox);
    }
    intake_close(it);
    return fine;
}

static void free_queue(struct job_queue *q)
{
    for (struct job *j; (j = queue_take(q)) != NULL;)
        job_free(j);
}

void intake_close(struct intake *it)
{
    if (it == NULL)
        return;
    mould_free(it); /* first: it tells of readers */
    for (unsigned i = 0; i < it->n_slots; i++) {
        job_free(it->slots[i].job);
        free_queue(&it->slots[i].behind);
        slot_free(&it->slots[i]);
    }
    free_queue(&it->waiting);
    free_queue(&it->done);
    arena_free(&it->memory);
    free(it);
}

void queue_init(struct job_queue *q)
{
    *q = (struct job_queue){.last = &q->first};
}

void queue_put(struct job_queue *q, struct job *j)
{
    j->next = NULL;
    *q->last = j;
    q->last = &j->next;
    q->n++;
}

struct job *queue_take(struct job_queue *q)
{
    struct job *j = q->first;
    if (j == NULL)
        return NULL;
    q->first = j->next;
    if (q->first == NULL)
        q->last = &q->first;
    q->n--;
    return j;
}

void queue_put_first(struct job_queue *q, struct job_queue *jobs)
{
    if (jobs->first == NULL)
        return;
    *jobs->last = q->first;
    q->last = q->first ? q->last : jobs->last;
    q->first = jobs->first;
    q->n += jobs->n;
    queue_init(jobs);
}

void job_free(struct job *j)
{
    if (j == NULL)
        return;
    stage_free(&j->stage);
    free(j->result.mail.bytes);
    free(j);
}

void job_finish(struct intake *it, struct job *j)
{
    it->held += stage_size(&j->stage);
    queue_put(&it->done, j);
}

bool work_waits(const struct intake *it)
{
    return it->waiting.first != NULL && it->held <= it->limits.stage_size;
}

bool work_wants_reader(const struct intake *it)
{
    size_t coming = 0;
    for (unsigned i = 0; i < it->n_slots; i++) {
        const struct slot *s = &it->slots[i];
        coming += s->state == SLOT_IDLE || (s->state == SLOT_STARTING && s->job == NULL);
    }
    return it->probing ? coming == 0 : work_waits(it) && it->waiting.n > coming;
}

struct job *next_waiting(struct intake *it)
{
    return work_waits(it) ? queue_take(&it->waiting) : NULL;
}

bool intake_submit(struct intake *it, struct raw_mail *mail, uint64_t id, struct err *e)
{
    struct job *j = calloc(1, sizeof *j);
    if (j == NULL)
        return err_set(e, ERR_MEMORY, "no memory for another mail");
    j->result.id = id;
    j->result.mail = *mail;
    j->result.stage = &j->stage;
    j->octets = mail->n;
    stage_init(&j->stage, &it->limits, it->folder);
    mail->bytes = NULL;
    mail->n = 0;
    it->octets += j->octets;
    it->pending++;
    if (j->octets <= it->limits.mail_size) {
        queue_put(&it->waiting, j);
        return true;
    }
    j->result.outcome = (struct mail_outcome){.state = MAIL_REJECTED, .reject = REJECT_mail_too_large};
    job_finish(it, j);
    return true;
}

uint64_t intake_backlog(const struct intake *it)
{
    return it->octets + it->held;
}

size_t intake_pending(const struct intake *it)
{
    return it->pending;
}

unsigned intake_poll_fds(const struct intake *it, struct pollfd *fds, unsigned max)
{
    unsigned n = 0;
    if (it->mould.pid > 0 && !it->mould.ending && mould_owes(it) && n < max)
        fds[n++] = (struct pollfd){.fd = it->mould.fd, .events = POLLIN};
    for (unsigned i = 0; i < it->n_slots && n < max; i++) {
        const struct slot *s = &it->slots[i];
        if (s->fd < 0 || slot_is_unborn(s))
            continue;
        bool unsent = s->out_at < s->out.n || s->state == SLOT_SENDING;
        fds[n++] = (struct pollfd){.fd = s->fd, .events = (short)(unsent ? POLLIN | POLLOUT : POLLIN)};
    }
    return n;
}

int intake_timeout_ms(const struct intake *it)
{
    if (it->done.first)
        return 0;
    int64_t now = clock_mono_ms(), next = INT64_MAX;
    for (unsigned i = 0; i < it->n_slots; i++) {
        int64_t at = slot_deadline(it, &it->slots[i], now);
        next = at < next ? at : next;
    }
    if (next == INT64_MAX)
        return -1;
    int64_t wait = next > now ? next - now : 0;
    return wait < INT32_MAX ? (int)wait : INT32_MAX;
}

bool intake_turn(struct intake *it, struct err *e)
{
    int64_t now = clock_mono_ms();
    bool fine = true;
    mould_turn(it);
    for (unsigned i = 0; i < it->n_slots; i++) {
        struct err own = {.cls = ERR_NONE};
        if (!slot_turn(it, &it->slots[i], now, &own) && fine) {
            *e = own;
            fine = false;
        }
    }
    return fine;
}

bool intake_next(struct intake *it, struct intake_result **out)
{
    struct job *j = queue_take(&it->done);
    if (j == NULL)
        return false;
    it->pending--;
    *out = &j->result;
    return true;
}

const struct document *intake_document(const struct intake_result *r, size_t i)
{
    assert(i < r->outcome.n_documents);
    return &r->stage->documents[i].document;
}

struct record_cursor *intake_records(struct intake_result *r, size_t i)
{
    assert(i < r->outcome.n_documents);
    return stage_records(r->stage, i);
}

bool intake_intact(const struct intake_result *r, struct err *e)
{
    *e = r->stage->cursor.failed;
    return e->cls == ERR_NONE;
}

void intake_release(struct intake *it, struct intake_result *r)
{
    struct job *j = (struct job *)(void *)r;
    it->octets -= j->octets;
    it->held -= stage_size(&j->stage);
    job_free(j);
}

struct intake_stats intake_stats(const struct intake *it)
{
    struct intake_stats stats = it->stats;
    stats.sandbox = wire_sandbox_name(it->sandbox);
    return stats;
}
