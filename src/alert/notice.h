/* What is told, and in which order. */
#ifndef ALERT_NOTICE_H
#define ALERT_NOTICE_H

#include "facts.h"
#include "finding.h"
#include "life.h"

/* The notice of the outcomes that have news, all of which are told now, or decision->tells stays false.
 * Walks the rows. */
bool notice_build(const struct alert_case *c, const struct alert_rows *rows, const struct sums *s,
                  struct groups *g, struct survey *f, struct outcome *outcomes, size_t n, arena *a,
                  struct decision *out, struct err *e) NODISCARD;

#endif
