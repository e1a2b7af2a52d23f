/* The period of a report out of what its reporter wrote. */
#ifndef MODEL_PERIOD_H
#define MODEL_PERIOD_H

#include <stdint.h>

/* begin and end: Unix seconds as written, or NULL, not both. The result is in order and half-open, see
 * report_period. */
void period_of(const int64_t *begin, const int64_t *end, int64_t *from, int64_t *to);

#endif
