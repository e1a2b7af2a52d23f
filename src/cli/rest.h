/* Quiet hours: what can wait is left until they are over. */
#ifndef CLI_REST_H
#define CLI_REST_H

#include "model/notice.h"
#include "model/policy.h"

/* When the notice may be sent to the channel, Unix seconds; `now`: at once. The hours are those of the
 * channel, else of the tenant, else of all. Critical incidents that begin or go on, digests and tests do not
 * wait, and nothing waits for ever (quiet_rest). */
int64_t rest_until(const struct config *c, const struct channel_cfg *channel, const struct notice *n,
                   int64_t now);

/* Somebody has quiet hours. */
bool rest_is_set(const struct config *c);

#endif
