/* Runs, and how long a thing has been failing: what is said only from the third run in a row on. */
#ifndef STORE_RUNS_H
#define STORE_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/store.h"

struct store_run_counts {
    uint64_t mails, reports, known, rejects; /* stored in this run; known: came again */
    uint64_t notices, sent, failed;          /* decided; sent to a channel; attempts that failed */
};

struct store_run {
    int64_t id;
    int64_t started, ended; /* ended 0: it was killed, or still goes on */
    int exit_code;
    struct store_run_counts counts;
};

enum { STORE_CHECK_DAYS = 7 };

/* Under run.lock. Where the run before did not end, and after STORE_CHECK_DAYS, the whole file is checked
 * first (quick_check, some seconds a gigabyte; ERR_DAMAGED). */
bool store_run_begin(struct store *s, int64_t now, int64_t *id, struct err *e) NODISCARD;
bool store_run_end(struct store *s, int64_t id, int64_t now, int exit_code, const struct store_run_counts *c,
                   struct err *e) NODISCARD;

/* The newest run that ended; *found false: none. */
bool store_last_run(struct store *s, struct store_run *out, bool *found, struct err *e) NODISCARD;

struct store_streak {
    uint32_t runs;   /* failed ones in a row, with this one */
    int64_t since;   /* start of the first of them */
    bool same_error; /* as the time before; false for the first */
};

/* object: "mailbox:NAME", "channel:NAME". To be called once for an object and run, with the run's id. A
 * second call of the same run does not count. error is for people, without secrets. */
bool store_streak_failed(struct store *s, int64_t run, sv object, int64_t now, sv error,
                         struct store_streak *out, struct err *e) NODISCARD;

/* It worked: the streak is over. */
bool store_streak_ended(struct store *s, sv object, struct err *e) NODISCARD;

#endif
