/* What `status` tells of the database beyond the last run (runs.h) and the outbox (outbox.h). Only reads. */
#ifndef STORE_STATUS_H
#define STORE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/mails.h"
#include "store/store.h"

struct store_box_status {
    bool known;                 /* a run has tried it */
    uint32_t uidvalidity, mark; /* 0: it was never opened */
    uint64_t gaps;              /* mails that could not be had */
};

/* Does not make the mailbox, as store_mailbox does. */
bool store_box_status(struct store *s, const struct store_mailbox_key *key, struct store_box_status *out,
                      struct err *e) NODISCARD;

struct store_object_status {
    uint32_t failed_runs; /* in a row; 0: the last one was fine */
    int64_t since;        /* start of the first of them */
    sv error;             /* of the last one, in the arena */
    int64_t last_success; /* end of the last run that did not fail here; 0: none */
};

/* object as of store_streak_failed. */
bool store_object_status(struct store *s, sv object, arena *a, struct store_object_status *out,
                         struct err *e) NODISCARD;

struct store_channel_status {
    uint64_t waiting, dead;
    int64_t hold_until; /* 0: not held */
};

bool store_channel_status(struct store *s, sv channel, struct store_channel_status *out,
                          struct err *e) NODISCARD;

/* Documents and mails that could not be read. */
bool store_quarantine_count(struct store *s, uint64_t *out, struct err *e) NODISCARD;

/* What had to be repaired or inferred in the reports of one reporter that are stored. */
struct store_note {
    sv reporter; /* its name, else the domain of its address; empty: it told neither */
    sv note;     /* its code */
    uint64_t reports;
    int64_t last; /* when the last of them was received */
};

/* By reporter, without case, and there in the order of the codes; in the arena. */
bool store_notes(struct store *s, arena *a, struct store_note **out, size_t *n, struct err *e) NODISCARD;

#endif
