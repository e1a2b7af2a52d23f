/* Names as rows carry them, in the form that is compared, and look-up by name. */
#ifndef JUDGE_NAMES_H
#define JUDGE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/sv.h"
#include "model/domain.h"

/* Room for one comparable name, so that a row needs no memory. */
struct name_room {
    char p[DOMAIN_MAX + 1];
};

/* Lower case, without a last dot; points into room. Absent when it is no name that DNS could have: no
 * configured name equals such a one. */
sv name_fold(sv name, struct name_room *room);

/* The name without its first label, or absent. */
sv name_parent(sv name);

struct name_entry {
    sv name;             /* comparable */
    bool below;          /* matches the names below it, not itself */
    size_t value;        /* of several entries that match, the least value counts */
    const sv *selectors; /* NULL: any */
    size_t n_selectors;
};

struct name_table {
    struct name_entry *entries;
    size_t n;
};

/* Sorts for name_find. */
void name_table_sort(struct name_table *t);

/* The value of the entry with just that name, or SIZE_MAX. */
size_t name_find_exact(const struct name_table *t, sv name);

/* The least value of the entries that match the name (and the selector), or SIZE_MAX. */
size_t name_find(const struct name_table *t, sv name, sv selector);

#endif
