/* Evidence: everything of a record but its address, count and disposition. Many records share one, so
 * it is stored once, as a tuple of ids of names. */
#ifndef STORE_EVIDENCE_H
#define STORE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "model/report.h"

/* The record as plain octets, equal for equal evidence. folded: ASCII letters in lower case, without the
 * last dot of names, for comparing. */
void evidence_octets(buf *out, const struct record *r, bool folded);

/* One text in that form, for others that build on it. Absent and empty text differ. */
void octets_text(buf *out, sv text, bool folded);
void octets_number(buf *out, uint64_t v);
/* Takes a number off *rest; false: it has no end. */
bool octets_take_number(sv *rest, uint64_t *v) NODISCARD;

/* The stored form. id_of gives the id of a text, from 1 (0: absent), or -1 when it failed, which ends the
 * writing: false. text_of gives it back. */
struct evidence_names {
    int64_t (*id_of)(struct evidence_names *self, sv text);
    bool (*text_of)(struct evidence_names *self, int64_t id, sv *text);
};

bool evidence_write(buf *out, const struct record *r, struct evidence_names *names) NODISCARD;

/* *r gets the evidence; its arrays are in `a`, its texts where text_of has them. False: the tuple is
 * damaged, a name is missing, or `a` is full. */
bool evidence_read(sv tuple, struct evidence_names *names, arena *a, struct record *r) NODISCARD;

#endif
