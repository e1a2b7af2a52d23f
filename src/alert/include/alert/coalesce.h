/* A notice that still waits for its channel, and a newer one of the same domain: people get one of both.
 * Pure. */
#ifndef ALERT_COALESCE_H
#define ALERT_COALESCE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "model/limits.h"
#include "model/notice.h"

/* *out: the incidents of both as they are now, each once, in the words of what nobody was told yet: what was
 * to be told for the first time still is, and of what began and ended in between nothing is left; *out may
 * have no item. It is as old as `older`, so that it is given up no later; its id is newer's. Texts are those
 * of both; memory is the arena's. False: none is left. */
bool alert_coalesce(const struct notice *older, const struct notice *newer, const struct limits *limits,
                    arena *a, struct notice *out) NODISCARD;

#endif
