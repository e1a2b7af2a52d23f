/* Silences and what is not sent for them. */
#ifndef CLI_HUSH_H
#define CLI_HUSH_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/policy.h"
#include "store/store.h"

/* Those of the configuration and of the command line that have not ended at `now`. */
bool hush_load(struct store *s, const struct config *c, int64_t now, arena *a, struct silence_cfg **out,
               size_t *n, struct err *e) NODISCARD;

/* Notices that wait and of which every incident is silenced are not sent. */
bool hush_waiting(struct store *s, const struct config *c, int64_t now, struct err *e) NODISCARD;

#endif
