/* Inside output/: what a format provides. */
#ifndef OUTPUT_FORMAT_H
#define OUTPUT_FORMAT_H

#include "base/buf.h"
#include "output/output.h"

struct output {
    const struct output_format *format;
    struct output_options options;
    FILE *to;
    buf out;     /* written to `to` in steps, so that a long line never stands in memory whole */
    void *state; /* the format's own */
    bool out_of_memory;
};

struct output_format {
    const char *name;
    bool (*open)(struct output *o); /* false: no memory */
    void (*document)(struct output *o, sv file, const struct document *d, struct record_cursor *records);
    void (*reject)(struct output *o, sv file, sv member, enum reject reason, sv detail);
    void (*not_a_report)(struct output *o, sv file, enum not_report reason);
    void (*close)(struct output *o);
};

extern const struct output_format output_ndjson, output_table;

/* Hands what has gathered to the stream. */
void output_flush(struct output *o);
/* The same once enough has gathered. */
void output_step(struct output *o);

#endif
