#include "addresses.h"

#include <stdlib.h>

static int by_network(const void *a, const void *b)
{
    const struct address_entry *x = a, *y = b;
    int c = ip_cmp(&x->net.ip, &y->net.ip);
    if (c == 0)
        c = x->net.bits - y->net.bits;
    return c ? c : (x->value > y->value) - (x->value < y->value);
}

static void drop_repetitions(struct address_table *t)
{
    size_t to = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct cidr *last = to ? &t->entries[to - 1].net : NULL;
        if (last && last->bits == t->entries[i].net.bits && ip_cmp(&last->ip, &t->entries[i].net.ip) == 0)
            continue;
        t->entries[to++] = t->entries[i];
    }
    t->n = to;
}

void address_table_sort(struct address_table *t)
{
    if (t->n == 0)
        return;
    qsort(t->entries, t->n, sizeof *t->entries, by_network);
    drop_repetitions(t);
    for (size_t i = 0; i < t->n; i++) {
        size_t outer = i ? i - 1 : SIZE_MAX;
        while (outer != SIZE_MAX && !cidr_within(&t->entries[i].net, &t->entries[outer].net))
            outer = t->entries[outer].outer;
        t->entries[i].outer = outer;
    }
}

size_t address_find(const struct address_table *t, const struct ip *ip)
{
    size_t low = 0, high = t->n; /* entries before low begin at or before ip */
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (ip_cmp(&t->entries[mid].net.ip, ip) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    /* Networks are nested or apart: one that holds ip is the last of these or lies around it. */
    size_t i = low ? low - 1 : SIZE_MAX;
    while (i != SIZE_MAX && !cidr_contains(&t->entries[i].net, ip))
        i = t->entries[i].outer;
    return i == SIZE_MAX ? SIZE_MAX : t->entries[i].value;
}
