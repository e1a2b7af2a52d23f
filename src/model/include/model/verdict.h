/* What judge/ makes of one row: computed from facts and the configuration in force, never stored. */
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/ip.h"
#include "model/report.h"
#include "model/rules.h"
#include "model/trust.h"

/* A row as the store hands it over: one record's share of one day. */
struct row {
    int64_t day;                    /* days since 1970, UTC */
    int64_t report;                 /* id in the store; below 0: daily sums of one reporter */
    sv reporter;                    /* display name: org_name, else the e-mail domain */
    int64_t begin, end;             /* of the report, Unix seconds, ordered */
    int64_t received;               /* when its mail came in */
    struct trust_verdict trust;     /* of the report */
    sv domain;                      /* policy domain, folded */
    struct policy_published policy; /* words only are valid: p, sp, np, testing */
    struct record record;           /* count is this day's share */
};

enum match_step { MATCH_NONE, MATCH_ADDRESS, MATCH_DKIM, MATCH_SPF, MATCH_SIGNS_AS, MATCH_BOUNCES_AS };

/* What says that the mail was passed on by somebody. A failing signature never does. */
enum forwarding {
    FORWARDING_NONE,
    FORWARDING_INTACT,  /* aligned DKIM passed where SPF did not */
    FORWARDING_REASON,  /* the reporter overrode its policy for a forwarder or a list */
    FORWARDING_ARC,     /* … because of a chain that it trusts (RFC 8617 7.2.2) */
    FORWARDING_ARC_OURS /* … whose first hop is an address of ours: proof */
};

/* What became of DKIM or SPF in a row. "Ours" is a name of the policy domain's organisation. */
enum leg {
    LEG_PASSED,    /* aligned, by policy_evaluated */
    LEG_BROKEN,    /* a signature or envelope domain of ours did not verify */
    LEG_TEMPORARY, /* as before, only temporary errors */
    LEG_UNALIGNED, /* something passed, but for a name that does not align */
    LEG_ABSENT,    /* nothing of ours and nothing that passed */
    LEG_END
};

struct verdict {
    enum who who;
    size_t sender; /* index into config.senders, or SIZE_MAX */
    enum match_step step;
    bool expired;    /* the row is of a day after the sender's expiry */
    size_t unlisted; /* the sender whose networks hold the source of a failing row that nobody else's is,
                        or SIZE_MAX */
    size_t via; /* the sender whose shared evidence fits: a service, not proof of whose mail; or SIZE_MAX */
    enum forwarding forwarding;
    bool pass; /* aligned DKIM or aligned SPF passed (policy_evaluated), nothing else */
    enum leg dkim, spf;
    bool inconclusive; /* fail, and everything that did not pass was a temporary error */
    bool unclear;      /* a verdict was absent or unknown, and counts as fail */
    enum fate fate;
    size_t domain; /* index into config.domains of the entry that applies, or SIZE_MAX: not ours */
};

#endif
