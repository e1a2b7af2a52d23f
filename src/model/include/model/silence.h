/* What is not told for a while: matchers, an end, who wants it and why. */
#ifndef MODEL_SILENCE_H
#define MODEL_SILENCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/rules.h"

enum { SILENCE_DAYS_MOST = 366 }; /* what is longer is a rule that is off */

struct silence_cfg {
    int64_t id; /* of those of the command line; 0: of the configuration */
    /* All that are there must fit; at least one is. */
    uint64_t rules;       /* bit (1 << rule); 0: any */
    sv tenant;            /* absent: any */
    sv domain;            /* policy domain, folded; with "*." before it everything below; absent: any */
    sv subject;           /* sender name or network as notices name it, or an address or a network within that
                             one or around it; absent: any */
    int64_t starts, ends; /* Unix seconds; ends is the first moment after it */
    sv author, comment;
};

/* What a silence is held against. */
struct silence_subject {
    enum rule_id rule;
    sv tenant, domain, subject;
};

/* The one that holds at `now` (Unix seconds) and ends last, or NULL. All of its matchers fit. */
const struct silence_cfg *silence_find(const struct silence_cfg *list, size_t n,
                                       const struct silence_subject *what, int64_t now);

#endif
