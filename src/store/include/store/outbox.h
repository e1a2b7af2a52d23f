/* T3: sending, one notice and channel at a time, under run.lock:
 *
 *   store_outbox_recover, then while (store_outbox_next … found)
 *       store_outbox_claim → render and send → store_outbox_sent | _retry | _dead
 *
 * Each of them is a transaction of its own. A notice is sent at least once; only one whose process died
 * between the send and its commit goes out again, with the same id and marked. */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/incident.h"
#include "store/store.h"

struct store_delivery {
    int64_t id;
    uint8_t notice[INCIDENT_ID];
    sv channel;
    sv frozen;         /* as given to store_put_notice */
    int64_t created;   /* of the notice */
    uint32_t attempts; /* earlier ones */
    bool repeat_possible;
};

/* Rows found `sending` at the start of a run are due now and marked. */
bool store_outbox_recover(struct store *s, struct err *e) NODISCARD;

/* The oldest row that is due at `now` and whose channel is not held; rows claimed are not offered. A time to
 * wait for that lies more than STORE_WAIT_MAX ahead comes from a clock that was wrong, and counts as past. */
enum { STORE_WAIT_MAX = 7 * 86400 };
bool store_outbox_next(struct store *s, int64_t now, arena *a, struct store_delivery *out, bool *found,
                       struct err *e) NODISCARD;

/* To be committed before the first octet is sent. */
bool store_outbox_claim(struct store *s, int64_t id, struct err *e) NODISCARD;

/* Inside T2: what waits for the channel and is about the domain alone, the oldest first; not what may have
 * arrived. Only id, frozen and created are filled in. */
bool store_outbox_of_domain(struct store *s, sv channel, sv domain, arena *a, struct store_delivery **out,
                            size_t *n, struct err *e) NODISCARD;
/* Inside T2: another notice of it says what the row was to say. */
bool store_outbox_supersede(struct store *s, int64_t id, struct err *e) NODISCARD;

/* The row, which is waiting, is not due before that moment. */
bool store_outbox_rest(struct store *s, int64_t id, int64_t until, struct err *e) NODISCARD;

bool store_outbox_sent(struct store *s, int64_t id, int64_t now, struct err *e) NODISCARD;

struct store_retry {
    int64_t now;
    int64_t since;        /* when it might first be sent; 0: when it was made */
    int64_t retry_after;  /* seconds that the far side asked for: holds the whole channel, at most a day;
                             0: it did not */
    uint32_t jitter;      /* random */
    sv error;             /* for people */
    bool repeat_possible; /* it may have arrived: no answer came after the last octet */
};

/* Due again after store_backoff; given up (*gave_up, as by store_outbox_dead) after
 * limits.send_give_up, with all that waits for the channel and is as old; not with what rests yet. */
bool store_outbox_retry(struct store *s, int64_t id, const struct store_retry *r, bool *gave_up,
                        struct err *e) NODISCARD;

/* Will never arrive: refused for good, or its channel is gone. The row stays for people to see. */
bool store_outbox_dead(struct store *s, int64_t id, int64_t now, sv error, struct err *e) NODISCARD;

struct store_outbox_counts {
    uint64_t waiting, dead;
    int64_t oldest; /* created, of the waiting ones; 0: none */
};

bool store_outbox_counts(struct store *s, struct store_outbox_counts *out, struct err *e) NODISCARD;

/* For people: what waits, what is being sent, what was given up; the oldest first, at most STORE_OUTBOX_LIST.
 */
enum { STORE_OUTBOX_LIST = 10000 };
enum store_outbox_state { STORE_WAITING, STORE_SENDING, STORE_DEAD };

struct store_outbox_row {
    int64_t id;
    uint8_t notice[INCIDENT_ID];
    sv channel, domain, severity, error; /* in the arena; error absent: it was not tried */
    enum store_outbox_state state;
    int64_t created, not_before;
    uint32_t attempts;
};

/* id 0: all. */
bool store_outbox_list(struct store *s, int64_t id, arena *a, struct store_outbox_row **out, size_t *n,
                       struct err *e) NODISCARD;
/* Due at the next run, unless its channel is held; also what was given up. */
bool store_outbox_revive(struct store *s, int64_t id, struct err *e) NODISCARD;
/* Forgotten: it will not be sent. One that is being sent just now stays. */
bool store_outbox_drop(struct store *s, int64_t id, struct err *e) NODISCARD;

/* Seconds to wait after the n-th failed attempt (from 1): 5 minutes, doubled each time up to 6 hours, and
 * up to a fifth more or less by jitter. Pure. */
int64_t store_backoff(uint32_t attempts, uint32_t jitter);

#endif
