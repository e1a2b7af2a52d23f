/* Fits a table to the terminal: what is too long is cut with a mark, what finds no room goes elsewhere. */
#ifndef OUTPUT_FIT_H
#define OUTPUT_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "paint.h"

struct libscols_line;

/* Appends at most `columns` columns of text, which is clean UTF-8, with "…" where something is left out: at
 * the end, or before the end of a domain, which says whose it is. */
void fit_text(buf *out, sv text, size_t columns, bool is_domain);

/* The text of a cell; what is not there is "-". */
sv fit_cell(struct libscols_line *line, size_t column);

/* The columns that text takes on a terminal. */
size_t fit_width(sv text);

/* Cuts cells and hides columns so that a line takes at most `room` columns; hidden[i] says which ones are
 * hidden. What must stay whole does, even where the room is too small for it. False: no memory. */
bool fit_table(struct libscols_table *t, const struct column *columns, size_t n, size_t room,
               bool *hidden) NODISCARD;

#endif
