#ifndef FETCH_IMAP_DATE_H
#define FETCH_IMAP_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"

/* "17-Jul-1996 02:44:25 -0700" (RFC 9051 9, date-time; a one-digit day may have a blank before it). *out:
 * Unix seconds UTC, written only on success. */
bool imap_date(sv s, int64_t *out) NODISCARD;

#endif
