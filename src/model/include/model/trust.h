/* Whether a report is from who it names, as far as its mail tells: computed from facts and the
 * configuration in force, never stored. */
#ifndef MODEL_TRUST_H
#define MODEL_TRUST_H

#include <stdbool.h>

#include "base/sv.h"

/* clang-format off */
#define TRUSTS(X) \
    X(unknown,  "nobody that the configuration trusts says anything of it") \
    X(failed,   "a server that the configuration trusts says that the mail is not from its From: domain") \
    X(verified, "a server that the configuration trusts says that the mail is from its From: domain")

/* How that domain belongs to who the report says it is from. Many reporters send through another domain:
 * that is nothing odd. */
#define TRUST_SENDERS(X) \
    X(other, "another domain") \
    X(agent, "a service that is known to write reports for others") \
    X(own,   "the reporter's own domain")
/* clang-format on */

enum trust {
#define TRUST_ITEM(name, sentence) TRUST_##name,
    TRUSTS(TRUST_ITEM)
#undef TRUST_ITEM
        TRUST_END
};

enum trust_sender {
#define TRUST_SENDER_ITEM(name, sentence) TRUST_SENDER_##name,
    TRUST_SENDERS(TRUST_SENDER_ITEM)
#undef TRUST_SENDER_ITEM
        TRUST_SENDER_END
};

const char *trust_name(enum trust t);
const char *trust_sender_name(enum trust_sender s);

struct trust_verdict {
    enum trust trust;
    enum trust_sender sender; /* of a verified one */
    sv domain;                /* authenticated, of a verified one; else absent */
};

/* Which of two deliveries, or reports, is to be believed rather: below 0, 0, above 0. Verified before
 * unknown before failed; verified as the reporter's own or its agent's before another domain's. */
int trust_compare(const struct trust_verdict *a, const struct trust_verdict *b);

#endif
