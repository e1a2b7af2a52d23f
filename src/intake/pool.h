/* The readers and the mails on their way through them. */
#ifndef INTAKE_POOL_H
#define INTAKE_POOL_H

#include <sys/types.h>
#include <time.h>

#include "answer.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "intake/intake.h"
#include "stage.h"
#include "wire/wire.h"

enum {
    SLOT_READ_STEP = 64 * 1024, /* of one recv */
    AHEAD_MAILS = 16,           /* sent to a reader before it is asked for them */
    AHEAD_PATIENCE_MS = 1000,   /* how long they wait for a mail that takes its time; then others get them */
};

struct job {
    struct intake_result result; /* first: the public part */
    struct job *next;
    struct intake_stage stage;
    uint64_t octets; /* of the mail */
    uint64_t end;    /* it is whole in the socket when so many octets went through it */
    bool retried;    /* a reader ended over it once; this is the last try */
};

struct job_queue {
    struct job *first, **last;
    size_t n;
};

enum slot_state {
    SLOT_DOWN,     /* no process */
    SLOT_STARTING, /* asked for; no greeting yet */
    SLOT_IDLE,
    SLOT_SENDING, /* being sent a mail */
    SLOT_BUSY,    /* has it whole */
    SLOT_ENDING,  /* killed, not yet reaped */
};

/* Why a reader ends. */
enum slot_end {
    END_REPLACED, /* old, or it hit a limit: nothing is wrong */
    END_CRASHED,  /* it hung up */
    END_HUNG,
    END_CPU,
    END_LIED,
    END_STAGE, /* our own failure: the mail goes to another reader */
};

struct slot {
    enum slot_state state;
    enum slot_end end;
    bool greeted;
    bool none_made; /* no process could be made for it */
    pid_t pid;      /* -1: none, or it is asked for and not yet born */
    int fd;
    uint64_t mails;      /* done by this process */
    int64_t deadline;    /* monotonic ms: a sign of life by then */
    int64_t mail_end;    /* monotonic ms: the mail is done by then */
    int64_t cpu_check;   /* monotonic ms: not before can the mail have used up its processor time */
    int64_t cpu_start;   /* processor ms of the process when it was last asked for, before the mail */
    int64_t cpu_asked;   /* monotonic ms: when that was */
    int64_t cpu_seen;    /* processor ms, when it last showed by that that it works */
    clockid_t cpu_clock; /* of the process */
    int64_t start_after; /* monotonic ms */
    struct job *job;     /* also while DOWN: to be tried again, alone */
    /* Sent behind it, so that the reader need not wait for the parent. */
    struct job_queue behind;
    bool taken_back;    /* they were given to others, though it has them: it reads no further mail */
    int64_t patience;   /* monotonic ms: until then they are left to it */
    uint64_t put, gone; /* octets ever put into out, and sent */
    buf in, out;
    size_t out_at, sent; /* octets of out, of the mail */
    bool framed;         /* mail_end is in out */
    struct answer answer;
};

/* What readers are copies of. */
struct mould {
    pid_t pid; /* -1: none */
    int fd;
    bool stale;  /* a copy came to a bad end: whoever was guessing shall not meet the same layout again */
    bool ending; /* killed, not yet reaped */
    int status;  /* of the last one that was reaped */
};

struct intake {
    struct limits limits;
    arena memory;
    const char *worker, *folder;
    bool best_effort;
    bool probing; /* a reader is wanted for its greeting alone */
    struct mould mould;
    struct slot slots[INTAKE_READERS_MAX];
    unsigned n_slots, failed_starts; /* in a row */
    struct job_queue waiting, done;
    size_t pending;
    uint64_t octets; /* mails submitted and not released */
    uint64_t held;   /* staged by results not released */
    enum wire_sandbox sandbox;
    struct intake_stats stats;
};

void queue_init(struct job_queue *q);
void queue_put(struct job_queue *q, struct job *j);
struct job *queue_take(struct job_queue *q);
/* Before all others, in their order. */
void queue_put_first(struct job_queue *q, struct job_queue *jobs);
void job_free(struct job *j);

/* The mail has its outcome: to the results. */
void job_finish(struct intake *it, struct job *j);

/* The next mail that may be sent now, or NULL. */
struct job *next_waiting(struct intake *it);
bool work_waits(const struct intake *it);
/* There are more of them than readers that are idle or on their way: one more is worth its start. */
bool work_wants_reader(const struct intake *it);

void slot_init(struct slot *s, const struct limits *limits);
/* Ends the reader at once, waits for it and frees; the job is not the slot's to free. */
void slot_free(struct slot *s);

/* All that can be done with this reader without waiting. Errors as intake_turn. */
bool slot_turn(struct intake *it, struct slot *s, int64_t now, struct err *e) NODISCARD;

/* Asked for, and the mould has not yet told what came of it. */
static inline bool slot_is_unborn(const struct slot *s)
{
    return s->pid < 0 && !s->none_made && (s->state == SLOT_STARTING || s->state == SLOT_ENDING);
}

void mould_init(struct mould *m);
/* Ends it and waits for it. */
void mould_free(struct intake *it);

/* A reader was asked for, and what came of it is not yet known. */
bool mould_owes(const struct intake *it);

/* What it says, and its end. */
void mould_turn(struct intake *it);

/* Begins to end it at once. */
void mould_end(struct intake *it);

/* Asks for a reader; *fd is our end of its socket. MOULD_LATER: not in this turn. MOULD_FAILED: *e as of
 * launch_mould. */
enum mould_ask { MOULD_ASKED, MOULD_LATER, MOULD_FAILED };
enum mould_ask mould_ask(struct intake *it, const struct slot *s, int *fd, struct err *e) NODISCARD;

/* When slot_turn has to be called again at the latest: monotonic ms, INT64_MAX for never. */
int64_t slot_deadline(const struct intake *it, const struct slot *s, int64_t now);

/* What it exchanges with its reader (talk.c). slot_give: the next mail, if there is one. slot_send: what
 * the socket takes; false: it hung up. slot_receive: what is there, believed as far as it can be checked;
 * false: an error as of intake_turn. */
void slot_give(struct intake *it, struct slot *s, int64_t now);
/* The mails behind the one at hand wait for any reader again. */
void slot_take_back(struct intake *it, struct slot *s);
bool slot_send(struct intake *it, struct slot *s, int64_t now) NODISCARD;
bool slot_receive(struct intake *it, struct slot *s, int64_t now, struct err *e) NODISCARD;

/* It goes on, by its socket or its processor time: more time, but not beyond what a mail may take. */
void slot_alive(const struct intake *it, struct slot *s, int64_t now);

/* Processor time of its process so far; -1 when it is gone. */
int64_t slot_cpu_ms(const struct slot *s);

/* The reader gives up by itself at mail_cpu; one that does not is killed at twice of it. */
static inline int64_t slot_cpu_cap(const struct intake *it)
{
    return 2 * (int64_t)it->limits.mail_cpu;
}

/* Begins to end the reader; what becomes of its mail is decided when it is reaped. */
void slot_end(struct intake *it, struct slot *s, enum slot_end end);

#endif
