/* The keys of the configuration: one table that validates, fills, prints and documents. */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

/* What a value is: name, words for the reference. Each has a reader in read*.c and a printer in print.c. */
/* clang-format off */
#define KINDS(X) \
    X(group,        "map") \
    X(entries,      "map of names") \
    X(text,         "text") \
    X(path,         "path") \
    X(readable,     "path") \
    X(secret,       "secret") \
    X(webhook_url,  "URL, secret") \
    X(mailbox_url,  "URL") \
    X(after,        "keep, seen, {move: FOLDER} or {delete: {older_than: DURATION}}") \
    X(on_error,     "{move: FOLDER}") \
    X(smtp_url,     "URL") \
    X(channel_type, "slack or email") \
    X(from,         "address") \
    X(addresses,    "list of addresses") \
    X(networks,     "list of addresses and networks") \
    X(senders,      "list of names of senders") \
    X(duration,     "duration") \
    X(number,       "number") \
    X(limits,       "map of limits")
/* clang-format on */

enum kind {
#define KIND_ITEM(name, words) KIND_##name,
    KINDS(KIND_ITEM)
#undef KIND_ITEM
        KIND_END
};

struct loader;
struct node;

struct key {
    const char *path; /* '*' stands for a name that the user chose */
    enum kind kind;
    size_t at;       /* where the value goes: in struct config, or in the structure of the entry */
    size_t count_at; /* lists and entries: where their number goes */
    size_t size;     /* entries: octets of one structure, which begins with its name */
    bool is_domain;  /* entries: names are domain names, compared folded */
    bool required;
    unsigned only; /* bits (1 << enum channel_type, or enum mailbox_kind): of these alone; 0: of all */
    const char *def;
    int64_t min, max; /* numbers; durations in seconds */
    /* Entries: what a structure is before its keys are read, and what its keys must be together. */
    void (*start)(const struct node *node, void *entry);
    void (*check)(struct loader *l, const struct node *node, sv path, const void *entry);
    const char *help;
};

/* In the order in which values are read. *n: the number of rows. */
const struct key *schema(size_t *n);

/* The rows directly inside `parent` ("" for the top level), in order: NULL for the first, the last one
 * returned for the next; NULL at the end. *leaf: the last part of its path. */
const struct key *schema_next(const char *parent, const struct key *last, sv *leaf);

/* The row of a key inside parent, or NULL. */
const struct key *schema_find(const char *parent, sv leaf);

/* Whether the row counts for an entry: `entry` is a struct channel_cfg or mailbox_cfg where the row has
 * `only`. */
bool schema_applies(const struct key *key, const void *entry);

/* The type, one of `only`, as people write it. "": there is none yet. */
const char *schema_type_word(const struct key *key, unsigned type);
/* What the type of an entry is. */
unsigned schema_type(const struct key *key, const void *entry);

/* A key that is documented for a later version and does nothing in this one. */
bool schema_is_later(const char *parent, sv leaf);

#endif
