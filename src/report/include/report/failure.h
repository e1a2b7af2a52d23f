/* Makes a failure report (RFC 6591, RFC 9991, RFC 5965) out of its header-like fields, which whoever
 * splits mails hands over one by one, or out of the plain text that Exim sends. Of the mail that it is about
 * nothing is looked at but two fields. */
#ifndef REPORT_FAILURE_H
#define REPORT_FAILURE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"
#include "model/failure.h"
#include "model/limits.h"

struct failure_reader {
    const struct limits *limits;
    arena *arena;
    struct failure_report report; /* texts in the arena */
    unsigned seen;                /* fields that had their first occurrence */
};

/* limits and a must outlive it. */
void failure_start(struct failure_reader *r, const struct limits *limits, arena *a);

/* A field of the feedback part; value unfolded. The first of a name counts, names that are of no use are
 * passed over. False: it is none of those that are read. */
bool failure_field(struct failure_reader *r, sv name, sv value);

/* Of the header of the mail that it is about; either may be absent. */
void failure_original(struct failure_reader *r, sv header_from_domain, sv message_id);

/* Whether a text is such a report in plain text: "Sender Domain: …" and "Sender IP Address: …" on lines of
 * their own. If so its values are taken, and *original is what it quotes of the mail's header, or absent. */
bool failure_plain_text(struct failure_reader *r, sv text, sv *original) NODISCARD;

/* To be called last: notes what is missing. */
void failure_end(struct failure_reader *r);

#endif
