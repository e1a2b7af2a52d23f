/* The past once more, on a private copy (store_open_copy): what was decided is forgotten, and what came in
 * later than a moment is out of sight until its time comes. */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

/* Forgets incidents, notices, what was known, and which configuration was in force; hides reports received at
 * `since` or later. Reports that only imports brought were received a day after their period at the latest:
 * when somebody imported them says nothing of when they would have come. Daily sums (thin.h) are there from
 * the beginning, as history. */
bool store_replay_begin(struct store *s, int64_t since, struct err *e) NODISCARD;

/* What was received before `until` is there, and its domains are to be decided. */
bool store_replay_until(struct store *s, int64_t until, struct err *e) NODISCARD;

#endif
