/* What stands behind the root of a report in the octets of its document. It may be another report: gzip
 * members of one report each, files that were joined. Each is read by a pass of its own over the document,
 * as nothing of it is believed before the checksum around it has been seen. */
#ifndef WORKER_TAIL_H
#define WORKER_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

enum { TAIL_HEAD = 1024 };

struct tail {
    uint64_t from;   /* where in the document the report at hand begins */
    uint64_t at;     /* octets of the document that went by in this pass */
    uint64_t behind; /* where the report at hand ends; valid when found */
    bool found;
    unsigned passes;       /* over the report at hand */
    uint64_t declaration;  /* where in the document the next one declares itself; valid when n_root and n_decl
                              are  whole */
    size_t n_root, n_decl; /* how much of the root's name, then of "<?xml " behind it, was seen so far */
    size_t n_head; /* the first octets of the report at hand; once its end is found, those behind it */
    char head[TAIL_HEAD];
};

/* Another document. */
void tail_start(struct tail *t);

/* Another pass over the same one. */
void tail_pass(struct tail *t);

/* What of the next piece of the document belongs to the report at hand. */
sv tail_piece(struct tail *t, sv piece);

/* The root was closed in the last piece, or already when that one came. */
void tail_found(struct tail *t, sv piece, bool already);

/* The root was closed at the end of the document only: a small one is looked at whole by then. */
void tail_found_at_end(struct tail *t);

/* Another report begins behind the one at hand. */
bool tail_has_report(const struct tail *t);

/* The next passes are over that one. */
void tail_next(struct tail *t);

/* The report at hand is damaged, and nobody knows where it ends; but the XML declaration of another document
 * stands behind the start of its root. The next passes are over that one. Only documents of one octet a
 * character are looked at. */
bool tail_skip_to_declaration(struct tail *t);

#endif
