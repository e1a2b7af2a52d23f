/* The narrowest of many networks that holds an address. */
#ifndef JUDGE_ADDRESSES_H
#define JUDGE_ADDRESSES_H

#include <stddef.h>

#include "model/ip.h"

struct address_entry {
    struct cidr net;
    size_t value; /* of two equal networks, the lesser value counts */
    size_t outer; /* the narrowest entry around it, or SIZE_MAX; set by address_table_sort */
};

struct address_table {
    struct address_entry *entries;
    size_t n;
};

/* Sorts, drops repetitions, links each network to the one around it. */
void address_table_sort(struct address_table *t);

/* The value, or SIZE_MAX. */
size_t address_find(const struct address_table *t, const struct ip *ip);

#endif
