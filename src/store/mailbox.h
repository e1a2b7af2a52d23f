/* Gaps, for T1. */
#ifndef STORE_MAILBOX_H
#define STORE_MAILBOX_H

#include "db.h"
#include "store/mails.h"

/* The reject of a stored code; one that is not known any more is unfetchable. */
enum reject mailbox_reject(sv code);

/* Runs that tried to have this mail, with the present one. */
bool mailbox_tries(struct store *s, int64_t mailbox, uint32_t uid, uint64_t *tries, struct err *e) NODISCARD;

/* limits.mailbox_gaps is reached. */
bool mailbox_gaps_full(struct store *s, int64_t mailbox, bool *full, struct err *e) NODISCARD;

bool mailbox_put_gap(struct store *s, int64_t mailbox, const struct store_gap *gap, sv detail,
                     struct err *e) NODISCARD;

#endif
