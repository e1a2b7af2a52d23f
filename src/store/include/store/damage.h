/* A database that cannot be read any more (ERR_DAMAGED) is put aside and a new one begun: mails that are
 * still where they were are read anew, and people are told what is lost. Under run.lock. */
#ifndef STORE_DAMAGE_H
#define STORE_DAMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/store.h"

/* Damage was found while the database was in use: store_open refuses it from now on (ERR_DAMAGED), and the
 * next run begins a new one. */
bool store_mark_damaged(sv path, struct err *e) NODISCARD;

/* After ERR_DAMAGED, with no store open at that path: the file and its journal get the name
 * PATH.damaged-YYYY-MM-DD, the day of `now`, and *out is a new database that knows it. Killed at any point,
 * the next call goes on. ERR_DAMAGED, and nothing is moved: a file that this program cannot have made (it is
 * not this user's alone), and the second time on one day, when it is rather the disk that is broken. */
bool store_begin_anew(sv path, const struct limits *limits, int64_t now, struct store **out,
                      struct err *e) NODISCARD;

/* When it was begun in place of a damaged one (Unix seconds), and where that one is; *at 0: it was not. */
bool store_begun_anew(struct store *s, arena *a, int64_t *at, sv *aside, struct err *e) NODISCARD;

#endif
