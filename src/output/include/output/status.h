/* What `status` prints: how readers are confined, what the last run did, what fails, what waits. */
#ifndef OUTPUT_STATUS_H
#define OUTPUT_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

struct status_run {
    bool any; /* false: none has ended yet */
    int64_t started, ended;
    int exit_code;
    uint64_t mails, reports, rejects, notices, sent, failed;
};

/* A mailbox or a channel. */
struct status_object {
    sv name;
    int64_t last_success; /* 0: never */
    uint32_t failed_runs; /* in a row */
    sv error;             /* of the last of them */
    bool has_mark;        /* mailboxes that were opened once */
    uint32_t mark, uidvalidity;
    uint64_t gaps;
    uint64_t waiting, dead; /* channels: notices */
};

/* A repair that the reports of one reporter need. */
struct status_note {
    sv reporter; /* empty: unknown */
    sv note;     /* a code of model/notes.h */
    uint64_t reports;
    int64_t last; /* when the last of them was received */
};

struct status {
    const char *version;
    sv sandbox, sandbox_sentence; /* level; when there is none: absent, and why */
    struct status_run run;
    const struct status_object *mailboxes, *channels;
    size_t n_mailboxes, n_channels;
    uint64_t quarantined;
    uint64_t learning;      /* domains whose data are few, so that what is only new is not told of them */
    int64_t learning_until; /* the last of them, in the time of its reports */
    bool with_notes;        /* notes are told too */
    const struct status_note *notes;
    size_t n_notes;
};

/* As lines for people, or as one JSON object. ERR_DISK, ERR_MEMORY. */
bool status_print(const struct status *s, bool json, FILE *to, struct err *e) NODISCARD;

#endif
