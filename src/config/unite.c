#include "unite.h"

/* Read before other files are, or able to lead to yet more of them. */
static const sv main_only[] = {SV_INIT("include"), SV_INIT("state")};

static struct node *copy(const struct node *n, arena *a)
{
    struct node *new = arena_alloc(a, sizeof *new);
    if (new == NULL)
        return NULL;
    *new = *n;
    new->next = NULL;
    if (n->kind != NODE_MAP)
        return new;
    struct node **end = &new->first;
    *end = NULL;
    for (const struct node *e = n->first; e; e = e->next) {
        *end = copy(e, a);
        if (*end == NULL)
            return NULL;
        end = &(*end)->next;
    }
    return new;
}

struct node *tree_copy(const struct node *root, arena *a)
{
    return copy(root, a);
}

static struct node *find(const struct node *map, sv key)
{
    struct node *e = map->first;
    while (e && !sv_eq(e->key, key))
        e = e->next;
    return e;
}

static void add(struct node *to, const struct node *entry, arena *a)
{
    struct node **end = &to->first;
    while (*end)
        end = &(*end)->next;
    *end = copy(entry, a);
    to->n += *end != NULL;
}

static void unite_entry(struct node *to, const struct node *e, arena *a, struct problems *p)
{
    struct node *there = find(to, e->key);
    if (e->kind == NODE_REFUSED)
        return;
    if (there == NULL) {
        add(to, e, a);
        return;
    }
    if (there->kind != NODE_MAP || e->kind != NODE_MAP) {
        PROBLEM(p, e->key_at, duplicate_key, e->key, there->key_at.file, NUMBER(there->key_at.line),
                NUMBER(there->key_at.column));
        return;
    }
    for (const struct node *below = e->first; below; below = below->next)
        unite_entry(there, below, a, p);
    there->at = e->at;
    there->key_at = e->key_at;
}

static bool is_main_only(sv key)
{
    for (size_t i = 0; i < COUNT_OF(main_only); i++)
        if (sv_eq(key, main_only[i]))
            return true;
    return false;
}

void tree_unite(struct node *to, const struct node *from, arena *a, struct problems *p)
{
    if (from->kind != NODE_MAP) {
        PROBLEM(p, from->at, not_map, SV("the configuration"));
        return;
    }
    for (const struct node *e = from->first; e && to->kind == NODE_MAP; e = e->next) {
        if (is_main_only(e->key))
            PROBLEM(p, e->key_at, main_only, e->key);
        else
            unite_entry(to, e, a, p);
    }
}
