/* Proof that a failing sender of ours works again: the reporters that told of the failure have reported a
 * day of usual volume without one. Only senders with an incident that goes on are watched, so that nothing
 * is counted where nothing is wrong. */
#ifndef ALERT_PROOF_H
#define ALERT_PROOF_H

#include "alert/alert.h"
#include "sums.h"

struct proofs {
    const struct alert_case *alert_case;
    struct siphash_key hash_key;
    const struct incident **of_sender; /* by index into config.senders: its incident that goes on, or NULL */
    bool any;
    struct table reporters; /* of a sender each; above limits.proof_reporters the rest is not heard */
    bool failed;            /* sticky: no memory */
};

/* False: no memory. */
bool proofs_init(struct proofs *p, const struct alert_case *c, arena *a) NODISCARD;
void proofs_free(struct proofs *p);

/* alert_row_fn */
void proofs_add(void *proofs, const struct row *row, const struct verdict *v);

/* The reporters of four fifths of the failed messages have since reported a day of at least half their usual
 * volume, on which less failed than the rule minds, and none of them sees most of it fail still. Where
 * verified reports told of the failure they alone are heard, each of its own domain. */
bool proofs_done(const struct proofs *p, size_t sender);

#endif
