/* Strangers' texts as people get them: at most 256 octets, names as they stand in the DNS.
 * Copies in `a`, which the escaper of the output still has to see; absent stays absent. */
#ifndef OUTPUT_SHOWN_H
#define OUTPUT_SHOWN_H

#include "base/arena.h"
#include "base/sv.h"
#include "model/words.h"

/* Cut at a character border, with "…" behind it. */
sv shown_text(arena *a, sv text);

/* A-labels instead of letters that look like others; what is no name stays as it is. */
sv shown_domain(arena *a, sv domain);

struct word shown_word(arena *a, struct word w);

#endif
