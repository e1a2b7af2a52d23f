/* What a reader says about one mail, frame by frame: only what the present state allows, every field
 * checked, put on the stage. Pure but for the stage's file. */
#ifndef INTAKE_ANSWER_H
#define INTAKE_ANSWER_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/limits.h"
#include "model/mail.h"
#include "stage.h"
#include "wire/wire.h"

enum answer_step {
    ANSWER_MORE,
    ANSWER_DONE,   /* outcome is complete */
    ANSWER_LIE,    /* the reader is not to be believed; nothing of this mail may be used */
    ANSWER_FAILED, /* not the reader's fault: the stage (*e) */
};

struct answer {
    const struct limits *limits;
    struct intake_stage *stage;
    struct mail_outcome *outcome;
    bool limit_hit; /* valid after ANSWER_DONE */
    /* the document that is open */
    bool open, full;
    bool told; /* what the header says of the mail's authenticity: only its end may follow */
    struct mail_auth auth;
    sv member;
    int64_t now; /* run clock */
    uint64_t at; /* where its records begin in the spool */
    uint64_t records, messages, failed;
    arena record;
};

/* limits must outlive it. */
void answer_init(struct answer *a, const struct limits *limits);
void answer_free(struct answer *a);

/* A new mail: stage is empty. */
void answer_start(struct answer *a, struct intake_stage *stage, struct mail_outcome *outcome);

enum answer_step answer_take(struct answer *a, const struct wire_frame *f, struct err *e) NODISCARD;

#endif
