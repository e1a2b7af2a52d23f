/* What all rows of a report have in common, and whether it counts: read from the report, or from the origin
 * that the daily sums of many reports share. */
#ifndef STORE_HEAD_H
#define STORE_HEAD_H

#include "db.h"
#include "map.h"
#include "model/report.h"
#include "model/trust.h"

struct head {
    bool counted, alone;
    sv set_id;
    struct trust_verdict trust;
    int64_t begin, end, received; /* not of an origin */
    sv reporter, reporter_domain;
    struct policy_published policy;
};

/* Heads live for one reading: which report of a set counts may change after it. */
struct heads {
    struct map map;
    arena mem;
};

void heads_init(struct heads *h, const struct limits *limits);
void heads_free(struct heads *h);
/* Between two uses only: all heads got so far may go. */
void heads_make_room(struct heads *h);

/* Of the report with that id. NULL: failed. */
const struct head *head_of_report(struct store *s, struct heads *heads, int64_t report,
                                  struct err *e) NODISCARD;

/* Of the origin with that id. NULL: failed. */
const struct head *head_of_origin(struct store *s, struct heads *heads, int64_t origin,
                                  struct err *e) NODISCARD;

/* The id of the origin that is like this head, which is made when there is none. It is kept until sums of
 * last_day are gone. Inside a transaction. */
bool head_origin(struct store *s, const struct head *h, int64_t last_day, int64_t *id,
                 struct err *e) NODISCARD;

/* Fills *e; false. */
bool store_no_memory(struct store *s, struct err *e);

#endif
