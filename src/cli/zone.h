/* The zone that `parse --tz` counts days in. */
#ifndef CLI_ZONE_H
#define CLI_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/zone.h"

/* name: of the time zone database, "Europe/Berlin", or "UTC". ERR_USAGE when there is none. */
bool zone_set(const char *name, struct err *e) NODISCARD;

/* "2026-11-24" or a whole time; without a zone of its own it is taken in the zone set. */
bool zone_parse(const char *text, int64_t *out) NODISCARD;

#endif
