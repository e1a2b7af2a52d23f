/* What the raw results of a row say about each leg. */
#ifndef JUDGE_EVIDENCE_H
#define JUDGE_EVIDENCE_H

#include <stdbool.h>

#include "model/verdict.h"

enum leg evidence_dkim(const struct row *row);
enum leg evidence_spf(const struct row *row);

/* There are temporary errors, and everything else that did not pass is one, too (RFC 9989 5.3.6). */
bool evidence_inconclusive(const struct record *r);

#endif
