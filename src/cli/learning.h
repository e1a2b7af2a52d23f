/* Domains whose data are few yet (alerting.learn): what is only new is not told of them. */
#ifndef CLI_LEARNING_H
#define CLI_LEARNING_H

#include "base/attr.h"
#include "base/err.h"
#include "model/policy.h"
#include "store/store.h"

/* Of what the configuration names and reports tell of. *n of them; *until: when the last one has learnt, in
 * the time of its reports, Unix seconds. What the store says. */
bool learning_find(struct store *s, const struct config *c, uint64_t *n, int64_t *until,
                   struct err *e) NODISCARD;

#endif
