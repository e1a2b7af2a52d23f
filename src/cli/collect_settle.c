/* What is owed to mails on their server: `after` for those whose reports are stored, `on_error` for those
 * that could not be read. Owed in T1, paid when all that a mailbox had is stored. */
#include "base/clock.h"
#include "collect.h"
#include "say.h"

bool collect_settles(const struct mailbox_cfg *cfg)
{
    return cfg->after != AFTER_KEEP || cfg->on_error_folder.n;
}

static bool is_asked_for(const struct mailbox_cfg *cfg, enum store_debt debt)
{
    switch (debt) {
    case STORE_DEBT_AFTER:
        return cfg->after != AFTER_KEEP;
    case STORE_DEBT_ON_ERROR:
        return cfg->on_error_folder.n > 0;
    case STORE_DEBT_END:
        break;
    }
    return false;
}

bool collect_forget_debts(struct collect *c, const struct box *box, struct err *e)
{
    for (enum store_debt debt = 0; debt < STORE_DEBT_END; debt++)
        if (!is_asked_for(box->cfg, debt) && !store_forget_debts(c->run->store, box->state.id, debt, e))
            return false;
    return true;
}

/* Nothing is owed to a mail without a report, nor to one that the next run tries again. */
bool collect_put_debt(struct store *s, const struct mailbox_cfg *cfg, int64_t mailbox,
                      const struct raw_mail *mail, const struct store_put *put, struct err *e)
{
    enum store_debt debt = put->rejects ? STORE_DEBT_ON_ERROR : STORE_DEBT_AFTER;
    bool done = put->settled && (put->rejects || put->reports_new || put->reports_known);
    return !done || !is_asked_for(cfg, debt) ||
           store_put_debt(s, mailbox, debt, mail->uid, mail->internaldate, e);
}

static struct fetch_debt payment(const struct mailbox_cfg *cfg, enum store_debt debt)
{
    static const enum fetch_action actions[] = {
        [AFTER_SEEN] = FETCH_SEEN, [AFTER_MOVE] = FETCH_MOVE, [AFTER_DELETE] = FETCH_DELETE};
    if (debt == STORE_DEBT_ON_ERROR)
        return (struct fetch_debt){.action = FETCH_MOVE, .folder = cfg->on_error_folder};
    return (struct fetch_debt){.action = actions[cfg->after], .folder = cfg->after_folder};
}

static bool add_debt(struct collect *c, struct box *box, enum store_debt debt, size_t *n, struct err *e)
{
    struct store_debts owed;
    bool by_age = debt == STORE_DEBT_AFTER && box->cfg->after == AFTER_DELETE;
    int64_t upto = by_age ? clock_now() - box->cfg->delete_after : INT64_MAX;
    if (!is_asked_for(box->cfg, debt))
        return true;
    if (!store_debts(c->run->store, box->state.id, debt, upto, &c->run->arena, &owed, e))
        return false;
    if (owed.n == 0)
        return true;
    box->kinds[*n] = debt;
    box->debts[*n] = payment(box->cfg, debt);
    box->debts[*n].uids = owed.uids;
    box->debts[*n].n = owed.n;
    (*n)++;
    return true;
}

static bool pay(struct collect *c, uint32_t mailbox, struct err *e)
{
    struct box *box = &c->boxes[mailbox];
    size_t n = 0;
    /* A dry run changes nothing on a server. */
    for (enum store_debt debt = 0; !c->run->dry_run && debt < STORE_DEBT_END; debt++)
        if (!add_debt(c, box, debt, &n, e))
            return false;
    box->fetched = false;
    fetch_settle(c->fetch, mailbox, box->debts, n);
    return true;
}

bool collect_settle(struct collect *c, struct err *e)
{
    for (size_t i = 0; i < c->n_boxes; i++) {
        const struct box *box = &c->boxes[i];
        if (box->fetched && box->pending == 0 && box->n_gaps == 0 && !pay(c, (uint32_t)i, e))
            return false;
    }
    return true;
}

void collect_on_fetched(void *ctx, uint32_t mailbox)
{
    struct collect *c = ctx;
    c->boxes[mailbox].fetched = c->boxes[mailbox].all_came = true;
    c->n_fetching--;
}

void collect_on_settled(void *ctx, uint32_t mailbox, size_t debt, size_t from, size_t to, bool only_flagged)
{
    struct collect *c = ctx;
    struct box *box = &c->boxes[mailbox];
    struct err e;
    if (!store_settle_debts(c->run->store, box->state.id, box->kinds[debt], box->debts[debt].uids + from,
                            to - from, &e))
        collect_fail(c, &e);
    if (!only_flagged || box->said_flagged)
        return;
    box->said_flagged = true;
    progress_clear(&c->progress);
    say(SAY_WARNING,
        "mailbox %.*s: its server cannot remove single mails (no UIDPLUS); they stay, flagged as deleted, "
        "until a mail program expunges them",
        SV_ARG(box->cfg->name));
}
