/* What `parse` prints: one file a format, the same verbs for each. Text of reports is escaped here, at
 * the edge, by the escaper of the format. */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/rejects.h"
#include "model/report.h"

/* What the listing goes by. The first lists reports, the others sum over all of them. */
enum output_view {
    OUTPUT_BY_REPORTER,
    OUTPUT_BY_SOURCE,
    OUTPUT_BY_DOMAIN, /* policy domain */
    OUTPUT_BY_DAY,    /* on which the report ended */
    OUTPUT_BY_SENDER, /* of the allowlist; needs labels */
    OUTPUT_BY_SELECTOR,
    OUTPUT_VIEW_END
};

/* What the caller knows about a record beyond the report. */
struct output_label {
    sv who, sender, fate; /* sender: absent when no one's */
};

struct output_options {
    bool color;
    unsigned width; /* columns of the terminal; 0: not a terminal, lines may be as long as they are */
    enum output_view view;
    bool all_rows;     /* also what passes, row by row */
    bool auth_results; /* the raw results beside the verdicts */
    bool notes;        /* the reader's notes, in words */
    bool lint;         /* what the report breaks of its standard */
    bool hide_empty;   /* records were filtered: leave reports out of which nothing is left */
    /* Seconds that the zone in which days are counted is ahead of UTC at a moment; NULL: UTC. */
    int64_t (*zone_offset)(int64_t unix_seconds);
    /* Fills *out for a record; NULL: nothing is known. Texts live until the next call. */
    void (*label)(void *ctx, const struct report *r, const struct record *record, struct output_label *out);
    void *label_ctx;
};

struct output;
struct output_format;

/* The format of that name, or NULL. */
const struct output_format *output_format_named(sv name) NODISCARD;
/* "table, json, …": for messages. */
const char *output_format_names(void);

/* Whether sums can be printed in it. */
bool output_format_sums(const struct output_format *f);

/* False when no such view; "reporter, source, …" for messages. */
bool output_view_named(sv name, enum output_view *out) NODISCARD;
const char *output_view_names(void);

/* Writes to `to`, which stays the caller's; *o is copied. NULL when memory is out. */
struct output *output_open(const struct output_format *f, FILE *to, const struct output_options *o) NODISCARD;

/* A report, an aggregate one with its records, or a reject, found in `file`. Sums, CSV and XML have no
 * place for TLS and failure reports. */
void output_document(struct output *o, sv file, const struct document *d, struct record_cursor *records);

/* The whole of `file`, or of its `member`, could not be read. */
void output_reject(struct output *o, sv file, sv member, enum reject reason, sv detail);

/* `file`, or its `member`, holds no report and nothing that wanted to be one. */
void output_not_a_report(struct output *o, sv file, sv member, enum not_report reason);

/* A report that was there before and is left out of sums: it is only counted. */
void output_repeated(struct output *o);

/* Writes what is held back and frees. ERR_DISK when not all of it could be written, ERR_MEMORY. */
bool output_close(struct output *o, struct err *e) NODISCARD;

#endif
