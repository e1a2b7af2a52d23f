/* What each reporter says of the published policy, report by report: collected on the first walk, one vote a
 * report, and then read by reporter and time. Which votes are kept above limits.policy_votes depends on the
 * set of reports alone. */
#ifndef ALERT_VOTES_H
#define ALERT_VOTES_H

#include "alert/alert.h"
#include "base/siphash.h"
#include "table.h"

/* The fields that people set in DNS; which of them a report has depends on its schema. */
enum policy_field {
    FIELD_P,
    FIELD_SP, /* in effect: without a tag of its own it is that of p */
    FIELD_NP,
    FIELD_ADKIM,
    FIELD_ASPF,
    FIELD_PCT,
    FIELD_TESTING,
    POLICY_FIELDS
};

enum { VOTE_NONE = -1 };

struct vote {
    struct table_entry head;
    int64_t report;
    int64_t end, received; /* Unix seconds */
    sv reporter;
    bool verified;                 /* the report is; one who only uses the name is another reporter */
    int16_t values[POLICY_FIELDS]; /* greater is stricter; VOTE_NONE: the report does not say */
};

struct votes {
    const struct config *config;
    struct siphash_key hash_key;
    struct table table;
    int64_t last_report;
    bool failed;          /* sticky: no memory */
    struct vote **sorted; /* after votes_sort: by reporter, end, report */
    size_t n;
};

void votes_init(struct votes *v, const struct config *c);
void votes_free(struct votes *v);

/* alert_row_fn */
void votes_add(void *votes, const struct row *row, const struct verdict *verdict);

/* False: no memory. */
bool votes_sort(struct votes *v, arena *a) NODISCARD;

bool votes_same_reporter(const struct vote *a, const struct vote *b);

/* "p=reject sp=none pct=50": the fields of the mask with their values; "" when none. */
sv votes_text(arena *a, const int16_t values[POLICY_FIELDS]);

/* Reads what votes_text wrote; fields that are not there are VOTE_NONE. */
void votes_read(sv text, int16_t values[POLICY_FIELDS]);

#endif
