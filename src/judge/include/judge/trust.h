/* Whether the mail that carried a report is from who it says, by the facts of its header and whom the
 * configuration believes. Pure. */
#ifndef JUDGE_TRUST_H
#define JUDGE_TRUST_H

#include <stddef.h>

#include "base/arena.h"
#include "base/sv.h"
#include "model/mail.h"
#include "model/policy.h"
#include "model/trust.h"

/* Names that nobody but our servers has, each with all names below it (below one of a single label there is
 * nothing of ours). */
struct trust_hosts {
    sv names[3];
    size_t n;
};

/* For trust by an authserv-id: the id, the server of the mailbox, and the domain of the mailbox's own address
 * where the id is at or below it. Never the parent of a name: above foo.co.uk is everybody. Texts live in a
 * and in *mailbox. */
void judge_trust_hosts(const struct mailbox_cfg *mailbox, arena *a, struct trust_hosts *out);

/* Believed are fields of the configured authserv-id (of a name below it too: Received-SPF, whose receiver is
 * a host) that a sender cannot have put there (RFC 8601 5 and 7.1): with hops, those with at most so many
 * Received fields above them; without, the first of them and those with as many above, if every host that
 * received the mail above them is ours by its name. exchange-online believes the first Authentication-Results
 * of all, if it has no authserv-id and stands between Received fields of Exchange Online. Received-SPF is
 * believed by its receiver, or, where it names none, above a field that is.
 *
 * Of these the first that tells of DMARC decides: pass for the From: domain is verified, fail is failed.
 * Where none does, a DKIM or SPF pass that aligns with the From: domain (as far as names tell: equal, or one
 * below the other) is verified. All else is unknown.
 *
 * hosts: ours by name; of use with an authserv-id only.
 * reporter: the domain of the address in the report, lower case, or absent. The texts of *out are those of
 * the arguments. */
void judge_trust(const struct trust_cfg *cfg, const struct trust_hosts *hosts, const struct mail_facts *mail,
                 sv reporter, struct trust_verdict *out);

#endif
