#ifndef CONFIG_HASH_H
#define CONFIG_HASH_H

#include "model/policy.h"

/* SHA-256 over everything that changes how rows are judged and incidents arise: senders, domains,
 * rules, what routes carry, max_age. Not over mailboxes, channels, secrets, limits. False: no memory. */
bool config_hash(const struct config *c, uint8_t out[32]) NODISCARD;

#endif
