/* Mails of the quarantine through the readers into the store, the way that a run's mails go. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "collect.h"
#include "mailbox_key.h"
#include "put_result.h"
#include "quarantine.h"
#include "readers.h"

struct retry {
    struct quarantine *q;
    struct intake *intake;
    struct intake_result **batch;
    size_t n_batch;
    size_t n_read, n_unread; /* mails */
    uint64_t reports;        /* new ones */
};

static const struct store_quarantined *mail_of(const struct retry *r, const struct intake_result *result)
{
    return &r->q->mails[result->id];
}

/* Not to be read now either, which is no fact of the mail: it stays as it is. */
static bool is_temporary(const struct intake_result *result)
{
    return result->outcome.state == MAIL_TEMPORARY;
}

/* Why nothing of it was read; REJECT_NONE_: something was. */
static enum reject why_unread(const struct intake_result *result, const struct store_put *put)
{
    const struct mail_outcome *o = &result->outcome;
    if (is_temporary(result) || o->state == MAIL_REJECTED)
        return o->reject;
    if (put->refused)
        return REJECT_store_refused;
    if (put->rejects == 0 || put->reports_new || put->reports_known)
        return REJECT_NONE_;
    for (size_t i = 0; i < o->n_documents; i++)
        if (intake_document(result, i)->kind == DOCUMENT_REJECT)
            return intake_document(result, i)->reject.reason;
    return REJECT_NONE_;
}

static void tell(struct retry *r, const struct intake_result *result, const struct store_put *put)
{
    long long id = (long long)mail_of(r, result)->id;
    bool unread = is_temporary(result) || put->rejects;
    enum reject why = why_unread(result, put);
    r->n_unread += unread;
    r->n_read += !unread;
    r->reports += put->reports_new;
    if (why != REJECT_NONE_)
        (void)printf("%lld: still not read: %s\n", id, reject_sentence(why));
    else if (result->outcome.state == MAIL_NOT_A_REPORT)
        (void)printf("%lld: no report in it\n", id);
    else
        (void)printf("%lld: %u new reports, %u known ones%s\n", id, (unsigned)put->reports_new,
                     (unsigned)put->reports_known, unread ? ", and something that still cannot be read" : "");
}

/* What is owed to a mail that is read now is the same as to any other. */
static bool put_debt(struct retry *r, const struct intake_result *result, const struct store_put *put,
                     struct err *e)
{
    const struct store_quarantined *m = mail_of(r, result);
    const struct mailbox_cfg *cfg = mailbox_of(&r->q->d->config, &m->key);
    if (cfg == NULL || cfg->kind != MAILBOX_IMAP || !m->current || put->rejects)
        return true;
    return collect_put_debt(r->q->d->store, cfg, m->mailbox, &result->mail, put, e);
}

static bool put_all(struct retry *r, struct store_put *puts, struct err *e)
{
    for (size_t i = 0; i < r->n_batch; i++) {
        struct intake_result *result = r->batch[i];
        if (is_temporary(result))
            continue;
        if (!put_result(r->q->d->store, mail_of(r, result)->mailbox, result, &puts[i], e) ||
            !put_debt(r, result, &puts[i], e))
            return false;
    }
    return true;
}

static int by_turn(const void *a, const void *b)
{
    const struct intake_result *x = *(struct intake_result *const *)a, *y = *(struct intake_result *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

/* T1 of what is finished, in the order of the list, whichever reader was first; it is told of once it is
 * stored. */
static bool store_batch(struct retry *r, struct err *e)
{
    qsort(r->batch, r->n_batch, sizeof(struct intake_result *), by_turn);
    struct store_put *puts = calloc(r->n_batch + 1, sizeof *puts);
    if (puts == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    bool ok = store_begin_mails(r->q->d->store, clock_now(), e);
    if (ok && !put_all(r, puts, e)) {
        store_abort_mails(r->q->d->store);
        ok = false;
    }
    ok = ok && store_commit_mails(r->q->d->store, e);
    for (size_t i = 0; i < r->n_batch; i++) {
        if (ok)
            tell(r, r->batch[i], &puts[i]);
        intake_release(r->intake, r->batch[i]);
    }
    r->n_batch = 0;
    free(puts);
    return ok;
}

static bool turn(struct retry *r, struct err *e)
{
    if (!readers_turn(r->intake, true, e))
        return false;
    for (struct intake_result *result; intake_next(r->intake, &result);)
        r->batch[r->n_batch++] = result;
    return true;
}

/* Its server is asked for it again; a folder of files is only read when its files change. */
static bool ask(struct retry *r, const struct store_quarantined *m, struct err *e)
{
    bool asked = false;
    const struct mailbox_cfg *cfg = mailbox_of(&r->q->d->config, &m->key);
    if (cfg && cfg->kind == MAILBOX_IMAP && m->current) {
        if (!store_begin_mails(r->q->d->store, clock_now(), e))
            return false;
        if (!store_quarantine_ask(r->q->d->store, m, &asked, e)) {
            store_abort_mails(r->q->d->store);
            return false;
        }
        if (!store_commit_mails(r->q->d->store, e))
            return false;
    }
    (void)printf("%lld: no copy is kept; %s\n", (long long)m->id,
                 asked ? "the next run asks its server again" : "it cannot be read again from here");
    r->n_unread++;
    return true;
}

/* Hands mail i to the readers. */
static bool submit(struct retry *r, size_t i, struct err *e)
{
    const struct store_quarantined *m = &r->q->mails[i];
    buf bytes;
    bool kept;
    buf_init(&bytes, (size_t)r->q->d->config.limits.mail_size + 1);
    if (!store_quarantine_bytes(r->q->d->store, m->id, &bytes, &kept, e)) {
        buf_free(&bytes);
        (void)printf("%lld: %s\n", (long long)m->id, e->msg);
        r->n_unread++;
        return e->cls == ERR_LIMIT;
    }
    if (!kept) {
        buf_free(&bytes);
        return ask(r, m, e);
    }
    struct raw_mail mail = {.uidvalidity = m->uidvalidity,
                            .uid = m->uid,
                            .internaldate = m->internaldate,
                            .bytes = bytes.p,
                            .n = bytes.n};
    bool ok = intake_submit(r->intake, &mail, i, e);
    free(mail.bytes);
    return ok;
}

static bool read_all(struct retry *r, struct err *e)
{
    const struct limits *l = &r->q->d->config.limits;
    size_t next = 0;
    while (next < r->q->n || intake_pending(r->intake) || r->n_batch) {
        bool room =
            intake_pending(r->intake) + r->n_batch < l->batch_mails && intake_backlog(r->intake) < l->backlog;
        if (next < r->q->n && (room || (intake_pending(r->intake) == 0 && r->n_batch == 0))) {
            if (!submit(r, next++, e))
                return false;
            continue;
        }
        if (intake_pending(r->intake) ? !turn(r, e) : !store_batch(r, e))
            return false;
    }
    return true;
}

bool quarantine_retry(struct quarantine *q, struct err *e)
{
    struct retry r = {.q = q};
    const struct intake_options options = {.limits = &q->d->config.limits,
                                           .best_effort = q->d->config.best_effort,
                                           .stage_folder =
                                               file_folder(&q->d->arena, q->d->config.state_path)};
    r.batch = calloc(q->d->config.limits.batch_mails, sizeof(struct intake_result *));
    if (r.batch == NULL || options.stage_folder == NULL) {
        free(r.batch);
        return err_set(e, ERR_MEMORY, "out of memory");
    }
    bool ok = intake_open(&options, &r.intake, e) && read_all(&r, e);
    for (size_t i = 0; i < r.n_batch; i++)
        intake_release(r.intake, r.batch[i]);
    intake_close(r.intake);
    free(r.batch);
    if (ok)
        (void)printf("%zu read, %zu still not; %llu new reports%s\n", r.n_read, r.n_unread,
                     (unsigned long long)r.reports, r.reports ? ", which the next run judges" : "");
    return ok;
}
