/* Whose mail a row is, whether it passed DMARC, and what happened to it: computed from the facts of the
 * row and the configuration in force. Pure: no I/O, no clock, no memory of earlier rows. */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "model/policy.h"
#include "model/verdict.h"

struct judge;

/* Look-up tables over the configuration, in `a`; cfg must live as long. NULL: no memory. May be used by
 * many readers at once. */
const struct judge *judge_prepare(const struct config *cfg, arena *a) NODISCARD;

/* The verdict on one row. Names in the row may be in any case and with a last dot. Nothing is allocated.
 *
 * domain  the entry that covers header_from: exact name, longest wildcard; then the same for the policy
 *         domain; then "*". SIZE_MAX: not ours, nothing else in the verdict is meaningful but pass and fate.
 * pass    policy_evaluated says so in a word that we know; absent or unknown is fail, and unclear.
 * who     of the senders of that entry, in the order of enum match_step: address (the narrowest network),
 *         aligned passing DKIM, aligned passing SPF, passing signature, passing envelope domain. Shared
 *         evidence names the service (via) and proves nothing, but for an aligned DKIM pass, which needs a
 *         key of ours. A row that no sender explains is a forwarder's where there is evidence of
 *         forwarding, else unknown.
 * expired the row is of a day after the sender's `expires`; it stays the sender's.
 * unlisted for a row of nobody that fails: the sender whose `networks` hold its source.
 * fate    by disposition; absent and unknown ones count as let through. */
void judge_row(const struct judge *j, const struct row *row, struct verdict *out);

/* The entry that covers a policy domain, or SIZE_MAX. */
size_t judge_domain(const struct judge *j, sv domain);

#endif
