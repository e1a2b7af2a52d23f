/* "Did you mean": the nearest of the words offered, within two slips (optimal string alignment:
 * insertions, deletions, changes, swapped neighbours), without case. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/sv.h"

struct nearest {
    sv word, best;
    unsigned distance;
};

void nearest_start(struct nearest *n, sv word);
void nearest_offer(struct nearest *n, sv candidate);

/* The first of the nearest, or absent when none is near: more than two slips, or half the word. */
sv nearest_best(const struct nearest *n);

#endif
