/* Inside collect: the mailboxes of a run and the results that wait for the next T1. */
#ifndef CLI_COLLECT_H
#define CLI_COLLECT_H

#include "fetch/fetch.h"
#include "intake/intake.h"
#include "progress.h"
#include "run.h"
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

struct box {
    const struct mailbox_cfg *cfg;
    struct store_mailbox state;
    uint32_t uidvalidity;   /* the server's, once selected */
    struct uid_list handed; /* UIDs that came above the mark: mails and gaps */
    struct gap *gaps;       /* to be written in the next T1 */
    size_t n_gaps, gaps_cap;
    struct fetch_end end;
    uint64_t mails, reports, known, rejects;
};

struct collect {
    struct run *run;
    struct fetch *fetch;
    struct intake *intake;
    struct box *boxes;
    size_t n_boxes;
    struct intake_result **batch; /* finished, not yet stored */
    size_t n_batch;
    int64_t batch_since; /* monotonic ms of the oldest; valid when n_batch or n_gaps */
    size_t n_gaps;       /* over all boxes */
    uint64_t next_id;    /* of the next mail: so many came */
    uint64_t expected;   /* about: mails that the servers have above the marks */
    struct progress progress;
    struct err err; /* the first error of a handler: ends the collecting */
};

/* T1: everything that waits, in one transaction. */
bool collect_store(struct collect *c, struct err *e) NODISCARD;

/* Keeps *uids ascending; false: no memory. */
bool uid_list_add(struct uid_list *l, uint32_t uid) NODISCARD;
void uid_list_drop_upto(struct uid_list *l, uint32_t mark);

#endif
