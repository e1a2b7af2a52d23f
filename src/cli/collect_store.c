/* T1: a batch of mails, the gaps of their mailboxes, and the marks, in one transaction. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collect.h"
#include "put_result.h"
#include "say.h"

bool uid_list_add(struct uid_list *l, uint32_t uid)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 256;
        uint32_t *uids = reallocarray(l->uids, cap, sizeof *uids);
        if (uids == NULL)
            return false;
        l->uids = uids;
        l->cap = cap;
    }
    /* They come nearly in order: the search from the end is short. */
    size_t at = l->n;
    while (at && l->uids[at - 1] > uid)
        at--;
    memmove(l->uids + at + 1, l->uids + at, (l->n - at) * sizeof *l->uids);
    l->uids[at] = uid;
    l->n++;
    return true;
}

void uid_list_drop_upto(struct uid_list *l, uint32_t mark)
{
    size_t keep = 0;
    while (keep < l->n && l->uids[keep] <= mark)
        keep++;
    if (keep == 0)
        return;
    memmove(l->uids, l->uids + keep, (l->n - keep) * sizeof *l->uids);
    l->n -= keep;
}

static bool put_mail(struct collect *c, struct intake_result *r, struct err *e)
{
    struct box *box = &c->boxes[r->mail.source];
    struct store_put put;
    if (!put_result(c->run->store, box->state.id, r, &put, e))
        return false;
    box->mails++;
    box->reports += put.reports_new;
    box->known += put.reports_known;
    box->rejects += put.rejects;
    c->run->counts.mails++;
    c->run->counts.reports += put.reports_new;
    c->run->counts.known += put.reports_known;
    c->run->counts.rejects += put.rejects;
    if (put.refused)
        say(SAY_WARNING, "mailbox %.*s: the database refused mail %u; it is in quarantine",
            SV_ARG(box->cfg->name), r->mail.uid);
    collect_file_mail(box, r->mail.uid, put.settled);
    return collect_put_debt(c->run->store, box->cfg, box->state.id, &r->mail, &put, e);
}

static bool put_gaps(struct collect *c, struct box *box, struct err *e)
{
    struct store *s = c->run->store;
    for (size_t i = 0; i < box->n_gaps; i++) {
        const struct gap *g = &box->gaps[i];
        /* All that is known of its size is that it was above the limit: it is asked for again above that. */
        uint64_t size = g->why == REJECT_mail_too_large ? c->run->config.limits.mail_size + 1 : 0;
        bool ok = g->gone
                      ? store_drop_gap(s, box->state.id, g->uid, e)
                      : store_put_gap(s, box->state.id, box->uidvalidity, g->uid, size, g->why, SV_ABSENT, e);
        if (!ok)
            return false;
    }
    c->n_gaps -= box->n_gaps;
    box->n_gaps = 0;
    return true;
}

static bool move_mark(struct collect *c, struct box *box, uint32_t index, struct err *e)
{
    struct store_listing l = {
        .uidvalidity = box->uidvalidity,
        .from = box->state.mark,
        .upto = box->files ? collect_files_floor(box) : fetch_floor(c->fetch, index),
        .uids = box->handed.uids,
    };
    while (l.n < box->handed.n && box->handed.uids[l.n] <= l.upto)
        l.n++;
    if (l.upto <= l.from)
        return true;
    return store_move_mark(c->run->store, box->state.id, &l, &box->state.mark, e);
}

static bool put_all(struct collect *c, struct err *e)
{
    for (size_t i = 0; i < c->n_batch; i++)
        if (!put_mail(c, c->batch[i], e))
            return false;
    for (size_t i = 0; i < c->n_boxes; i++)
        if (c->boxes[i].uidvalidity &&
            (!put_gaps(c, &c->boxes[i], e) || !collect_put_files(c, &c->boxes[i], e) ||
             !move_mark(c, &c->boxes[i], (uint32_t)i, e)))
            return false;
    return true;
}

bool collect_store(struct collect *c, struct err *e)
{
    if (!store_begin_mails(c->run->store, clock_now(), e))
        return false;
    if (!put_all(c, e)) {
        store_abort_mails(c->run->store);
        return false;
    }
    if (!store_commit_mails(c->run->store, e))
        return false;
    for (size_t i = 0; i < c->n_boxes; i++)
        uid_list_drop_upto(&c->boxes[i].handed, c->boxes[i].state.mark);
    for (size_t i = 0; i < c->n_batch; i++) {
        c->boxes[c->batch[i]->mail.source].pending--;
        intake_release(c->intake, c->batch[i]);
    }
    c->n_batch = 0;
    return true;
}
