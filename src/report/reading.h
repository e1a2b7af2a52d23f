/* What the stages of one reading of a document share: how it goes, and what was noticed.
 *
 *     octets → decode → (repair) → guard → parse → build → sink
 */
#ifndef REPORT_READING_H
#define REPORT_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/notes.h"
#include "model/rejects.h"

/* The three readings of a document, in their order. */
enum reading_mode { READ_STRICT, READ_CLEANED, READ_REPAIRED };

struct reading {
    const struct limits *limits;
    enum reading_mode mode;
    struct note_set notes;
    enum reject reject; /* why this reading ended early; REJECT_NONE_ while it goes on */
    bool final;         /* no other reading of the same octets can do better */
    bool stopped;       /* the sink gave up */
    bool odd_character; /* the parser stopped at a character that XML does not have, or may have */
    bool complete;      /* the root element is closed: what follows is no part of the report */
    char detail[256];
};

/* Both keep the first fault only, and return false. */
/* This reading failed; the next one may heal it. */
bool reading_fail(struct reading *rd, enum reject why, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* No reading may go on: a limit, a danger, or a document that is whole and no report. */
bool reading_refuse(struct reading *rd, enum reject why, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Octets are still wanted. */
static inline bool reading_goes_on(const struct reading *rd)
{
    return rd->reject == REJECT_NONE_ && !rd->stopped && !rd->complete;
}

static inline void reading_note(struct reading *rd, enum note n)
{
    note_add(&rd->notes, n);
}

/* Where a stage puts what it made of its input: the next stage. */
struct outlet {
    void *self;
    void (*put)(void *self, sv octets);
};

static inline void outlet_put(const struct outlet *o, sv octets)
{
    if (octets.n)
        o->put(o->self, octets);
}

#endif
