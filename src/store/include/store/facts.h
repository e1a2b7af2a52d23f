/* Reading what is stored: for T2, for listings. Only reports that count are ever seen here: of those
 * that share reporter, report id, policy domain and period, the most trusted, and of equals the one received
 * first. */
#ifndef STORE_FACTS_H
#define STORE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/mail.h"
#include "model/report.h"
#include "model/trust.h"
#include "model/verdict.h"
#include "store/store.h"

/* One mail that brought a report. */
struct store_origin {
    int64_t mailbox;        /* as store_mailbox_id */
    struct mail_facts mail; /* from_domain and auth alone */
    sv reporter;            /* the domain of the address in the report, folded; or absent */
};

/* What the configuration in force makes of a delivery. A report is as trusted as the best of its deliveries.
 * It must not call the store. */
typedef void store_trust_fn(void *ctx, const struct store_origin *d, struct trust_verdict *out);

/* Who is asked from now on; NULL, as at the beginning: every report is TRUST_unknown. */
void store_ask_trust(struct store *s, store_trust_fn *fn, void *ctx);

struct store_domain {
    sv domain;        /* policy domain, folded */
    int64_t from_day; /* first day that is to be looked at again, or that it has rows for */
};

/* Domains that got facts since they were last decided, in bytewise order. */
bool store_dirty(struct store *s, arena *a, struct store_domain **out, size_t *n, struct err *e) NODISCARD;

/* Domains whose deadline (store_set_deadline) has come, and that got no facts meanwhile; their from_day is
 * week before `now`. */
bool store_overdue(struct store *s, int64_t now, arena *a, struct store_domain **out, size_t *n,
                   struct err *e) NODISCARD;

/* All domains that have rows: for when the configuration is another than the one last decided with. */
bool store_domains(struct store *s, arena *a, struct store_domain **out, size_t *n, struct err *e) NODISCARD;

/* No decision about all domains was ever made. */
bool store_is_undecided(struct store *s, bool *undecided, struct err *e) NODISCARD;

/* Whether the last T2 used another configuration (struct config, hash), or there was none. */
bool store_config_changed(struct store *s, const uint8_t hash[32], bool *changed, struct err *e) NODISCARD;

struct store_domain_state {
    /* The event clock: greatest end of its counted reports that are not TRUST_failed, never later than their
     * receipt, Unix seconds. A report that ends more than limits.future_slack after its receipt does not move
     * it. 0: no report yet.
     */
    int64_t clock;
    bool has_policy;
    bool verified;                  /* the report that the clock is of */
    struct policy_published policy; /* of the report that the clock is of; all fields */
};

bool store_domain_state(struct store *s, sv domain, arena *a, struct store_domain_state *out,
                        struct err *e) NODISCARD;

/* The least clock of its reports, whatever they are worth, or the first day of its daily sums; 0: none. */
bool store_first_clock(struct store *s, sv domain, int64_t *out, struct err *e) NODISCARD;

/* Domains whose event clock is later than `from` and not later than `to` (Unix seconds), in bytewise order.
 */
bool store_quiet(struct store *s, int64_t from, int64_t to, arena *a, struct store_domain **out, size_t *n,
                 struct err *e) NODISCARD;

/* The days, since 1970, on which reports of the domain end whose clock is later than `from` and that are not
 * TRUST_failed; ascending. */
bool store_report_days(struct store *s, sv domain, int64_t from, arena *a, int64_t **out, size_t *n,
                       struct err *e) NODISCARD;

/* One row; its texts live until the function returns. False ends the reading. It must not call store_rows. */
typedef bool store_row_fn(void *ctx, const struct row *row);

/* The rows of a domain from from_day to to_day, both included: its daily sums (thin.h), each as a row of a
 * report of that day whose id is below 0, then the others by (day, report, n). */
bool store_rows(struct store *s, sv domain, int64_t from_day, int64_t to_day, store_row_fn *fn, void *ctx,
                struct err *e) NODISCARD;

#endif
