/* A set of interned names: how many different ones a document has is bounded (libxml2 before 2.12 is
 * quadratic in them), how often each stands there is not. */
#ifndef REPORT_NAMES_H
#define REPORT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct name_set {
    const void **slots; /* a power of two of them, at most half full */
    size_t n_slots, n, most;
};

bool names_init(struct name_set *s, size_t most) NODISCARD;
void names_free(struct name_set *s);
void names_clear(struct name_set *s);

/* name is told apart by its address. False: it would be one too many. */
bool names_add(struct name_set *s, const void *name) NODISCARD;

#endif
