/* What the steps of a run share. Only this folder knows their sequence; each step is a file:
 *   collect.c  mailboxes → readers → T1        decide.c   facts → judge → alert → T2
 *   deliver.c  notices → channels, T3          preview.c  notices → standard output, in a dry run
 *   thin.c     old rows → daily sums
 *   config_files.c  included files that are wrong, and those to be remembered
 *   trouble.c  what went wrong, when to say it, the exit code */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "common.h"
#include "load_config.h"
#include "model/policy.h"
#include "notify/notify.h"
#include "store/runs.h"
#include "store/store.h"
#include "trouble.h"

/* How a channel did in this run. A failure stays one, whatever works before or after it. */
enum channel_outcome { CHANNEL_UNTRIED, CHANNEL_WORKED, CHANNEL_FAILED };

struct run {
    struct common common;
    const char *config_path;
    bool dry_run; /* nothing is written, moved or sent: the store is a private copy */
    arena arena;  /* lives as long as the run */
    struct config config;
    struct loaded loaded; /* what else there is to know of its files */
    struct store *store;
    int64_t id;      /* of its row */
    int64_t started; /* run clock */
    int64_t mono;    /* monotonic ms at the start: max_run is shared out from here */
    struct store_run_counts counts;
    struct trouble trouble;
    size_t read_to_end; /* mailboxes of which nothing was left: only if all are, absence means something */
    enum channel_outcome *outcomes; /* by channel; made at the first delivery */
    int64_t until;                  /* when an alert of Alertmanager's ends, unless it is told again */
};

/* Set by SIGTERM and SIGINT: finish what is begun, start nothing new. */
extern volatile sig_atomic_t run_stopping;

/* Milliseconds until `percent` of limits.max_run are used up; 0 when they are, or the run is stopping. */
int64_t run_time_left(const struct run *r, unsigned percent);

/* The steps. False: *e ends the run (state, disk, memory, a reader that cannot be used); what a mailbox or
 * channel has is in r->trouble instead. */
bool run_collect(struct run *r, struct err *e) NODISCARD;
bool run_decide(struct run *r, struct err *e) NODISCARD;
/* The weekly digest, once when it is due: T2 of its own. */
bool run_digest(struct run *r, struct err *e) NODISCARD;
bool run_deliver(struct run *r, unsigned percent, struct err *e) NODISCARD;
/* After the last delivery: what other channels are to be told of those that take nothing. */
bool run_decide_channels(struct run *r, struct err *e) NODISCARD;

/* After the last delivery: what an Alertmanager was told is told again. */
bool run_refresh(struct run *r, struct err *e) NODISCARD;
/* Two intervals of runs from now, and an hour; 0: *e. */
int64_t run_until(struct run *r, struct err *e) NODISCARD;

/* The first failure of a run counts, whatever worked before or after it. One that needs a person is parked.
 */
bool run_channel_failed(struct run *r, const struct channel_cfg *channel, const struct answer *answer,
                        struct err *e) NODISCARD;

/* After the last delivery: what only worked has no streak of failures any more. */
bool run_end_streaks(const struct run *r, struct err *e) NODISCARD;

/* Old reports become daily sums, for at most limits.thin_time. Not in a dry run. */
bool run_thin(struct run *r, struct err *e) NODISCARD;

/* In a dry run, instead of run_deliver: prints what would be sent, and to which channels. */
bool run_preview(struct run *r, struct err *e) NODISCARD;

/* NULL: there is none of that name. */
const struct channel_cfg *run_channel(const struct config *c, sv name);

#endif
