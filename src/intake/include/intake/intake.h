/* The parent's side of the confined readers: mails go in, checked facts come out. Nothing here ever
 * waits: a caller polls the descriptors beside its own and calls intake_turn.
 *
 *   intake_open → { intake_submit… ; poll(intake_poll_fds, intake_timeout_ms) ; intake_turn ;
 *                   while (intake_next(&r)) { use r ; intake_release(r) } } → intake_close
 *
 * What a reader says is checked field by field and staged; nothing of a mail is handed over before its
 * end (architecture: Stage). Readers are copies of one process that never
 * meets a mail; they are started at the first mail, replaced after limits.worker_mails
 * mails or limits.worker_cpu, after any mail that hit a limit, and after a crash. */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "model/limits.h"
#include "model/mail.h"
#include "model/report.h"

struct pollfd;
struct intake;
struct intake_stage;

struct intake_options {
    const struct limits *limits; /* copied; .workers is the number of readers */
    const char *worker;          /* the reader program; NULL: found beside this program, never by PATH:
                                    ../libexec/dmarcwarn/dmarcwarn-parse from its own folder */
    bool best_effort; /* a reader that this system does not let confine itself wholly is used all the same */
    const char *stage_folder; /* where a report above limits.stage_memory is staged, in a file without
                                 a name; NULL: in memory */
};

struct intake_result {
    uint64_t id;                 /* as submitted */
    struct raw_mail mail;        /* as submitted; who wants to keep the bytes takes them and leaves NULL */
    struct mail_outcome outcome; /* texts live until the release */
    struct intake_stage *stage;  /* use intake_document, intake_records */
};

struct intake_stats {
    uint64_t started;    /* readers */
    uint64_t replaced;   /* because of their age or a limit that was hit */
    uint64_t crashed;    /* died by themselves */
    uint64_t timed_out;  /* killed: no progress, or too much processor time */
    uint64_t lied;       /* killed: an answer that did not pass the checks */
    const char *sandbox; /* least confined level met so far, by name; "unknown" before the first greeting */
};

enum {
    INTAKE_READERS_MAX = 8,
    INTAKE_FDS_MAX = INTAKE_READERS_MAX + 1, /* and the process that they are copies of */
};

/* Looks for the reader program; starts nothing yet. ERR_BUG: it is not there (the installation is
 * damaged); ERR_MEMORY. */
bool intake_open(const struct intake_options *o, struct intake **out, struct err *e) NODISCARD;

/* How far readers confine themselves on this system: starts one for it, and waits for it for at most
 * limits.worker_start. *name and *sentence stay valid. Errors as intake_open and intake_turn. */
bool intake_probe(const struct intake_options *o, const char **name, const char **sentence,
                  struct err *e) NODISCARD;

/* Ends the readers and frees everything, also results that were not taken. Results that were taken must
 * have been released. NULL is allowed. */
void intake_close(struct intake *it);

/* Takes mail->bytes over (and sets it to NULL); id is the caller's. A mail above limits.mail_size comes
 * back rejected. ERR_MEMORY: nothing was taken. */
bool intake_submit(struct intake *it, struct raw_mail *mail, uint64_t id, struct err *e) NODISCARD;

/* Octets of all mails submitted and not yet released, with what is staged of them: above limits.backlog
 * the caller should stop fetching. Mails wait while results that were not released hold more than
 * limits.stage_size. */
uint64_t intake_backlog(const struct intake *it);

/* Mails submitted whose result was not yet taken by intake_next. */
size_t intake_pending(const struct intake *it);

/* Fills at most max (INTAKE_FDS_MAX always suffice); the number filled. */
unsigned intake_poll_fds(const struct intake *it, struct pollfd *fds, unsigned max);

/* Longest wait until the next intake_turn: milliseconds, -1 for as long as you like. */
int intake_timeout_ms(const struct intake *it);

/* All that can be done now without waiting. False: no reader can be used at all (ERR_BUG: of another
 * build, or it dies at every start; ERR_STATE: it cannot confine itself; ERR_RETRY: no process can be made)
 * or the stage cannot be written (ERR_DISK, ERR_STATE): no mail got lost by that, results already there can
 * be taken, the others stay without one. */
bool intake_turn(struct intake *it, struct err *e) NODISCARD;

/* The next finished mail, in the order of completion; false when there is none now. */
bool intake_next(struct intake *it, struct intake_result **out) NODISCARD;

/* i < outcome.n_documents, in the order of the mail. */
const struct document *intake_document(const struct intake_result *r, size_t i);

/* The records of an aggregate document, at its start. One cursor a result: a further call ends the
 * former. A record's texts are valid until the next one. */
struct record_cursor *intake_records(struct intake_result *r, size_t i);

/* To be asked after the records were read: false when the stage could not be read again (ERR_DISK,
 * ERR_MEMORY), so that a cursor ended early and nothing read from it may be used. */
bool intake_intact(const struct intake_result *r, struct err *e) NODISCARD;

/* Frees the result, its stage and the mail's bytes if they are still there. */
void intake_release(struct intake *it, struct intake_result *r);

struct intake_stats intake_stats(const struct intake *it);

#endif
