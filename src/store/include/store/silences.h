/* Silences made on the command line, incidents as people look at them, and what silences do to notices that
 * wait. Each function that writes is a transaction of its own. */
#ifndef STORE_SILENCES_H
#define STORE_SILENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/incident.h"
#include "model/notice.h"
#include "model/silence.h"
#include "store/outbox.h"
#include "store/store.h"

bool store_silence_add(struct store *s, const struct silence_cfg *silence, int64_t *id,
                       struct err *e) NODISCARD;

/* Those that end after `from`, by id. */
bool store_silences(struct store *s, int64_t from, arena *a, struct silence_cfg **out, size_t *n,
                    struct err *e) NODISCARD;

/* Ends it at `now`. *known false: there is none of that id that has not ended. */
bool store_silence_expire(struct store *s, int64_t id, int64_t now, bool *known, struct err *e) NODISCARD;

/* Incidents without their networks: those that fire, or all; critical first, then by domain. */
bool store_incidents(struct store *s, bool all, arena *a, struct incident **out, size_t *n,
                     struct err *e) NODISCARD;

/* A person knows of it. *known false: there is none of that id that fires. */
bool store_ack(struct store *s, const uint8_t id[INCIDENT_ID], int64_t now, sv by, bool *known,
               struct err *e) NODISCARD;

/* The first notice that waits and whose row has a greater id than `after`. */
bool store_outbox_waiting(struct store *s, int64_t after, arena *a, struct store_delivery *out, bool *found,
                          struct err *e) NODISCARD;

/* It is not sent: all that it tells of is silenced. What its incidents think that its channel was told is
 * taken back, so that what still goes on `until` then, where the silence ends, is told then. */
struct store_unsent {
    int64_t id; /* of the row */
    const struct notice *notice;
    int64_t now, until;
};
bool store_outbox_silenced(struct store *s, const struct store_unsent *u, struct err *e) NODISCARD;

#endif
