/* The failure report of a mail: its fields and the mail that it is about stand in different parts, in either
 * order. It is a document once both are known: at the next such report or at the end of the mail. */
#ifndef WORKER_FEEDBACK_H
#define WORKER_FEEDBACK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "mail/mail.h"
#include "report/failure.h"

/* What is known of the mail that a report is about. */
struct feedback_original {
    bool is_there;
    sv path, header_from_domain, message_id;
};

struct feedback {
    const struct limits *limits;
    arena *arena; /* of the mail */
    buf scratch;
    bool pending; /* reader holds a report that is no document yet */
    bool is_text; /* in plain text: a real one takes its place */
    bool has_original;
    sv path;
    struct failure_reader reader;
    struct feedback_original spare; /* met and not used yet */
};

/* limits and a must outlive it; a is the caller's and is reset between mails. */
void feedback_init(struct feedback *f, const struct limits *limits, arena *a);
void feedback_free(struct feedback *f);
/* A new mail. */
void feedback_start(struct feedback *f);

/* Whether the leaf is part of a failure report; what is of use in it is taken. By its type alone it is none:
 * it must have a field of one. A report that was pending must have been handed out by feedback_next before,
 * when feedback_is_next says so. */
bool feedback_take(struct feedback *f, const struct mail_leaf *leaf) NODISCARD;

/* The leaf begins another report, so that the pending one is complete. */
bool feedback_is_next(const struct feedback *f, const struct mail_leaf *leaf) NODISCARD;

/* The pending report, or at the end of a mail an original that lost its report; *path is its part. NULL:
 * there is none. */
const struct failure_report *feedback_next(struct feedback *f, sv *path) NODISCARD;

#endif
