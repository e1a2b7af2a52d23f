/* A mailbox of the configuration, as the store knows it. */
#ifndef CLI_MAILBOX_KEY_H
#define CLI_MAILBOX_KEY_H

#include "model/policy.h"
#include "store/mails.h"

struct store_mailbox_key mailbox_key(const struct mailbox_cfg *cfg);

/* NULL: the configuration has none by this key (any more). */
const struct mailbox_cfg *mailbox_of(const struct config *c, const struct store_mailbox_key *key);

#endif
