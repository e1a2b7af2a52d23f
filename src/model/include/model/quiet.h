/* Hours in which nothing is told that can wait. */
#ifndef MODEL_QUIET_H
#define MODEL_QUIET_H

#include "model/policy.h"

enum { QUIET_MOST = 7 * 86400 /* seconds: nothing waits longer */ };

/* There is anything in it. */
bool quiet_is_set(const struct quiet_cfg *q);

/* The first moment from `now` on that is not quiet, Unix seconds, in a zone that is `ahead` of UTC by so many
 * seconds; at most QUIET_MOST from now. */
int64_t quiet_end(const struct quiet_cfg *q, int64_t now, int64_t ahead);

#endif
