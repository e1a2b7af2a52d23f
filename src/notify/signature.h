/* The signature of Standard Webhooks 1.0, symmetric form. */
#ifndef NOTIFY_SIGNATURE_H
#define NOTIFY_SIGNATURE_H

#include "base/arena.h"
#include "base/sv.h"

/* "v1," and the base64 of HMAC-SHA-256 over "id.time.body"; key: its octets, time: Unix seconds in digits.
 * In `a`; absent without memory. */
sv signature_of(arena *a, sv key, sv id, sv time, sv body);

#endif
