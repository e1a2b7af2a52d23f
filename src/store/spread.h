/* How the messages of a record fall on the UTC days of its report's period: in proportion to the time
 * that each day has in it, in whole numbers that add up to the count. Pure. */
#ifndef STORE_SPREAD_H
#define STORE_SPREAD_H

#include <stdint.h>

struct spread {
    int64_t begin, end; /* half-open, Unix seconds, begin < end */
    int64_t first_day, last_day;
};

/* A period of more than max_days days counts on its last ones only. */
struct spread spread_of(int64_t begin, int64_t end, uint64_t max_days);

/* Messages of a record of `count` on that day, first_day to last_day. */
uint64_t spread_share(const struct spread *s, uint64_t count, int64_t day);

#endif
