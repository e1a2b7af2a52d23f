/* The senders of one or more domain entries, as tables by kind of evidence. */
#ifndef JUDGE_SENDERS_H
#define JUDGE_SENDERS_H

#include "addresses.h"
#include "model/policy.h"
#include "model/verdict.h"
#include "names.h"

enum { MATCH_STEPS = MATCH_BOUNCES_AS + 1 };

/* Values in the tables are positions in the entry's list: the first listed of two that fit counts. */
struct evidence_tables {
    struct address_table addresses;
    struct name_table names[MATCH_STEPS]; /* all but MATCH_ADDRESS */
};

struct sender_tables {
    const size_t *senders; /* the entry's list: position to index into config.senders */
    size_t n_senders;
    struct evidence_tables proof;  /* makes a row the sender's */
    struct evidence_tables shared; /* only names a service */
    struct address_table networks; /* our own address space */
};

bool sender_tables_build(struct sender_tables *t, const struct config *cfg, const struct domain_cfg *domain,
                         arena *a);

/* A step of the match order with its sender, or MATCH_NONE and SIZE_MAX. */
struct sender_match {
    enum match_step step;
    size_t sender; /* index into config.senders */
};

struct sender_match sender_find(const struct sender_tables *t, const struct evidence_tables *e,
                                const struct row *row);

#endif
