/* What a digest needs beyond rows and incidents, and when the last one was made. */
#ifndef STORE_DIGESTS_H
#define STORE_DIGESTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/store.h"

/* Reports of the domain whose clock is later than `from`. */
bool store_report_count(struct store *s, sv domain, int64_t from, uint64_t *out, struct err *e) NODISCARD;

/* Of a tenant, or with "" of all that have no times of their own. Unix seconds; *known false: there was none.
 */
bool store_last_digest(struct store *s, sv tenant, int64_t *at, bool *known, struct err *e) NODISCARD;
/* Inside T2. */
bool store_set_digest(struct store *s, sv tenant, int64_t at, struct err *e) NODISCARD;

#endif
