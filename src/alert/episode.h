/* When a rule matches a source: days that match and follow each other closely enough are one episode. */
#ifndef ALERT_EPISODE_H
#define ALERT_EPISODE_H

#include "alert/alert.h"
#include "sums.h"

struct episode {
    bool matched;
    int64_t first_day, last_day; /* of the mail that matched */
    int64_t first_match;         /* the first day on which the rule matched */
    bool harmful;            /* enough of some 7 days, or of a window of the rule, had a fate that harms */
    bool sure, sure_harmful; /* the same by what verified reports say alone */
};

/* The last episode in the days that are later than `after`. floor: a source with fewer failed messages in
 * the window never matches. */
struct episode episode_find(const struct rule *rule, uint64_t floor, const struct days *days, int64_t after);

/* The second scale, for sources with a few messages a week. */
struct small_break {
    struct counts counts, sure; /* of the days on which everything failed; by verified reports alone */
    int64_t first_day;          /* of these */
    uint32_t usual_bp;          /* share of the mail before them that did not fail */
};

/* With the i-th day the last `least` messages or more, on 2 days or more, have all failed, while before, in
 * ALERT_BASELINE_DAYS, at least as many came and nine in ten did not fail. */
bool episode_broke(const struct days *days, size_t i, int64_t after, uint64_t least, struct small_break *out);

/* Sum of the days from first to last. */
struct counts episode_counts(const struct days *days, int64_t first, int64_t last);

/* Messages with a fate that harms. */
uint64_t episode_harm(const struct rule *rule, const struct counts *c);

#endif
