/* Whether the published policy changed, and whether that is a weakening. A change is believed when two
 * reporters have come to say it, or one has said it for three days, and not more of them still contradict. */
#ifndef ALERT_POLICY_H
#define ALERT_POLICY_H

#include "life.h"
#include "votes.h"

enum { POLICY_OUTCOMES = 2 };

/* Writes at most POLICY_OUTCOMES to out, and returns how many. Texts are the arena's; check a->failed. */
size_t policy_outcomes(const struct alert_case *c, const struct votes *v, arena *a, struct outcome *out);

#endif
