/* What is known of channels: who is left alone, and since when one needs a person. */
#ifndef STORE_CHANNELS_H
#define STORE_CHANNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/incident.h"
#include "store/store.h"

struct store_channel {
    sv name;
    int64_t hold_until;     /* the far side asked for it; 0: not held */
    int64_t parked;         /* since when it needs a person: revoked, forbidden, a wrong key; 0: it works */
    sv error;               /* why, for people, without secrets */
    int64_t gave_up;        /* when a notice was last given up; 0: never */
    uint64_t waiting, dead; /* notices */
};

/* All channels of which anything is known, by name; texts in the arena. */
bool store_channels(struct store *s, arena *a, struct store_channel **out, size_t *n,
                    struct err *e) NODISCARD;

/* Before the first delivery of a run. `config` tells configurations of the channel apart: where it is not
 * that of the last time, nothing holds the channel any more, and what waits for it is due now; *changed says
 * so. */
bool store_channel_begin(struct store *s, sv channel, uint32_t config, bool *changed,
                         struct err *e) NODISCARD;

/* It needs a person. What waits for it stays, and one notice a run tries whether it works again. */
bool store_channel_park(struct store *s, sv channel, int64_t now, sv error, struct err *e) NODISCARD;

/* It has taken something. */
bool store_channel_worked(struct store *s, sv channel, struct err *e) NODISCARD;

/* What a channel was told that must be told again in each run (Alertmanager), incident by incident. */
struct store_standing {
    uint8_t incident[INCIDENT_ID];
    uint8_t notice[INCIDENT_ID];
    bool firing; /* the incident goes on */
    sv frozen;   /* the notice; the same text for all incidents of one */
};

bool store_standing_put(struct store *s, sv channel, const uint8_t incident[INCIDENT_ID],
                        const uint8_t notice[INCIDENT_ID], struct err *e) NODISCARD;
/* Ordered by notice, at most `most`, those behind `after` (a notice's id; NULL: from the first). */
bool store_standing(struct store *s, sv channel, const uint8_t *after, size_t most, arena *a,
                    struct store_standing **out, size_t *n, struct err *e) NODISCARD;
/* Those that are over were told so. */
bool store_standing_drop(struct store *s, sv channel, struct err *e) NODISCARD;

#endif
