#include "names.h"

#include <stdlib.h>

sv name_fold(sv name, struct name_room *room)
{
    name = sv_trim(name);
    if (name.n > 0 && name.p[name.n - 1] == '.')
        name.n--;
    if (name.n == 0 || name.n > DOMAIN_MAX)
        return SV_ABSENT;
    for (size_t i = 0; i < name.n; i++)
        room->p[i] = ascii_lower(name.p[i]);
    sv folded = sv_of(room->p, name.n);
    return domain_is_plain(folded) ? folded : SV_ABSENT;
}

sv name_parent(sv name)
{
    size_t dot = sv_find_char(name, '.', 0);
    return dot == SIZE_MAX ? SV_ABSENT : sv_skip(name, dot + 1);
}

static int by_name(const void *a, const void *b)
{
    const struct name_entry *x = a, *y = b;
    int c = sv_cmp(x->name, y->name);
    return c ? c : (x->value > y->value) - (x->value < y->value);
}

void name_table_sort(struct name_table *t)
{
    if (t->n > 1)
        qsort(t->entries, t->n, sizeof *t->entries, by_name);
}

static size_t first_of(const struct name_table *t, sv name)
{
    size_t low = 0, high = t->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (sv_cmp(t->entries[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool selector_fits(const struct name_entry *e, sv selector)
{
    for (size_t i = 0; i < e->n_selectors; i++) {
        if (sv_eq_nocase(e->selectors[i], selector))
            return true;
    }
    return e->n_selectors == 0;
}

static size_t find_one(const struct name_table *t, sv name, bool below, sv selector)
{
    for (size_t i = first_of(t, name); i < t->n && sv_eq(t->entries[i].name, name); i++) {
        if (t->entries[i].below == below && selector_fits(&t->entries[i], selector))
            return t->entries[i].value;
    }
    return SIZE_MAX;
}

size_t name_find_exact(const struct name_table *t, sv name)
{
    return find_one(t, name, false, SV_ABSENT);
}

size_t name_find(const struct name_table *t, sv name, sv selector)
{
    if (t->n == 0 || name.n == 0)
        return SIZE_MAX;
    size_t best = find_one(t, name, false, selector);
    for (sv up = name_parent(name); up.n > 0; up = name_parent(up)) {
        size_t found = find_one(t, up, true, selector);
        best = found < best ? found : best;
    }
    return best;
}
