/* Sources that make one incident together: all of a sender, the networks that an incident owns already,
 * else each network alone. */
#ifndef ALERT_GROUPS_H
#define ALERT_GROUPS_H

#include "alert/alert.h"
#include "sums.h"

struct group {
    enum rule_id rule;
    size_t sender;              /* index into config.senders, or SIZE_MAX */
    const struct incident *was; /* the incident that goes on or may come back, or NULL */
    sv subject;
    struct cidr *networks; /* ordered */
    size_t n_networks;
    struct days days;
    size_t item; /* of the notice, or SIZE_MAX */
    size_t into; /* the group that it is a part of, or SIZE_MAX */
};

struct groups {
    struct group *p; /* by rule, then subject; ordered the same whatever the order of rows */
    size_t n;
};

/* Subject of what does not fit into limits.domain_networks. */
#define SUBJECT_REST SV("*")

/* Also sets source.group. Memory is the arena's, but for group.days. False: no memory. */
bool groups_build(struct groups *g, struct sums *s, const struct alert_case *c, arena *a) NODISCARD;
/* Where more than ALERT_BOTNET networks nobody knows begin at once (is_new, by group), or a botnet goes on,
 * they become one group more, with the subject "*": to be called once. False: no memory. */
bool groups_join_botnet(struct groups *g, const struct alert_case *c, const bool *is_new, arena *a) NODISCARD;

void groups_free(struct groups *g);

#endif
