/* Two clocks. Time-outs use the monotonic one; everything that people or records see uses the run
 * clock, which --now sets, so that a run can be repeated exactly. Civil dates are UTC. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"

#define DAY_SECONDS INT64_C(86400)

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t clock_mono_ms(void);

/* Unix seconds UTC: what clock_set_now was given, else the system's time. */
int64_t clock_now(void);
void clock_set_now(int64_t unix_seconds);

struct civil {
    int64_t year;
    int month, day, hour, minute, second; /* month and day from 1 */
};

struct civil civil_of(int64_t unix_seconds);
int64_t civil_to_unix(struct civil c);

/* Days since 1970-01-01, rounded down also before it. */
int64_t day_of(int64_t unix_seconds);

/* "2026-11-24" and "2026-11-24T02:24:22Z" into out; years beyond 9999 are written with all digits. */
enum { CLOCK_TEXT = 40 };
const char *clock_date(int64_t unix_seconds, char out[CLOCK_TEXT]);
const char *clock_iso(int64_t unix_seconds, char out[CLOCK_TEXT]);
/* "Tue, 24 Nov 2026 02:24:22 +0000" (RFC 5322 3.3). */
const char *clock_rfc5322(int64_t unix_seconds, char out[CLOCK_TEXT]);

/* RFC 3339 and its loose kin: "2026-11-24", "2026-11-24T02:24:22[.frac][Z|±hh:mm]", blank for T,
 * no zone means UTC. *out Unix seconds. */
bool clock_parse_iso(sv s, int64_t *out) NODISCARD;

#endif
