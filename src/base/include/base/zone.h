/* The one place that asks the system about time zones; everything else is in UTC. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"

enum { ZONE_NAME_MAX = 255 };

/* A name of the time zone database like "Europe/Berlin", or "UTC", which needs none. */
bool zone_is_known(sv name) NODISCARD;

/* From now on zone_offset is about it. False: there is no such zone. */
bool zone_select(sv name) NODISCARD;

/* Seconds that the zone selected is ahead of UTC at a moment. */
int64_t zone_offset(int64_t unix_seconds);

/* The same of a zone by name, which is selected by it; 0 where it is absent, or gone since it was known. */
int64_t zone_ahead(sv name, int64_t unix_seconds);

#endif
