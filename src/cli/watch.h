/* What the agent sees of itself: what rules about it look at. */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "alert/plain.h"
#include "run.h"

/* What there is to say of one domain ("": the agent itself). incidents are the caller's to fill in. */
typedef bool watch_fn(void *ctx, const struct alert_plain_case *c, struct err *e);

/* Mailboxes, the disk, the clock, included files: one call of fn. Inside T2, with a store that was told whom
 * to ask for trust. `a` holds what the call is given. False: *e, also of fn. */
bool watch_agent(struct run *r, arena *a, watch_fn *fn, void *ctx, struct err *e) NODISCARD;

/* Channels, after the last delivery. broken: config.n_channels, set for those that take nothing. */
bool watch_channels(struct run *r, arena *a, bool *broken, watch_fn *fn, void *ctx, struct err *e) NODISCARD;

#endif
