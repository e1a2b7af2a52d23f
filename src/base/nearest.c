#include "base/nearest.h"

enum { LONGEST = 64, SLIPS = 2 };

void nearest_start(struct nearest *n, sv word)
{
    *n = (struct nearest){.word = word, .distance = SLIPS + 1};
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned m = a < b ? a : b;
    return m < c ? m : c;
}

static unsigned distance(sv a, sv b)
{
    unsigned rows[3][LONGEST + 1];
    unsigned *older = rows[0], *prev = rows[1], *row = rows[2];
    for (unsigned j = 0; j <= b.n; j++)
        prev[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.n; j++) {
            char x = ascii_lower(a.p[i - 1]), y = ascii_lower(b.p[j - 1]);
            row[j] = min3(row[j - 1] + 1, prev[j] + 1, prev[j - 1] + (x == y ? 0 : 1));
            bool swapped = i > 1 && j > 1 && x == ascii_lower(b.p[j - 2]) && y == ascii_lower(a.p[i - 2]);
            if (swapped && older[j - 2] + 1 < row[j])
                row[j] = older[j - 2] + 1;
        }
        unsigned *spare = older;
        older = prev;
        prev = row;
        row = spare;
    }
    return prev[b.n];
}

void nearest_offer(struct nearest *n, sv candidate)
{
    if (n->word.n > LONGEST || candidate.n > LONGEST)
        return;
    unsigned d = distance(n->word, candidate);
    if (d < n->distance && 2 * d <= n->word.n) {
        n->distance = d;
        n->best = candidate;
    }
}

sv nearest_best(const struct nearest *n)
{
    return n->best;
}
