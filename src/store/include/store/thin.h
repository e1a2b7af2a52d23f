/* What grows old: reports become daily sums, and sums go (architecture: Roll-ups).
 *
 * A sum is of one domain, day, reporter, address, evidence, disposition and policy, and of reports that came
 * in equally late: everything that judging asks of a row, so that store_rows gives both. What is given up is
 * which report a message is of, and with it the right to think again: how far the report is believed, and
 * which of two that claim to be the same counts, stays as it was on the day it became sums. Its facts_id is
 * known for as long as the sums are, so that it never counts twice.
 *
 * Age is counted in event time, back from the newest report of a domain for its rows, and from the newest of
 * all for what goes; never from later than `now`. So a clock that is wrong by years costs no history, and a
 * domain that falls silent keeps the days that its next report will be compared with. */
#ifndef STORE_THIN_H
#define STORE_THIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

struct store_thinning {
    int64_t now;                   /* run clock */
    int64_t keep_rows, keep_daily; /* seconds, keep_rows <= keep_daily */
    uint64_t reports, sums, mails; /* out: became sums; sums that are gone; mails whose names are forgotten */
    uint64_t octets;               /* out: given back to the disk */
    unsigned phase;                /* these are the store's, 0 at the beginning */
    int64_t at, newest, cut;
};

/* One step, in a transaction of its own: about limits.thin_rows rows, but a report goes whole. *more: there
 * are further ones. Killed at any point, the next call goes on. Whom store_ask_trust named is asked. */
bool store_thin(struct store *s, struct store_thinning *t, bool *more, struct err *e) NODISCARD;

/* Reports that came in before that moment (Unix seconds) are sums, at least in part; 0: none is. */
bool store_thinned(struct store *s, int64_t *before, struct err *e) NODISCARD;

#endif
