/* A configuration file as a tree: what YAML is left with when everything surprising is refused. */
#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sv.h"

struct place {
    sv file;
    unsigned line, column; /* from 1; 0: the file as a whole */
};

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP, NODE_REFUSED /* told already; to be passed over */ };

struct node {
    enum node_kind kind;
    bool quoted; /* a text in quotes or a block: never "no value" */
    struct place at;
    sv text;
    struct node *first; /* items, or entries with their keys */
    size_t n;
    struct node *next; /* in the list or map that holds this one */
    sv key;            /* in a map */
    struct place key_at;
};

/* The entry of a map, or NULL. */
const struct node *node_get(const struct node *map, sv key);

#endif
