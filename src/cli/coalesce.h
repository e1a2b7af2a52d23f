/* Notices of a domain that still wait for a channel when another one comes. */
#ifndef CLI_COALESCE_H
#define CLI_COALESCE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/notice.h"
#include "model/policy.h"
#include "store/store.h"

/* Inside T2: for this channel, one notice takes the place of those that wait and of this one, or none where
 * nothing is left to tell. *done false: nothing waits, and nothing was done. */
bool coalesce(struct store *s, const struct config *c, const struct notice *n,
              const struct channel_cfg *channel, arena *a, bool *done, struct err *e) NODISCARD;

#endif
