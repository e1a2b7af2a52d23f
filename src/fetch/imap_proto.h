/* One mailbox over an authenticated IMAP connection, without I/O: octets of the server go in, commands come
 * out, the handler of fetch.h is told. Any split of the incoming octets gives the same.
 *
 *   CAPABILITY [ID] EXAMINE
 *   round of new mail:   UID FETCH mark+1:* sizes, then bodies in batches, several commands in flight;
 *                        (of many, those of known reporters first, by SEARCH);
 *                        what was asked for and not answered is asked for once more, alone, then a gap
 *   round of old gaps:   sizes of those that are to be asked for, then their bodies one by one
 *   if it settles:       waits for imap_proto_settle, then SELECT and one command after the other
 *   LOGOUT */
#ifndef FETCH_IMAP_PROTO_H
#define FETCH_IMAP_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"
#include "fetch/fetch.h"
#include "imap_answer.h"
#include "imap_list.h"
#include "imap_reader.h"

enum {
    IMAP_PREFIX = 4,
    IMAP_FLIGHTS = 4,    /* commands without an answer; the ceiling of limits.imap_in_flight */
    IMAP_COMMAND = 8000, /* octets of one command; servers take 8,192 (RFC 7162 4) */
};

struct imap_config {
    const struct limits *limits;
    const struct fetch_handler *handler;
    uint32_t source; /* for the handler and raw_mail */
    sv folder;       /* UTF-8 */
    bool settles;    /* waits for imap_proto_settle before LOGOUT */
    bool looks;      /* LOGOUT once the folder is open */
    int64_t since;   /* of a mailbox never read, only mails whose INTERNALDATE is not before; 0: all */
    int64_t now;     /* run clock: INTERNALDATE of a mail whose server gives none that can be read */
    char prefix[IMAP_PREFIX]; /* of our tags: random capital letters, a new one for each session */
};

enum imap_command_kind {
    COMMAND_CAPABILITY,
    COMMAND_ID,
    COMMAND_QUOTA,
    COMMAND_EXAMINE,
    COMMAND_LIST,
    COMMAND_SEARCH,
    COMMAND_BODIES,
    COMMAND_SELECT,
    COMMAND_CREATE,
    COMMAND_SETTLE, /* one of the steps of a debt */
    COMMAND_LOGOUT
};

/* A command that was sent and is not answered; entries from … to are its. */
struct imap_command {
    enum imap_command_kind kind;
    size_t from, to;
    uint32_t number; /* in its tag */
};

enum imap_phase {
    PHASE_OPENING,
    PHASE_LISTING,
    PHASE_SEARCHING,
    PHASE_BODIES,
    PHASE_WAITING, /* for imap_proto_settle */
    PHASE_SETTLING,
    PHASE_LEAVING,
    PHASE_ENDED,
    PHASE_FAILED
};

enum imap_capability { CAN_ID = 1, CAN_MOVE = 2, CAN_UIDPLUS = 4, CAN_QUOTA = 8 };

/* The part of imap_settle.c. */
struct imap_settle {
    const struct fetch_debt *debts;
    size_t n, at;         /* at: the debt in hand */
    size_t from, to;      /* its mails that are under way */
    size_t step;          /* which of the commands that they need */
    bool created;         /* the folder of the debt in hand */
    uint32_t uidvalidity; /* by SELECT */
    buf target;           /* the folder of the debt in hand, as it is sent */
};

struct imap_proto {
    buf out;           /* octets to send; the transport consumes them */
    uint64_t progress; /* grows with each mail, listed UID and answered command */
    bool open;         /* the folder: box and floor hold */
    struct fetch_box box;
    uint32_t floor; /* see fetch_floor */
    struct err err; /* PHASE_FAILED */
    bool transient;

    /* inside */
    struct imap_config config;
    struct imap_reader reader;
    enum imap_phase phase;
    struct imap_command flights[IMAP_FLIGHTS];
    size_t n_flights;
    uint32_t commands;    /* sent so far: the number in the tag */
    unsigned can;         /* enum imap_capability */
    uint32_t uidvalidity; /* of the state */
    struct fetch_gap *gaps;
    size_t n_gaps;
    bool gap_round;
    struct imap_list list;
    uint32_t passed_over; /* the highest UID that is too old for config.since */
    bool only_recent;     /* config.since holds */
    bool first_pass;      /* only known reporters are asked for */
    size_t search_at;     /* first entry of which the server was not asked whose it is */
    size_t next_at;       /* first entry that was not asked for */
    size_t done_at;       /* all before it are ENTRY_DONE */
    uint32_t given_up;    /* gaps of this session */
    buf folder, set, body, known;
    struct imap_settle settle;
    bool kept, too_large; /* the body that is being read */
};

/* Copies state. Puts the first command into out. ERR_CONFIG: the folder's name cannot be sent; ERR_MEMORY. */
bool imap_proto_init(struct imap_proto *p, const struct imap_config *config, const struct fetch_state *state,
                     struct err *e) NODISCARD;
void imap_proto_free(struct imap_proto *p);

/* What the server sent; all of it is used. Look at `phase` afterwards. */
void imap_proto_feed(struct imap_proto *p, sv in);

/* In PHASE_WAITING: see fetch_settle. */
void imap_proto_settle(struct imap_proto *p, const struct fetch_debt *debts, size_t n);

/* The server closed the connection. */
void imap_proto_closed(struct imap_proto *p);

/* UID of the mail that is being read or waited for; 0: none. */
uint32_t imap_proto_in_hand(const struct imap_proto *p);

/* Listed and not handed over. */
uint32_t imap_proto_left(const struct imap_proto *p);

/* The parts of the machine; not for others. */

/* Sends "TAG before middle after". */
void imap_command(struct imap_proto *p, struct imap_command c, const char *before, sv middle,
                  const char *after);
void imap_fail(struct imap_proto *p, enum err_class cls, bool transient, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
/* "…: the server's words", by what kind of answer it is. */
void imap_refused(struct imap_proto *p, const char *what, const struct imap_answer *a);

/* Appends the name of a folder as a command has it; false: it cannot be sent. */
bool imap_put_folder(buf *out, sv name) NODISCARD;
void imap_leave(struct imap_proto *p);

/* imap_settle.c: COMMAND_SELECT, COMMAND_CREATE, COMMAND_SETTLE. */
void imap_settle_answer(struct imap_proto *p, const struct imap_command *c, const struct imap_answer *a);

/* imap_known.c: after the list is closed. False: there is nothing to search for. */
bool imap_known_begin(struct imap_proto *p) NODISCARD;
/* "* SEARCH 4 7 9", line: what stands behind SEARCH. */
void imap_known_found(struct imap_proto *p, sv line);
/* True: it was the last answer, and bodies come next. */
bool imap_known_answer(struct imap_proto *p, const struct imap_answer *a) NODISCARD;

/* imap_quota.c: "* QUOTA root (resource used limit …)", line: what stands behind QUOTA. */
void imap_quota(struct imap_proto *p, sv line);

/* imap_rounds.c: after the folder is open, until LOGOUT. */
void imap_rounds_begin(struct imap_proto *p);
void imap_rounds_go_on(struct imap_proto *p); /* an answer of another kind came */
void imap_rounds_body(struct imap_proto *p);  /* IMAP_BODY */
void imap_rounds_fetch(struct imap_proto *p); /* IMAP_FETCH */
void imap_rounds_answer(struct imap_proto *p, const struct imap_command *c, const struct imap_answer *a);

#endif
