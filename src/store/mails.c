#include "store/mails.h"

#include "db.h"
#include "delivery.h"
#include "mailbox.h"
#include "others.h"
#include "quarantine.h"
#include "report.h"

struct put_job {
    struct store *s;
    int64_t mailbox;
    const struct raw_mail *mail;
    const struct mail_outcome *outcome;
    struct store_documents *docs;
    struct store_put *put;
    int64_t since; /* of what is put in quarantine: when the mail first was */
};

bool store_begin_mails(struct store *s, int64_t now, struct err *e)
{
    s->now = now;
    return tx_begin(s, TX_MAILS, e);
}

bool store_commit_mails(struct store *s, struct err *e)
{
    return tx_need(s, TX_MAILS, e) && tx_commit(s, e);
}

void store_abort_mails(struct store *s)
{
    if (s->tx == TX_MAILS)
        tx_rollback(s);
}

static bool find_mail(struct put_job *j, int64_t *id, bool *found, struct err *e)
{
    struct query q = query_start(j->s, SQL_mail_get);
    bind_int(&q, j->mailbox);
    bind_int(&q, j->mail->uidvalidity);
    bind_int(&q, j->mail->uid);
    return query_int(&q, id, found, e);
}

/* The row of a mail, but for its name. */
struct mail_row {
    const char *state, *reason;
    const struct mail_facts *facts; /* NULL: nothing in it is to be believed or not */
    buf auth;
};

static void bind_mail(struct query *q, const struct put_job *j, const struct mail_row *row)
{
    bind_count(q, j->mail->n);
    bind_int(q, j->mail->internaldate);
    bind_int(q, j->s->now);
    bind_text(q, sv_c(row->state));
    bind_text(q, sv_c(row->reason));
    bind_text(q, row->facts ? row->facts->from_domain : SV_ABSENT);
    bind_text(q, row->facts ? row->facts->message_id : SV_ABSENT);
    row->auth.n > 0 ? bind_blob(q, row->auth.p, row->auth.n) : bind_null(q);
}

static bool new_mail(struct put_job *j, const struct mail_row *row, int64_t *id, struct err *e)
{
    struct query q = query_start(j->s, SQL_mail_put);
    bind_int(&q, j->mailbox);
    bind_int(&q, j->mail->uidvalidity);
    bind_int(&q, j->mail->uid);
    bind_mail(&q, j, row);
    if (!query_run(&q, e))
        return false;
    *id = sqlite3_last_insert_rowid(j->s->db);
    return true;
}

static bool replace_mail(struct put_job *j, const struct mail_row *row, int64_t id, struct err *e)
{
    struct query q = query_start(j->s, SQL_mail_update);
    bind_int(&q, id);
    bind_mail(&q, j, row);
    return query_run(&q, e) && quarantine_drop(j->s, id, &j->since, e);
}

/* The row that says this mail is done; it is no gap any more. */
static bool settle_row(struct put_job *j, const struct mail_row *row, int64_t *id, struct err *e)
{
    bool found;
    if (!find_mail(j, id, &found, e))
        return false;
    if (!(found ? replace_mail(j, row, *id, e) : new_mail(j, row, id, e)))
        return false;
    j->put->settled = true;
    return store_drop_gap(j->s, j->mailbox, j->mail->uid, e);
}

static bool settle(struct put_job *j, const char *state, const char *reason, int64_t *id, struct err *e)
{
    const struct mail_row row = {.state = state, .reason = reason};
    return settle_row(j, &row, id, e);
}

/* All that was in it is a placeholder for a report. */
static bool is_placeholder(const struct put_job *j)
{
    for (size_t i = 0; i < j->outcome->n_documents; i++) {
        const struct document *d = j->docs->document(j->docs, i);
        if (d->kind != DOCUMENT_REJECT || !reject_is_final(d->reject.reason))
            return false;
    }
    return true;
}

/* Of a mail with reports, who sent it is kept, too. A placeholder is told by its reason. */
static bool settle_read(struct put_job *j, int64_t *id, struct err *e)
{
    struct mail_row row = {.state = "read", .facts = &j->outcome->facts};
    if (is_placeholder(j))
        row = (struct mail_row){
            .state = "not_a_report", .reason = reject_code(REJECT_empty_placeholder), .facts = row.facts};
    buf_init(&row.auth, MIB(4));
    if (row.facts->auth.n_fields > 0)
        delivery_write_auth(&row.auth, &row.facts->auth);
    bool ok = row.auth.failed ? err_set(e, ERR_MEMORY, "out of memory over the header of a mail")
                              : settle_row(j, &row, id, e);
    buf_free(&row.auth);
    return ok;
}

static bool keep_copy(struct put_job *j, int64_t id, struct err *e)
{
    bool may = j->mail->bytes && !j->outcome->holds_original;
    sv bytes = may ? sv_of(j->mail->bytes, j->mail->n) : SV_ABSENT;
    return quarantine_keep(j->s, id, bytes, e);
}

static bool put_rejected(struct put_job *j, enum reject reason, sv detail, struct err *e)
{
    struct quarantined what = {.document = -1, .reason = reason, .detail = detail};
    j->put->rejects = 1;
    if (!settle(j, "rejected", reject_code(reason), &what.mail, e))
        return false;
    what.since = j->since;
    return quarantine_put(j->s, &what, e) && keep_copy(j, what.mail, e);
}

static bool put_temporary(struct put_job *j, enum reject reason, sv detail, struct err *e)
{
    uint64_t tries;
    bool full;
    if (!mailbox_tries(j->s, j->mailbox, j->mail->uid, &tries, e) ||
        !mailbox_gaps_full(j->s, j->mailbox, &full, e))
        return false;
    bool stays = reason == REJECT_mail_too_large || tries < j->s->limits.mail_tries;
    if (!stays || (full && tries == 1))
        return put_rejected(j, reason, detail, e);
    struct store_gap gap = {.uid = j->mail->uid,
                            .tries = tries > UINT32_MAX ? UINT32_MAX : (uint32_t)tries,
                            .reason = reason,
                            .size = j->mail->n};
    return mailbox_put_gap(j->s, j->mailbox, &gap, detail, e);
}

static bool put_document(struct put_job *j, const struct arrival *how, size_t i, struct err *e)
{
    const struct document *d = j->docs->document(j->docs, i);
    switch (d->kind) {
    case DOCUMENT_AGGREGATE:
        return report_put(j->s, how, j->docs, i, j->put, e);
    case DOCUMENT_TLSRPT:
        return tlsrpt_put(j->s, how, &d->tlsrpt, j->put, e);
    case DOCUMENT_FAILURE:
        return failure_put(j->s, how, &d->failure, j->put, e);
    case DOCUMENT_REJECT:
        if (reject_is_final(d->reject.reason)) {
            j->put->placeholders++;
            return true;
        }
        j->put->rejects++;
        return quarantine_put(j->s,
                              &(struct quarantined){.mail = how->mail,
                                                    .document = (int64_t)i,
                                                    .member = d->member,
                                                    .reason = d->reject.reason,
                                                    .detail = d->reject.detail,
                                                    .since = j->since},
                              e);
    }
    return err_set(e, ERR_BUG, "a document of no known kind");
}

static bool put_read(struct put_job *j, struct err *e)
{
    int64_t date = j->mail->internaldate;
    /* The server's clock may be wrong and files have none: nothing is received later than now. */
    struct arrival how = {.received = date > 0 && date < j->s->now ? date : j->s->now};
    if (!settle_read(j, &how.mail, e))
        return false;
    for (size_t i = 0; i < j->outcome->n_documents; i++)
        if (!put_document(j, &how, i, e))
            return false;
    return j->put->rejects == 0 || keep_copy(j, how.mail, e);
}

static bool put_outcome(struct put_job *j, struct err *e)
{
    const struct mail_outcome *o = j->outcome;
    int64_t id;
    switch (o->state) {
    case MAIL_READ:
        return put_read(j, e);
    case MAIL_NOT_A_REPORT:
        return settle(j, "not_a_report", not_report_code(o->not_report), &id, e);
    case MAIL_REJECTED:
        return put_rejected(j, o->reject, o->detail, e);
    case MAIL_TEMPORARY:
        return put_temporary(j, o->reject, o->detail, e);
    }
    return err_set(e, ERR_BUG, "a mail in no known state");
}

/* The database itself cannot go on: not this mail's fault. */
static bool ends_batch(enum err_class cls)
{
    return cls == ERR_DISK || cls == ERR_DAMAGED || cls == ERR_STATE || cls == ERR_RETRY || cls == ERR_MEMORY;
}

/* Nothing of the mail is used here but its name and its octets: its texts may be what was refused. */
static bool put_refused(struct put_job *j, const struct err *why, struct err *e)
{
    *j->put = (struct store_put){.refused = true};
    return savepoint_undo(j->s, e) && put_rejected(j, REJECT_store_refused, sv_c(why->msg), e);
}

static bool run_job(struct put_job *j, struct err *e)
{
    struct err why = {.cls = ERR_NONE};
    if (!tx_need(j->s, TX_MAILS, e) || !savepoint_begin(j->s, e))
        return false;
    if (put_outcome(j, &why))
        return savepoint_keep(j->s, e);
    if (!ends_batch(why.cls))
        return put_refused(j, &why, e);
    tx_rollback(j->s);
    *e = why;
    return false;
}

bool store_put_mail(struct store *s, int64_t mailbox, const struct raw_mail *mail,
                    const struct mail_outcome *outcome, struct store_documents *docs, struct store_put *put,
                    struct err *e)
{
    *put = (struct store_put){.settled = false};
    struct put_job j = {.s = s,
                        .mailbox = mailbox,
                        .mail = mail,
                        .outcome = outcome,
                        .docs = docs,
                        .put = put,
                        .since = s->now};
    return run_job(&j, e);
}

bool store_put_gap(struct store *s, int64_t mailbox, uint32_t uidvalidity, uint32_t uid, uint64_t size,
                   enum reject reason, sv detail, struct err *e)
{
    struct raw_mail mail = {.uidvalidity = uidvalidity, .uid = uid, .n = (size_t)size};
    struct mail_outcome outcome = {.state = MAIL_TEMPORARY, .reject = reason, .detail = detail};
    struct store_put put;
    return store_put_mail(s, mailbox, &mail, &outcome, NULL, &put, e);
}
