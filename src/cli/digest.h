/* The digest: one notice a tenant about the state of its domains. */
#ifndef CLI_DIGEST_H
#define CLI_DIGEST_H

#include "base/arena.h"
#include "model/notice.h"
#include "run.h"

/* One notice a tenant that has domains with reports; where there is none, one that says so. All in `a`. */
bool digest_notices(struct run *r, arena *a, struct notice **out, size_t *n, struct err *e) NODISCARD;

#endif
