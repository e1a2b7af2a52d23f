/* What `parse` prints: one file a format, the same verbs for each. Text of reports is escaped here, at
 * the edge, by the escaper of the format. */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/rejects.h"
#include "model/report.h"

struct output_options {
    bool color;
    unsigned width; /* columns of the terminal; 0: not a terminal, lines may be as long as they are */
};

struct output;
struct output_format;

/* The format of that name, or NULL. */
const struct output_format *output_format_named(sv name) NODISCARD;
/* "table, ndjson": for messages. */
const char *output_format_names(void);

/* Writes to `to`, which stays the caller's. NULL when memory is out. */
struct output *output_open(const struct output_format *f, FILE *to, const struct output_options *o) NODISCARD;

/* A report with its records, or a reject, found in `file`. */
void output_document(struct output *o, sv file, const struct document *d, struct record_cursor *records);

/* The whole of `file` could not be read. */
void output_reject(struct output *o, sv file, enum reject reason, sv detail);

/* `file` holds no report and nothing that wanted to be one. */
void output_not_a_report(struct output *o, sv file, enum not_report reason);

/* Writes what is held back and frees. ERR_DISK when not all of it could be written, ERR_MEMORY. */
bool output_close(struct output *o, struct err *e) NODISCARD;

#endif
