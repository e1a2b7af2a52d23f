/* Inside collect: the mailboxes of a run and the results that wait for the next T1. */
#ifndef CLI_COLLECT_H
#define CLI_COLLECT_H

#include "fetch/fetch.h"
#include "intake/intake.h"
#include "progress.h"
#include "run.h"
#include "store/debts.h"
#include "store/mails.h"

struct uid_list {
    uint32_t *uids; /* ascending */
    size_t n, cap;
};

struct gap {
    uint32_t uid;
    enum reject why;
    bool gone; /* the server does not have it any more */
};

struct file_source; /* collect_files.c */

struct box {
    const struct mailbox_cfg *cfg;
    struct store_mailbox state;
    uint32_t uidvalidity;   /* the server's, once selected */
    struct uid_list handed; /* UIDs that came above the mark: mails and gaps */
    struct gap *gaps;       /* to be written in the next T1 */
    size_t n_gaps, gaps_cap;
    size_t pending;                          /* mails that came and are not stored yet */
    bool all_came;                           /* or no more will */
    bool fetched;                            /* the session waits to be told what is owed */
    struct fetch_debt debts[STORE_DEBT_END]; /* being paid */
    enum store_debt kinds[STORE_DEBT_END];   /* what each of these is */
    bool said_flagged;                       /* that mails can only be flagged there */
    struct file_source *files;               /* NULL: an IMAP mailbox */
    struct fetch_end end;
    uint64_t mails, reports, known, rejects;
    uint64_t oversize; /* mails above limits.mail_size met in this run */
};

/* IMAP mailboxes stand before the others: their place is the index that fetch/ knows them by. */
struct collect {
    struct run *run;
    struct fetch *fetch;
    struct tokens *tokens;
    struct intake *intake;
    struct box *boxes;
    size_t n_boxes;
    size_t n_imap;                /* the first of them */
    size_t n_fetching;            /* IMAP mailboxes from which mails may still come */
    struct intake_result **batch; /* finished, not yet stored */
    size_t n_batch;
    int64_t batch_since; /* monotonic ms of the oldest; valid when n_batch or n_gaps */
    size_t n_gaps;       /* over all boxes */
    uint64_t next_id;    /* of the next mail: so many came */
    uint64_t expected;   /* about: mails that the servers have above the marks */
    struct progress progress;
    struct err err; /* the first error of a handler: ends the collecting */
};

/* The first error of a handler stays. */
void collect_fail(struct collect *c, const struct err *e);
void collect_no_memory(struct collect *c);

/* Remembers that a UID came; false: no memory, which ends the collecting. */
bool collect_hand(struct collect *c, struct box *box, uint32_t uid);
void collect_gap(struct collect *c, uint32_t mailbox, struct gap gap);

/* collect_settle.c: what is owed to mails on their server. */
bool collect_settles(const struct mailbox_cfg *cfg);
/* Forgets what the configuration does not ask for any more. */
bool collect_forget_debts(struct collect *c, const struct box *box, struct err *e) NODISCARD;
/* In T1, of a mail that was just stored; mailbox: its row. */
bool collect_put_debt(struct store *s, const struct mailbox_cfg *cfg, int64_t mailbox,
                      const struct raw_mail *mail, const struct store_put *put, struct err *e) NODISCARD;
/* Begins to pay at the mailboxes all whose mails are stored. */
bool collect_settle(struct collect *c, struct err *e) NODISCARD;
/* Handlers of fetch.h. */
void collect_on_fetched(void *ctx, uint32_t mailbox);
void collect_on_settled(void *ctx, uint32_t mailbox, size_t debt, size_t from, size_t to, bool only_flagged);

/* collect_files.c: mailboxes that are files of this machine. */
bool collect_files_open(struct collect *c, uint32_t index, struct err *e) NODISCARD;
/* Reads some; the mails go to the readers. */
bool collect_files_turn(struct collect *c, struct err *e) NODISCARD;
/* Some files are left, and readers have room for them. */
bool collect_files_ready(const struct collect *c);
bool collect_files_left(const struct collect *c);
void collect_files_stop(struct collect *c);
void collect_files_close(struct box *box);
/* In T1: a mail was stored; then the files that are done with. */
void collect_file_mail(struct box *box, uint32_t uid, bool settled);
bool collect_put_files(struct collect *c, struct box *box, struct err *e) NODISCARD;
/* Files wait for that whose mails are all stored. */
bool collect_files_owed(const struct collect *c);
/* The highest UID up to which all have come. */
uint32_t collect_files_floor(const struct box *box);

/* T1: everything that waits, in one transaction. */
bool collect_store(struct collect *c, struct err *e) NODISCARD;

/* Keeps *uids ascending; false: no memory. */
bool uid_list_add(struct uid_list *l, uint32_t uid) NODISCARD;
void uid_list_drop_upto(struct uid_list *l, uint32_t mark);

#endif
