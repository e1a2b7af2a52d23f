/* YAML text to a tree of nodes, by the events of libyaml. */
#ifndef CONFIG_TREE_H
#define CONFIG_TREE_H

#include "base/arena.h"
#include "model/limits.h"
#include "node.h"
#include "problem.h"

/* The root, in `a`; NULL when the text is no YAML, is empty, or is nested more than config_depth deep.
 * Anchors, aliases, tags, merge keys, keys that are no text and duplicate keys (all but the first) are
 * told and left out of the tree. */
struct node *tree_read(sv text, sv file, const struct limits *l, arena *a, struct problems *p) NODISCARD;

#endif
