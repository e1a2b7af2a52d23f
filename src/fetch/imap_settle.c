/* What is owed to mails, done after the last of them is stored. One command at a time: it is not what a run
 * waits for, and how far it came is always known. */
#include "imap_proto.h"

/* One command of those that a debt needs: "UID … set …". */
struct step {
    const char *before, *after;
    bool to_folder; /* its folder stands behind `after` */
    unsigned needs; /* enum imap_capability; left out where the server has it not */
};

static const struct step store_seen = {"UID STORE ", " +FLAGS.SILENT (\\Seen)", false, 0};
static const struct step store_deleted = {"UID STORE ", " +FLAGS.SILENT (\\Deleted)", false, 0};
/* A bare EXPUNGE would remove what others have flagged (RFC 4315 2.1). */
static const struct step expunge = {"UID EXPUNGE ", "", false, CAN_UIDPLUS};
static const struct step move = {"UID MOVE ", " ", true, 0};
static const struct step copy = {"UID COPY ", " ", true, 0};

enum { STEPS = 3 };
static const struct step *const seen_steps[STEPS] = {&store_seen};
static const struct step *const delete_steps[STEPS] = {&store_deleted, &expunge};
static const struct step *const move_steps[STEPS] = {&move};
static const struct step *const copy_steps[STEPS] = {&copy, &store_deleted, &expunge};

static const struct fetch_debt *in_hand(const struct imap_proto *p)
{
    return &p->settle.debts[p->settle.at];
}

static const struct step *const *steps_of(const struct imap_proto *p)
{
    switch (in_hand(p)->action) {
    case FETCH_SEEN:
        return seen_steps;
    case FETCH_MOVE:
        return p->can & CAN_MOVE ? move_steps : copy_steps;
    case FETCH_DELETE:
        return delete_steps;
    }
    return NULL;
}

/* NULL: the mails under way need no more. */
static const struct step *step_of(const struct imap_proto *p)
{
    const struct step *step = p->settle.step < STEPS ? steps_of(p)[p->settle.step] : NULL;
    return step && (step->needs & ~p->can) == 0 ? step : NULL;
}

static void send_step(struct imap_proto *p)
{
    const struct step *step = step_of(p);
    struct imap_set set = {.out = &p->set};
    buf_reset(&p->set);
    for (size_t i = p->settle.from; i < p->settle.to; i++)
        imap_set_add(&set, in_hand(p)->uids[i]);
    imap_set_end(&set);
    buf_puts(&p->set, step->after);
    if (step->to_folder)
        buf_sv(&p->set, buf_view(&p->settle.target));
    imap_command(p, (struct imap_command){.kind = COMMAND_SETTLE}, step->before, buf_view(&p->set), "");
}

/* As many mails as a command takes. */
static void begin_part(struct imap_proto *p)
{
    struct imap_settle *s = &p->settle;
    size_t room = IMAP_COMMAND - s->target.n - 64;
    size_t most = (size_t)p->config.limits->imap_batch_uids;
    if (most > room / IMAP_SET_STEP)
        most = room / IMAP_SET_STEP;
    size_t left = in_hand(p)->n - s->from;
    s->to = s->from + (left < most ? left : most);
    s->step = 0;
    send_step(p);
}

static void begin_debt(struct imap_proto *p)
{
    struct imap_settle *s = &p->settle;
    while (s->at < s->n && in_hand(p)->n == 0)
        s->at++;
    if (s->at == s->n) {
        imap_leave(p);
        return;
    }
    s->from = 0;
    s->created = false;
    buf_reset(&s->target);
    if (in_hand(p)->action == FETCH_MOVE && !imap_put_folder(&s->target, in_hand(p)->folder)) {
        imap_fail(p, ERR_CONFIG, false, "the name of the folder that mails are moved to cannot be sent");
        return;
    }
    begin_part(p);
}

static void part_is_done(struct imap_proto *p)
{
    struct imap_settle *s = &p->settle;
    bool only_flagged = s->step < STEPS && steps_of(p)[s->step];
    p->config.handler->settled(p->config.handler->ctx, p->config.source, s->at, s->from, s->to, only_flagged);
    s->from = s->to;
    if (s->from < in_hand(p)->n) {
        begin_part(p);
        return;
    }
    s->at++;
    begin_debt(p);
}

/* The folder may be missing, whether or not the answer says so (TRYCREATE); once it is made, or was there,
 * the answer stands. */
static void step_refused(struct imap_proto *p, const struct imap_answer *a)
{
    bool moves = step_of(p)->to_folder;
    if (moves && a->status == IMAP_NO && !imap_answer_transient(a) && !p->settle.created) {
        p->settle.created = true;
        imap_command(p, (struct imap_command){.kind = COMMAND_CREATE}, "CREATE ", buf_view(&p->settle.target),
                     "");
        return;
    }
    imap_refused(p,
                 moves ? "mails cannot be moved to the folder of after or on_error"
                       : "mails cannot be flagged or deleted",
                 a);
}

static void step_answered(struct imap_proto *p, const struct imap_answer *a)
{
    if (a->status != IMAP_OK) {
        step_refused(p, a);
        return;
    }
    p->settle.step++;
    if (step_of(p))
        send_step(p);
    else
        part_is_done(p);
}

static void selected(struct imap_proto *p, const struct imap_answer *a)
{
    if (a->status != IMAP_OK)
        imap_refused(p, "the folder cannot be opened for changes", a);
    else if (sv_eq_nocase(a->code, SV("READ-ONLY")))
        imap_fail(p, ERR_UNREACHABLE, false,
                  "the server opens the folder for reading only; let the user change it, or take after and "
                  "on_error out");
    else if (p->settle.uidvalidity != p->box.uidvalidity)
        imap_fail(p, ERR_UNREACHABLE, true,
                  "the server numbered its mails anew during the run, and nothing was moved or flagged");
    else
        begin_debt(p);
}

void imap_settle_answer(struct imap_proto *p, const struct imap_command *c, const struct imap_answer *a)
{
    if (c->kind == COMMAND_SELECT)
        selected(p, a);
    else if (c->kind == COMMAND_CREATE)
        send_step(p);
    else
        step_answered(p, a);
}

void imap_proto_settle(struct imap_proto *p, const struct fetch_debt *debts, size_t n)
{
    p->settle.debts = debts;
    p->settle.n = n;
    if (n == 0) {
        imap_leave(p);
        return;
    }
    p->phase = PHASE_SETTLING;
    imap_command(p, (struct imap_command){.kind = COMMAND_SELECT}, "SELECT ", buf_view(&p->folder), "");
}
