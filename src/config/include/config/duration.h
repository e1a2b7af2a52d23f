/* Durations as people write them: 7d, 12h, 1h30m. */
#ifndef CONFIG_DURATION_H
#define CONFIG_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"

/* One or more of: digits and a unit, the larger units first and each at most once: y mo d h m s, of
 * which y is 365 days and mo is 30. *out in seconds; no unit more than 365 million times. */
bool duration_parse(sv s, int64_t *out) NODISCARD;

/* The shortest form in days and less that duration_parse reads: 90 → "1m30s". */
void duration_print(int64_t seconds, buf *out);

#endif
