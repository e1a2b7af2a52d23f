/* Trees of several files as one. */
#ifndef CONFIG_UNITE_H
#define CONFIG_UNITE_H

#include "base/arena.h"
#include "node.h"
#include "problem.h"

/* A copy of the tree whose maps may be added to; texts and lists are shared. NULL: no memory. */
struct node *tree_copy(const struct node *root, arena *a) NODISCARD;

/* Adds what `from`, the tree of an included file, has. Maps are united; a map that gets more takes the
 * place of what was added last, so that whatever is wrong with it then is told of that file. What stands
 * in both and is no map, and what belongs into the main file alone, is told and left out. */
void tree_unite(struct node *to, const struct node *from, arena *a, struct problems *p);

#endif
