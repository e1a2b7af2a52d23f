/* A notice as it lies in the outbox: JSON, schema "dmarcwarn.notice.v1", stable from release to release.
 * What thaw gives equals what was frozen, but for octets that are no UTF-8, which become U+FFFD, and numbers
 * above 2^63 - 1, which become that. */
#ifndef RENDER_FREEZE_H
#define RENDER_FREEZE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/notice.h"

/* Appends one line of JSON without a line end. Incidents that do not fit into out's maximum are left out
 * from the end and added to `more`. ERR_MEMORY, or ERR_LIMIT when even the first one does not fit. */
bool notice_freeze(const struct notice *n, buf *out, struct err *e) NODISCARD;

/* Text of *out is in `a`. ERR_STATE: not such a notice, or of a schema that this program does not know;
 * unknown members are passed over, missing ones are 0 or absent. */
bool notice_thaw(sv json, arena *a, struct notice *out, struct err *e) NODISCARD;

#endif
