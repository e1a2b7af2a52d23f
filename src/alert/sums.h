/* The first walk: messages by rule, source and day. A source is a network in which mail of one sender, or
 * of nobody we know, counts for the rule; beside them each sender has a wide one for what does not, and for
 * networks above limits.domain_networks. Sums do not depend on the order of rows. */
#ifndef ALERT_SUMS_H
#define ALERT_SUMS_H

#include "alert/alert.h"
#include "base/siphash.h"
#include "class.h"
#include "table.h"

struct day_sum {
    int64_t day;
    struct counts counts;
    struct counts sure; /* of these, what verified reports say */
};

struct days {
    struct day_sum *p; /* ascending */
    size_t n, cap;
};

struct source_key {
    enum rule_id rule;
    size_t sender; /* index into config.senders, or SIZE_MAX: unknown */
    bool wide;     /* then net is 0 */
    struct cidr net;
};

struct source {
    struct table_entry head;
    struct source_key key;
    struct days days;
    size_t group; /* SIZE_MAX: none; set by groups.c */
};

struct sums {
    const struct config *config;
    struct siphash_key hash_key;
    struct table sources;
    bool failed; /* sticky: no memory */
};

void sums_init(struct sums *s, const struct config *cfg);
void sums_free(struct sums *s);

/* alert_row_fn */
void sums_add(void *sums, const struct row *row, const struct verdict *v);

/* The source that a row was counted under, or NULL. */
struct source *sums_find(const struct sums *s, struct row_class class, const struct row *row,
                         const struct verdict *v);

void counts_add(struct counts *to, const struct counts *from);

/* Adds one day's sum in its place. False: no memory. */
bool days_add(struct days *d, const struct day_sum *sum) NODISCARD;

#endif
