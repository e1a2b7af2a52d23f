/* Strangers that are none any more: under a new configuration the rows of an incident's networks are those
 * of a sender. */
#ifndef ALERT_EXPLAIN_H
#define ALERT_EXPLAIN_H

#include "alert/alert.h"

struct explanation {
    const struct incident *incident;
    uint64_t messages; /* of senders, on the incident's days */
    uint64_t most;     /* messages of the row that names the sender */
    size_t sender;     /* index into config.senders */
};

struct explained_network {
    struct cidr net;
    size_t explanation;
};

struct explanations {
    struct explanation *p;
    size_t n;
    struct explained_network *networks; /* ordered */
    size_t n_networks;
};

/* Nothing is looked for unless the configuration has changed. False: no memory. */
bool explain_init(struct explanations *x, const struct alert_case *c, arena *a) NODISCARD;

/* alert_row_fn */
void explain_add(void *explanations, const struct row *row, const struct verdict *v);

/* The sender that explains at least half of what was told of the incident; SIZE_MAX: none. */
size_t explain_find(const struct explanations *x, const struct incident *incident);

#endif
