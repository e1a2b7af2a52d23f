/* Hours in which nothing is told that can wait. */
#ifndef MODEL_QUIET_H
#define MODEL_QUIET_H

#include "model/policy.h"

enum {
    QUIET_MOST = 7 * 86400, /* seconds: nothing waits longer */
    QUIET_GRACE = 86400     /* after the end of the quiet that it was made in */
};

/* There is anything in it. */
bool quiet_is_set(const struct quiet_cfg *q);

/* The first moment from `now` on that is not quiet, Unix seconds, in a zone that is `ahead` of UTC by so many
 * seconds; at most QUIET_MOST from now. */
int64_t quiet_end(const struct quiet_cfg *q, int64_t now, int64_t ahead);

/* When what was made at `created` may be told, if `now` is quiet. Who looks once a day may look in quiet
 * hours each time: it waits neither longer than QUIET_MOST nor, where it was made in quiet, more than
 * QUIET_GRACE beyond the end of that. */
int64_t quiet_rest(const struct quiet_cfg *q, int64_t created, int64_t now, int64_t ahead);

/* All week. */
bool quiet_is_always(const struct quiet_cfg *q);

#endif
