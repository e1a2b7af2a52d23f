/* A table of at most `cap` entries. When more come, it keeps those with the least hashes: which they are
 * depends on the set of keys alone, not on their order. Entries are the caller's; the table points. */
#ifndef ALERT_TABLE_H
#define ALERT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* First member of every entry. */
struct table_entry {
    uint64_t hash;
    bool pinned; /* never dropped and not counted against the cap */
};

struct table {
    struct table_entry **slots; /* open addressing; a power of 2 of them */
    size_t n_slots, n_used, n_counted, cap;
    unsigned level; /* entries whose first `level` bits of hash are not all 0 are not taken */
};

typedef bool table_same(const struct table_entry *e, const void *key);
typedef void table_drop(void *ctx, struct table_entry *e);

struct table_entry *table_find(const struct table *t, uint64_t hash, table_same *same, const void *key);

/* Whether an entry that is not pinned would be kept now. */
bool table_takes(const struct table *t, uint64_t hash);

/* Adds an entry that is not there yet. False: no memory. */
bool table_put(struct table *t, struct table_entry *e) NODISCARD;

/* Brings the table back under its cap; the entries that have to go are handed to drop, which owns them and
 * may not touch the table. False: no memory, the table can only be freed. */
bool table_thin(struct table *t, table_drop *drop, void *ctx) NODISCARD;

/* Hands every entry to drop and frees the table. */
void table_free(struct table *t, table_drop *drop, void *ctx);

#endif
