/* What a digest says of one domain, out of its judged rows. Pure; the same rows in any order give the same.
 */
#ifndef ALERT_DIGEST_H
#define ALERT_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/incident.h"
#include "model/notice.h"
#include "model/policy.h"
#include "model/verdict.h"

enum {
    DIGEST_DAYS = 30,    /* before today, of which readiness is made out; at most 31 */
    DIGEST_WEEK = 7,     /* the same of strangers */
    DIGEST_UNUSED = 180, /* without mail of a sender or key: it is named */
    DIGEST_LINES = 20    /* of a kind */
};

struct digest;

/* domain: policy domain, folded, kept by address; entry: index of its entry in c->domains; today: day of the
 * run clock. Memory is the arena's. NULL: none left. */
struct digest *digest_open(const struct config *c, sv domain, size_t entry, int64_t today,
                           arena *a) NODISCARD;

/* A row of day today - DIGEST_UNUSED or later. Passed over: rows of reports that failed authentication. */
void digest_add(struct digest *d, const struct row *row, const struct verdict *v);

struct digest_about {
    uint8_t p;          /* enum policy_word: published by the newest report */
    int64_t data_since; /* first day with data; what is younger than DIGEST_UNUSED is not unused */
    const struct incident *incidents; /* all of the domain */
    size_t n_incidents;
    int64_t now;
};

/* The item of the domain. False: ERR_MEMORY. */
bool digest_finish(struct digest *d, const struct digest_about *about, struct notice_item *out,
                   struct err *e) NODISCARD;

/* There is something that a person could do or know: else the domain need not be spelt out. */
bool digest_says(const struct notice_item *item);

/* When the last digest was due at `now`, Unix seconds, in a zone that is `ahead` of UTC by so many seconds.
 */
int64_t digest_due(const struct digest_cfg *c, int64_t now, int64_t ahead);

#endif
