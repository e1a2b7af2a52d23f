/* The files that the main file includes. */
#ifndef CONFIG_INCLUDE_H
#define CONFIG_INCLUDE_H

#include "base/arena.h"
#include "model/limits.h"
#include "node.h"
#include "problem.h"

/* Paths of all files that the value of `include` names: in the order of its patterns, those of one pattern
 * in the order of their octets, each file once. folder: of the main file. *n of them. What is wrong is
 * told; NULL then, or where there is no memory. */
sv *include_paths(const struct node *include, sv folder, const struct limits *l, arena *a, struct problems *p,
                  size_t *n);

#endif
