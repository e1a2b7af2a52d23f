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

/* What becomes of a column on a terminal that is too narrow. Columns go from the right. */
enum fit {
    FIT_WHOLE,  /* it stays, whole */
    FIT_TEXT,   /* its end is cut, with a mark; or it stands on a line of its own below the row, whole */
    FIT_DOMAIN, /* the same, but its begin is cut: the end says whose it is */
    FIT_OR_OUT, /* it is left out, and its title is listed below the table */
};

enum { PAINT_COLUMNS = 16 }; /* at most */

struct column {
    const char *title;
    bool right; /* numbers */
    enum fit fit;
};

/* A table with n columns. NULL: no memory. */
struct libscols_table *paint_table(const struct output *o, const struct column *columns, size_t n) NODISCARD;

/* A row of n cells; absent or empty ones show "-". bad: in the colour of failure. */
bool paint_row(struct libscols_table *t, const sv *cells, size_t n, bool bad) NODISCARD;

/* Appends the table, with the columns that it was made of, `indent` columns from the left, and frees it. */
void paint_print(struct output *o, struct libscols_table *t, const struct column *columns, size_t n,
                 unsigned indent);

#endif
