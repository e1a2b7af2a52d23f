/* One leaf's text into the field that it fills. */
#ifndef REPORT_FILL_H
#define REPORT_FILL_H

#include "build.h"

void fill_field(struct builder *b, const struct field *f, sv text);

/* What a record without a readable value gets, what it lacks is noted, and it goes to the sink. */
void fill_record_end(struct builder *b);

/* One more item of `size` octets at the end of a list in the arena; NULL when memory is short. */
void *fill_list_add(arena *a, void **items, size_t *n, size_t size) NODISCARD;

#endif
