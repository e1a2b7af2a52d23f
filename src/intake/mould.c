/* The process that readers are copies of (worker/mould.h): started when the first is wanted, asked for
 * copies, replaced when one of them came to a bad end. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/file.h"
#include "launch.h"
#include "pool.h"

void mould_init(struct mould *m)
{
    *m = (struct mould){.pid = -1, .fd = -1};
}

bool mould_owes(const struct intake *it)
{
    for (unsigned i = 0; i < it->n_slots; i++)
        if (slot_is_unborn(&it->slots[i]))
            return true;
    return false;
}

static void born(struct slot *s, uint32_t pid)
{
    if (pid == 0)
        s->none_made = true;
    else
        s->pid = (pid_t)pid;
    /* It took too long, and nobody waits for it any more. */
    if (s->pid > 0 && s->state == SLOT_ENDING)
        (void)kill(s->pid, SIGKILL);
}

/* False: it hung up, or said what it never says. */
static bool hear(struct intake *it)
{
    for (;;) {
        char packet[WIRE_BORN_SIZE];
        uint8_t i;
        uint32_t pid;
        ssize_t n = launch_hear(it->mould.fd, packet, sizeof packet);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR;
        if (!wire_get_born(sv_of(packet, (size_t)n), &i, &pid) || i >= it->n_slots || pid > INT32_MAX ||
            !slot_is_unborn(&it->slots[i]))
            return false;
        born(&it->slots[i], pid);
    }
}

void mould_end(struct intake *it)
{
    if (it->mould.pid > 0)
        (void)kill(it->mould.pid, SIGKILL);
    it->mould.ending = true;
}

static void reaped(struct intake *it)
{
    /* What it could still say is of readers that live. */
    (void)!hear(it);
    fd_cleanup(&it->mould.fd);
    it->mould.pid = -1;
    it->mould.ending = false;
}

void mould_turn(struct intake *it)
{
    struct mould *m = &it->mould;
    if (m->pid < 0)
        return;
    /* Otherwise it has nothing to say; that it is gone is found out by the next ask. */
    if (!m->ending && (mould_owes(it) ? !hear(it) : m->stale))
        mould_end(it);
    /* ECHILD: whoever started us ignores SIGCHLD, and the kernel reaps. */
    pid_t pid = m->ending ? waitpid(m->pid, &m->status, WNOHANG) : 0;
    if (pid > 0 || (pid < 0 && errno != EINTR))
        reaped(it);
}

void mould_free(struct intake *it)
{
    if (it->mould.pid < 0)
        return;
    mould_end(it);
    while (waitpid(it->mould.pid, &it->mould.status, 0) < 0 && errno == EINTR)
        continue;
    reaped(it);
}

static bool start(struct intake *it, struct err *e)
{
    struct mould *m = &it->mould;
    buf first;
    if (!launch_mould(it->worker, &m->pid, &m->fd, e))
        return false;
    m->stale = false;
    m->status = 0;
    buf_init(&first, WIRE_HEAD + it->limits.wire_frame);
    wire_put_limits(&first, &it->limits, it->best_effort);
    bool sent = !first.failed && launch_say(m->fd, buf_view(&first), -1);
    buf_free(&first);
    if (!sent)
        mould_end(it);
    return sent || err_set(e, ERR_RETRY, "cannot speak to the reader program %s", it->worker);
}

enum mould_ask mould_ask(struct intake *it, const struct slot *s, int *fd, struct err *e)
{
    struct mould *m = &it->mould;
    char ask[WIRE_ASK_SIZE];
    int theirs CLEANUP(fd_cleanup) = -1;
    /* Those that a mould left behind must not take the next one for theirs. */
    if (m->pid > 0 ? m->ending || m->stale : mould_owes(it))
        return MOULD_LATER;
    if ((m->pid < 0 && !start(it, e)) || !launch_socket(fd, &theirs, e))
        return MOULD_FAILED;
    assert(s - it->slots < UINT8_MAX);
    wire_put_ask(ask, (uint8_t)(s - it->slots));
    if (launch_say(m->fd, sv_of(ask, sizeof ask), theirs))
        return MOULD_ASKED;
    fd_cleanup(fd);
    mould_end(it); /* it is gone, for whatever reason */
    return MOULD_LATER;
}
