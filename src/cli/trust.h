/* Whose word on report mails the configuration believes, mailbox by mailbox: what store/ asks and judge/
 * answers. */
#ifndef CLI_TRUST_H
#define CLI_TRUST_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/policy.h"
#include "store/store.h"

/* From now on the store asks for the trust that c has in the mails of its mailboxes; a and c must live as
 * long. Mailboxes that nothing was stored of, and those that the configuration does not know any more, have
 * nobody to believe. */
bool trust_answer(struct store *s, const struct config *c, arena *a, struct err *e) NODISCARD;

#endif
