/* Evidence of forwarding that holds. */
#ifndef JUDGE_FORWARDING_H
#define JUDGE_FORWARDING_H

#include "model/verdict.h"

/* Is it an address of ours? */
typedef bool forwarding_is_ours(const void *ctx, const struct ip *ip);

/* The strongest that the row carries. Override reasons count on failing rows only, and only when the report
 * is not known to be forged. */
enum forwarding forwarding_of(const struct row *row, forwarding_is_ours *is_ours, const void *ctx);

#endif
