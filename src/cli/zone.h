/* The one place that asks the system about time zones: only `parse --tz` counts days in another zone
 * than UTC. */
#ifndef CLI_ZONE_H
#define CLI_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/* name: of the time zone database, "Europe/Berlin", or "UTC". ERR_USAGE when there is none. */
bool zone_set(const char *name, struct err *e) NODISCARD;

/* Seconds that the zone is ahead of UTC at a moment. */
int64_t zone_offset(int64_t unix_seconds);

/* "2026-11-24" or a whole time; without a zone of its own it is taken in the zone set. */
bool zone_parse(const char *text, int64_t *out) NODISCARD;

#endif
