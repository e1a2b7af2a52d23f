#include "imap_list.h"

#include <stdlib.h>

void imap_list_init(struct imap_list *l, size_t max)
{
    *l = (struct imap_list){.max = max};
}

void imap_list_free(struct imap_list *l)
{
    free(l->entries);
    imap_list_init(l, l->max);
}

void imap_list_clear(struct imap_list *l)
{
    l->n = 0;
    l->left_out = 0;
    l->unsorted = false;
}

static bool grow(struct imap_list *l)
{
    size_t cap = l->cap ? l->cap * 2 : 256;
    if (cap > l->max)
        cap = l->max;
    struct imap_entry *more = reallocarray(l->entries, cap, sizeof *more);
    if (more == NULL)
        return false;
    l->entries = more;
    l->cap = cap;
    return true;
}

bool imap_list_add(struct imap_list *l, uint32_t uid, uint32_t size, enum imap_entry_state state)
{
    if (l->n >= l->max) {
        if (l->left_out == 0 || uid < l->left_out)
            l->left_out = uid;
        return true;
    }
    if (l->n == l->cap && !grow(l))
        return false;
    l->unsorted |= l->n && uid <= l->entries[l->n - 1].uid;
    l->entries[l->n++] = (struct imap_entry){uid, size, (uint8_t)state, false};
    return true;
}

static int by_uid(const void *a, const void *b)
{
    const struct imap_entry *x = a, *y = b;
    return (x->uid > y->uid) - (x->uid < y->uid);
}

static void sort(struct imap_list *l)
{
    qsort(l->entries, l->n, sizeof *l->entries, by_uid);
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (kept && l->entries[kept - 1].uid == l->entries[i].uid)
            kept--;
        l->entries[kept++] = l->entries[i];
    }
    l->n = kept;
}

void imap_list_close(struct imap_list *l)
{
    if (l->unsorted)
        sort(l);
    while (l->left_out && l->n && l->entries[l->n - 1].uid >= l->left_out)
        l->n--;
}

struct imap_entry *imap_list_find(const struct imap_list *l, uint32_t uid)
{
    struct imap_entry key = {.uid = uid};
    return l->n ? bsearch(&key, l->entries, l->n, sizeof key, by_uid) : NULL;
}

void imap_set_end(struct imap_set *s)
{
    if (s->first == 0)
        return;
    if (s->out->n)
        buf_char(s->out, ',');
    buf_printf(s->out, "%u", (unsigned)s->first);
    if (s->last != s->first)
        buf_printf(s->out, ":%u", (unsigned)s->last);
    s->first = 0;
}

void imap_set_add(struct imap_set *s, uint32_t uid)
{
    if (s->first && uid == s->last + 1) {
        s->last = uid;
        return;
    }
    imap_set_end(s);
    s->first = s->last = uid;
}
