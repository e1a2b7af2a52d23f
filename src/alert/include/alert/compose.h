/* From the notices of single domains to those that people get: what happens to many domains of a tenant at
 * once is one incident with the domains as facts, and in a storm the less urgent notices of a tenant to a
 * channel become one list. Pure; the same notices in any order give the same. */
#ifndef ALERT_COMPOSE_H
#define ALERT_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/gather.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/notice.h"
#include "model/policy.h"

enum { COMPOSE_FOLD = 3 /* domains of one tenant */ };

struct compose_case {
    const struct config *config;
    struct gathered *list; /* changed */
    size_t n;
    bool all_heard; /* no storm is calmed: the caller makes one of them all */
    int64_t now;
    void (*make_id)(void *ctx, uint8_t id[INCIDENT_ID]);
    void *make_id_ctx;
};

/* *out: what is to be sent, without notices that nobody gets. Memory is the arena's. False: ERR_MEMORY.
 *
 * Notices of the same domain become one.
 *
 * Folded: items of the same rule (of which rule_folds), kind of news and subject, of COMPOSE_FOLD or more
 * domains of a tenant that the same channels hear of. Their numbers are summed, the words are of the domain
 * with the most, the policy is the weakest of all, the largest domains are listed.
 *
 * A storm is more than config.max_per_run notices of one tenant to one channel. A notice with a critical item
 * always stands for itself; of the others, the most severe and largest do until the number is reached, and
 * the domains and severities of the rest are one notice with one item (ITEM_rest). An Alertmanager hears
 * everything. */
bool alert_compose(const struct compose_case *c, arena *a, struct gathered **out, size_t *n,
                   struct err *e) NODISCARD;

#endif
