/* Inside output/: what a format provides. */
#ifndef OUTPUT_FORMAT_H
#define OUTPUT_FORMAT_H

#include "base/buf.h"
#include "model/lint.h"
#include "output/output.h"

struct totals;

struct output {
    const struct output_format *format; /* whose document, reject, … are called */
    const struct output_format *named;  /* the one asked for: totals print through it */
    struct output_options options;
    FILE *to;
    buf out;              /* written to `to` in steps, so that a long line never stands in memory whole */
    void *state;          /* the format's own */
    struct lint_set lint; /* of the report at hand, with options.lint */
    uint64_t repeated;
    bool out_of_memory;
};

struct output_format {
    const char *name;
    bool (*open)(struct output *o); /* false: no memory. NULL: nothing to open */
    void (*document)(struct output *o, sv file, const struct document *d, struct record_cursor *records);
    /* TLS and failure reports; NULL: has no such form. */
    void (*tlsrpt)(struct output *o, sv file, const struct document *d);
    void (*failure)(struct output *o, sv file, const struct document *d);
    void (*reject)(struct output *o, sv file, sv member, enum reject reason, sv detail);
    void (*not_a_report)(struct output *o, sv file, sv member, enum not_report reason);
    void (*close)(struct output *o);
    void (*totals)(struct output *o, const struct totals *t); /* NULL: has no such form */
};

extern const struct output_format output_table, output_json, output_ndjson, output_csv, output_xml;

/* Sums by a key instead of reports; prints through o->named. */
extern const struct output_format output_totals;

/* Appends a time for people: in UTC "2026-11-24T02:24Z", in the zone of the options "2026-11-24T03:24+01:00".
 */
void output_moment(const struct output *o, buf *out, int64_t unix_seconds);
/* "… to …" */
void output_period(const struct output *o, buf *out, int64_t begin, int64_t end);

/* Hands what has gathered to the stream. */
void output_flush(struct output *o);
/* The same once enough has gathered. */
void output_step(struct output *o);

/* The label of a record; the fate alone where the caller knows nothing. */
struct output_label output_label_of(const struct output *o, const struct report *r,
                                    const struct record *record);

#endif
