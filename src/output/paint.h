/* Colour and columns for people: thin covers over the escaper and libsmartcols. */
#ifndef OUTPUT_PAINT_H
#define OUTPUT_PAINT_H

#include <stdbool.h>

#include "format.h"

enum paint { PAINT_BOLD, PAINT_DIM };

/* Appends strangers' text, escaped for terminals, in a style where colours are on. */
void paint(struct output *o, enum paint style, sv text);

/* "1,204 messages", "1 message". */
void paint_count(buf *out, uint64_t n, const char *one, const char *many);

struct libscols_table;

struct column {
    const char *title;
    bool right, cut; /* numbers; may be cut to fit the terminal */
};

/* A table `indent` columns from the left. NULL: no memory. */
struct libscols_table *paint_table(const struct output *o, const struct column *columns, size_t n,
                                   unsigned indent) NODISCARD;

/* A row of n cells; absent or empty ones show "-". bad: in the colour of failure. */
bool paint_row(struct libscols_table *t, const sv *cells, size_t n, bool bad) NODISCARD;

/* Appends the table and frees it. */
void paint_print(struct output *o, struct libscols_table *t, unsigned indent);

#endif
