/* Where the documents of one mail lie until the mail is done, and from where they are read: their
 * records in a spool in the form of the wire, all else in an arena. */
#ifndef INTAKE_STAGE_H
#define INTAKE_STAGE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/report.h"
#include "spool.h"

struct staged_document {
    struct document document;
    uint64_t at, end; /* of its records in the spool */
};

struct stage_cursor {
    struct record_cursor base;
    struct intake_stage *stage;
    uint64_t start, at, end;
    buf window; /* a part of the spool that begins at window_at */
    uint64_t window_at;
    arena record;
    struct err failed;
};

struct intake_stage {
    const struct limits *limits;
    arena texts;
    struct spool spool;
    struct staged_document *documents;
    size_t n, room;
    struct stage_cursor cursor;
};

/* limits and folder must outlive it. */
void stage_init(struct intake_stage *s, const struct limits *limits, const char *folder);
void stage_free(struct intake_stage *s);
/* Back to empty. */
void stage_clear(struct intake_stage *s);

/* Octets held. */
uint64_t stage_size(const struct intake_stage *s);

/* Puts one record down, in the form of the wire. */
enum spool_put stage_record(struct intake_stage *s, sv payload, struct err *e) NODISCARD;

/* Adds a document with the records put down since position `at`. False: no memory. */
bool stage_document(struct intake_stage *s, const struct document *d, uint64_t at) NODISCARD;

/* The records of document i, from their start. */
struct record_cursor *stage_records(struct intake_stage *s, size_t i);

#endif
