/* A finding's life over time. An incident owns the networks it has seen; its subject is only a label. */
#ifndef MODEL_INCIDENT_H
#define MODEL_INCIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/ip.h"
#include "model/rules.h"

/* Messages; failed = the sum over fates. Saturating. */
struct counts {
    uint64_t total, failed;
    uint64_t by_fate[FATE_END]; /* of the failed ones */
};

enum { INCIDENT_ID = 16, INCIDENT_ID_TEXT = 33 };

/* One channel that was told of the incident. */
struct told_channel {
    sv channel;
    uint32_t episode; /* the last one that it was told of */
    int64_t at;       /* when last, Unix seconds */
};

struct incident {
    uint8_t id[INCIDENT_ID]; /* random, made once; shown as hex */
    enum rule_id rule;
    sv domain;  /* policy domain */
    sv subject; /* sender name, network text, or the domain */
    /* The policy before and after, "p=reject" and "p=none"; else absent. */
    sv before, after;
    enum severity severity;
    enum incident_state state;
    uint32_t episode;            /* 1, and one more each time it comes back */
    int64_t first_day, last_day; /* of matching mail, days since 1970 */
    int64_t opened;              /* Unix seconds of the run that opened this episode */
    struct cidr *networks;       /* all it has ever seen, as ip_neighbourhood; ordered */
    size_t n_networks;
    /* What people were told last; told_at 0: nothing in this episode (then told_failed is 0 too, or of
     * an earlier episode). */
    int64_t told_at;
    enum severity told_severity;
    uint64_t told_failed, told_let_through;
    struct told_channel *told; /* by the name of the channel */
    size_t n_told;
    int64_t acked_at; /* a person knows; 0: nobody said so */
    sv acked_by;
    uint32_t repeats; /* how often this episode was told again only because it goes on */
    int64_t due;      /* to be looked at again then, whether or not reports come, Unix seconds; 0: no need */
};

#endif
