/* T1: mails and their facts, all of a batch or nothing. The mark of a mailbox moves in the same
 * transaction, so no report is lost; facts are known by their hash, so none counts twice, whatever way
 * and however often it comes. */
#ifndef STORE_MAILS_H
#define STORE_MAILS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/mail.h"
#include "model/report.h"
#include "store/store.h"

/* What a mailbox is known by. A folder of files has its path as folder and nothing else. */
struct store_mailbox_key {
    sv host;
    uint16_t port;
    sv user, folder;
};

/* A mail that could not be had and is asked for again, singly. */
struct store_gap {
    uint32_t uid;
    uint32_t tries;     /* runs that tried, this one not counted */
    enum reject reason; /* mail_too_large stays for ever, others until limits.mail_tries */
    uint64_t size;      /* octets as announced; 0: not known */
};

struct store_mailbox {
    int64_t id;
    uint32_t uidvalidity;   /* 0: never read */
    uint32_t mark;          /* every UID up to it is stored, quarantined or a gap */
    struct store_gap *gaps; /* by UID */
    size_t n_gaps;
};

/* State of the mailbox; makes its row when there is none. A transaction of its own. */
bool store_mailbox(struct store *s, const struct store_mailbox_key *key, arena *a, struct store_mailbox *out,
                   struct err *e) NODISCARD;

/* Its id, to know deliveries by (facts.h); 0: nothing of it was ever stored. */
bool store_mailbox_id(struct store *s, const struct store_mailbox_key *key, int64_t *id,
                      struct err *e) NODISCARD;

/* UIDs above `mark` of mails that are stored and are no gaps, ascending, the first `max` of them; in a. They
 * came before others, and the run ended before these did. */
bool store_mails_above(struct store *s, const struct store_mailbox *m, size_t max, arena *a, uint32_t **uids,
                       size_t *n, struct err *e) NODISCARD;

/* Who sends reports to this mailbox: From: domains, as written, of mails that are verified by whom
 * store_ask_trust named; if none is, of those that did not fail. In a; at most `max`, those first that sent
 * one first. */
bool store_known_reporters(struct store *s, int64_t mailbox, size_t max, arena *a, sv **out, size_t *n,
                           struct err *e) NODISCARD;

/* To be called when the server told its UIDVALIDITY and before the first mail of the run: when it is
 * another than the stored one, mark, gaps and debts are void (RFC 9051 2.3.1.1), *changed is set, and all
 * mails come again. The first time ever is no change. A transaction of its own. */
bool store_mailbox_opened(struct store *s, int64_t mailbox, uint32_t uidvalidity, bool *changed,
                          struct err *e) NODISCARD;

/* Opens T1. now is the run clock. */
bool store_begin_mails(struct store *s, int64_t now, struct err *e) NODISCARD;
bool store_commit_mails(struct store *s, struct err *e) NODISCARD;
void store_abort_mails(struct store *s);

/* How the store reads the documents of a mail; i < outcome.n_documents. A record_cursor is used to its
 * end and rewound before the next document is asked for. */
struct store_documents {
    const struct document *(*document)(struct store_documents *self, size_t i);
    struct record_cursor *(*records)(struct store_documents *self, size_t i); /* of an aggregate report */
    /* False: a cursor ended early, and nothing that came from it may be used. NULL: they cannot. */
    bool (*intact)(struct store_documents *self, struct err *e);
};

struct store_put {
    bool settled; /* false: listed as a gap, the next run asks again */
    bool refused; /* the database refused its facts (store_refused), and it is in quarantine */
    uint32_t reports_new, reports_known;
    uint32_t reports_conflicting; /* of the new ones: share their name with a report of other facts */
    uint32_t rejects;             /* documents, or the mail itself, put in quarantine */
    uint32_t placeholders; /* documents in which there is no report to be read, ever (reject_is_final) */
};

/* Stores one mail, in a savepoint. Its mailbox row, its uidvalidity and uid are its name; a mail with the
 * same name is replaced. bytes may be NULL: then nothing is kept in quarantine but where to fetch it.
 *  - MAIL_READ: each aggregate report is known (a delivery is added) or new, TLS and failure reports too, in
 *    tables of their own; each reject goes into quarantine, with one copy of the mail for all of them.
 *    A placeholder is counted and goes nowhere.
 *  - MAIL_NOT_A_REPORT: remembered as done.
 *  - MAIL_REJECTED: quarantine.
 *  - MAIL_TEMPORARY: a gap, until limits.mail_tries runs have tried; then quarantine.
 * A mail that holds a failure report (outcome.holds_original, or by its own words) is never kept itself.
 * In quarantine the mail is deflated; above limits.quarantine_mail nothing of it is kept but where to fetch
 * it, and above limits.quarantine_total the oldest make room.
 * SQL that fails for this mail alone takes back its facts and puts it in quarantine (put->refused).
 * False ends the whole batch. */
bool store_put_mail(struct store *s, int64_t mailbox, const struct raw_mail *mail,
                    const struct mail_outcome *outcome, struct store_documents *docs, struct store_put *put,
                    struct err *e) NODISCARD;

/* A mail that is listed and was not handed over: too large, or unfetchable. mail_too_large stays a gap;
 * others, and all above limits.mailbox_gaps, go into quarantine (without bytes) as store_put_mail says. size
 * as announced, 0 if unknown. Inside T1. */
bool store_put_gap(struct store *s, int64_t mailbox, uint32_t uidvalidity, uint32_t uid, uint64_t size,
                   enum reject reason, sv detail, struct err *e) NODISCARD;

/* A gap that the server does not list any more. Inside T1. */
bool store_drop_gap(struct store *s, int64_t mailbox, uint32_t uid, struct err *e) NODISCARD;

/* What a mailbox holds in (from, upto]: all the UIDs there, ascending. Who fetches gives those that were
 * handed out since the mark, and as upto the UID up to which all have been. */
struct store_listing {
    uint32_t uidvalidity;
    uint32_t from, upto;
    const uint32_t *uids;
    size_t n;
};

/* Moves the mark up to the highest UID of the listing below which everything listed is stored,
 * quarantined or a gap; to upto when that is all. Never back; not at all while the mark is below `from`
 * (an earlier listing is not done) or the UIDVALIDITY is another. Inside T1, after the mails of the batch.
 * *mark is what it is then. Cost: the UIDs passed, and one. */
bool store_move_mark(struct store *s, int64_t mailbox, const struct store_listing *l, uint32_t *mark,
                     struct err *e) NODISCARD;

#endif
