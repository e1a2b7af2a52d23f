/* What is said about one mail, as frames: one document after the other, then the mail itself. Texts that
 * are no fields of a report are made fit for the wire here: UTF-8, no NUL, limits.mail_text. */
#ifndef WORKER_DOCUMENTS_H
#define WORKER_DOCUMENTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "model/limits.h"
#include "model/mail.h"
#include "model/report.h"
#include "parent.h"

struct documents {
    struct parent *parent;
    const struct limits *limits;
    arena texts;
    uint64_t n, rejects; /* of this mail; n counts both */
    bool open, limit_hit;
};

/* parent and limits must outlive it. */
void documents_init(struct documents *d, struct parent *parent, const struct limits *limits);
void documents_free(struct documents *d);

/* A new mail. */
void documents_start(struct documents *d);

/* False: limits.mail_reports is reached, nothing was begun. */
bool documents_begin(struct documents *d, sv member) NODISCARD;

/* False: the record is larger than a frame may be. */
bool documents_record(struct documents *d, const struct record *r) NODISCARD;
void documents_reset(struct documents *d);

/* Each ends the open document. */
void documents_report(struct documents *d, const struct report *r);
void documents_tlsrpt(struct documents *d, const struct tlsrpt *r);
void documents_failure(struct documents *d, const struct failure_report *f);
void documents_reject(struct documents *d, enum reject reason, sv detail);

/* Whether the reason is that something was more than a limit allows. */
bool documents_is_limit(enum reject r);

/* What is to be said of the mail itself. */
struct documents_end {
    const struct mail_facts *facts;
    enum not_report not_report;
    enum reject whole; /* why it could not be read to its end, or REJECT_NONE_ */
    sv detail;
    bool holds_original; /* as in struct mail_outcome */
    uint64_t cpu_ms;
};

/* The mail is done. */
void documents_done(struct documents *d, const struct documents_end *end);

#endif
