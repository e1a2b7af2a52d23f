/* Sums over all reports by one key: source, domain, day, sender or selector. */
#ifndef OUTPUT_TOTALS_H
#define OUTPUT_TOTALS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/siphash.h"
#include "format.h"
#include "reject_list.h"

/* Messages, saturating. */
struct total {
    sv key;         /* as printed */
    uint64_t order; /* of days; 0 elsewhere */
    uint64_t messages, failed, dkim_pass, spf_pass;
    uint64_t no_action, quarantined, rejected; /* by disposition, also of what passes */
};

struct totals {
    arena arena;
    arena folded;        /* of one name */
    struct total *items; /* sorted when printed */
    size_t n, cap;
    uint32_t *slots; /* hash table: 1 + index into items, 0 free */
    size_t n_slots;
    struct siphash_key hash_key;
    struct reject_list rejects;
    uint64_t reports;
    bool failed;
};

/* The forms it is printed in. */
void totals_table(struct output *o, const struct totals *t);
void totals_csv(struct output *o, const struct totals *t);
void totals_json(struct output *o, const struct totals *t);
void totals_ndjson(struct output *o, const struct totals *t);

#endif
