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

/* A row as the store hands it over: one record's share of one day. */
struct row {
    int64_t day;                    /* days since 1970, UTC */
    int64_t report;                 /* id in the store */
    sv reporter;                    /* display name: org_name, else the e-mail domain */
    int64_t begin, end;             /* of the report, Unix seconds, ordered */
    int64_t received;               /* when its mail came in */
    sv domain;                      /* policy domain, folded */
    struct policy_published policy; /* words only are valid: p, sp, np, testing */
    struct record record;           /* count is this day's share */
};

enum match_step { MATCH_NONE, MATCH_ADDRESS, MATCH_DKIM, MATCH_SPF, MATCH_SIGNS_AS, MATCH_BOUNCES_AS };

struct verdict {
    enum who who;
    size_t sender; /* index into config.senders, or SIZE_MAX */
    enum match_step step;
    bool pass;         /* aligned DKIM or aligned SPF passed (policy_evaluated), nothing else */
    bool dkim, spf;    /* each leg */
    bool inconclusive; /* fail, and everything that did not pass was a temporary error */
    bool unclear;      /* a verdict was absent or unknown, and counts as fail */
    enum fate fate;
    size_t domain; /* index into config.domains of the entry that applies, or SIZE_MAX: not ours */
};

#endif
