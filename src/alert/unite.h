/* What several items name, as the lists of one item about many domains. */
#ifndef ALERT_UNITE_H
#define ALERT_UNITE_H

#include "base/arena.h"
#include "base/attr.h"
#include "model/limits.h"
#include "model/notice.h"

/* Items in the order of a notice, for qsort: the most severe first, then the largest; what is over comes
 * last. */
int item_by_urgency(const void *a, const void *b);

/* Sources and reporters of all of them, each once, those with the most messages first, as many as one item
 * may have. How many there are in all is only known to be no less than what was named. False: no memory. */
bool unite(const struct notice_item *const *items, size_t n, const struct limits *limits, arena *a,
           struct notice_item *to) NODISCARD;

#endif
