/* Evidence of forwarding that holds. */
#ifndef JUDGE_FORWARDING_H
#define JUDGE_FORWARDING_H

#include "model/verdict.h"

/* Is it an address of ours? */
typedef bool forwarding_is_ours(const void *ctx, const struct ip *ip);

/* The strongest that the row carries. Override reasons count on failing rows only. */
enum forwarding forwarding_of(const struct record *r, forwarding_is_ours *is_ours, const void *ctx);

#endif
