/* T2: what was decided, in one transaction: incidents, notices with their outbox rows, what is no longer
 * dirty, the configuration used. Everything that the decision rests on is read inside it (facts.h), so
 * that no fact can come in between. No network while it is open. */
#ifndef STORE_DECIDE_H
#define STORE_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/incident.h"
#include "model/notice.h"
#include "store/facts.h"
#include "store/store.h"

bool store_begin_decide(struct store *s, struct err *e) NODISCARD;
bool store_commit_decide(struct store *s, struct err *e) NODISCARD;
void store_abort_decide(struct store *s);

/* All incidents of a policy domain, with their networks and who was told, in the order of opening. */
bool store_load_incidents(struct store *s, sv domain, arena *a, struct incident **out, size_t *n,
                          struct err *e) NODISCARD;

/* Domains with an incident that is due at `now` (Unix seconds), in bytewise order; from_day is the day of the
 * last match of one of them. */
bool store_due(struct store *s, int64_t now, arena *a, struct store_domain **out, size_t *n,
               struct err *e) NODISCARD;

/* Domains with an incident of the same rule and subject that fires and of which that channel was told, before
 * that moment; in bytewise order. */
bool store_same_incidents(struct store *s, const struct incident *i, sv channel, int64_t before, arena *a,
                          sv **out, size_t *n, struct err *e) NODISCARD;

/* The channel hears of this episode now. */
bool store_put_told(struct store *s, const struct incident *i, sv channel, int64_t now,
                    struct err *e) NODISCARD;

/* New, or the new state of the one with the same id. Networks are added, never taken away; who was told is
 * store_put_told's. */
bool store_put_incident(struct store *s, const struct incident *i, struct err *e) NODISCARD;

/* The notice with its frozen form, and a row to send for each channel (by name). No channel: kept, never
 * sent. */
bool store_put_notice(struct store *s, const struct notice *notice, sv frozen, const sv *channels,
                      size_t n_channels, struct err *e) NODISCARD;

/* What was seen of the domain before, by kind and key. */
struct store_known {
    int64_t kind; /* as the caller counts them */
    sv key;
    int64_t first_day;
};

bool store_load_known(struct store *s, sv domain, arena *a, struct store_known **out, size_t *n,
                      struct err *e) NODISCARD;

/* Of what is known already, the earlier day stays. */
bool store_put_known(struct store *s, sv domain, const struct store_known *k, struct err *e) NODISCARD;

/* When the domain is to be decided again though nothing comes in, Unix seconds; 0: it need not be. */
bool store_set_deadline(struct store *s, sv domain, int64_t at, struct err *e) NODISCARD;

/* *n: how many notices of the domain were put after this second; of any domain where it is "". */
bool store_count_notices(struct store *s, sv domain, int64_t after, uint64_t *n, struct err *e) NODISCARD;

/* The domain was decided. */
bool store_clear_dirty(struct store *s, sv domain, struct err *e) NODISCARD;

bool store_set_config_hash(struct store *s, const uint8_t hash[32], struct err *e) NODISCARD;

#endif
