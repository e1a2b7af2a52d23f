/* What could not be read, kept for the end of the listing. */
#ifndef OUTPUT_REJECT_LIST_H
#define OUTPUT_REJECT_LIST_H

#include "base/arena.h"
#include "format.h"

struct reject_item {
    sv file, member, detail;
    enum reject reason;
    struct reject_item *next;
};

struct reject_list {
    struct reject_item *first, **end; /* in the order of the input */
    size_t n;
};

void reject_list_init(struct reject_list *l);

/* Copies the texts into a; false: no memory. */
bool reject_list_add(struct reject_list *l, arena *a, struct reject_item item) NODISCARD;

/* "Not read" and a line each, for people. */
void reject_list_print(struct output *o, const struct reject_list *l);

#endif
