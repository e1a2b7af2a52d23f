/* The second walk: what the notice says of its incidents beside the sums. */
#ifndef ALERT_FACTS_H
#define ALERT_FACTS_H

#include "alert/alert.h"
#include "finding.h"
#include "groups.h"
#include "sums.h"

/* The report whose published policy an item shows: the newest. */
struct newest {
    int64_t end, received, report;
};

struct facts {
    const struct sums *sums;
    const struct survey *survey; /* finding.item likewise */
    const struct groups *groups; /* group.item says which item a source belongs to */
    const struct config *config;
    struct notice_item *items;
    struct newest *newest; /* one for each item */
    struct siphash_key hash_key;
    struct table table;
    bool failed; /* sticky: no memory */
};

/* The items' days must be set. False: no memory. */
bool facts_init(struct facts *f, const struct sums *s, const struct groups *g, const struct survey *survey,
                struct notice_item *items, size_t n_items, arena *a) NODISCARD;
void facts_free(struct facts *f);

/* alert_row_fn */
void facts_add(void *facts, const struct row *row, const struct verdict *v);

/* Writes the lists of the items, cut at notice_sources and notice_evidence of the limits. Texts are in a. */
bool facts_finish(struct facts *f, arena *a) NODISCARD;

#endif
