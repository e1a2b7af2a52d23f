#include "load.h"

#include <stdlib.h>

#include "base/nearest.h"
#include "model/domain.h"

enum { NAME_MAX_OCTETS = 64 };

static value_reader *const readers[] = {
#define KIND_READER(name, words) [KIND_##name] = read_##name,
    KINDS(KIND_READER)
#undef KIND_READER
};

static sv shown(sv path)
{
    return path.n ? path : SV("the configuration");
}

sv load_below(struct loader *l, sv path, sv key)
{
    return path.n ? arena_printf(l->a, "%.*s.%.*s", SV_ARG(path), SV_ARG(key)) : key;
}

/* "mailboxes.*" as "mailboxes.NAME". */
static sv place_in_words(struct loader *l, sv pattern)
{
    buf words;
    if (pattern.n == 0)
        return SV("the top level");
    buf_init(&words, KIB(1));
    schema_put_path(&words, pattern);
    sv text = arena_sv(l->a, buf_view(&words));
    buf_free(&words);
    return text;
}

/* Where else a key of this name may stand. */
static bool find_elsewhere(sv leaf, sv *parent)
{
    size_t n;
    const struct key *keys = schema(&n);
    for (size_t i = 0; i < n; i++) {
        sv path = sv_c(keys[i].path);
        if (sv_eq(path, leaf) || (sv_ends(path, leaf) && path.p[path.n - leaf.n - 1] == '.')) {
            *parent = sv_first(path, path.n > leaf.n ? path.n - leaf.n - 1 : 0);
            return true;
        }
    }
    return false;
}

static sv nearest_key(const char *pattern, sv leaf, const void *base)
{
    sv name;
    struct nearest near;
    nearest_start(&near, leaf);
    for (const struct key *k = NULL; (k = schema_next(pattern, k, &name));)
        if (schema_applies(k, base))
            nearest_offer(&near, name);
    return nearest_best(&near);
}

static void tell_unknown(struct loader *l, const char *pattern, sv path, const struct node *e,
                         const void *base)
{
    sv near = nearest_key(pattern, e->key, base), elsewhere;
    if (schema_is_later(pattern, e->key))
        PROBLEM(l->p, e->key_at, not_built, load_below(l, path, e->key));
    else if (near.n)
        PROBLEM(l->p, e->key_at, unknown_near, e->key, shown(path), near);
    else if (e->key.n && find_elsewhere(e->key, &elsewhere))
        PROBLEM(l->p, e->key_at, unknown_elsewhere, e->key, shown(path), place_in_words(l, elsewhere));
    else
        PROBLEM(l->p, e->key_at, unknown_key, e->key, shown(path));
}

/* A key that is none of this group's, or not of this type of channel or mailbox. */
static void check_key(struct loader *l, const char *pattern, sv path, const struct node *e, const void *base)
{
    sv leaf;
    const struct key *other = NULL;
    for (const struct key *k = NULL; (k = schema_next(pattern, k, &leaf));) {
        if (!sv_eq(leaf, e->key))
            continue;
        if (schema_applies(k, base))
            return;
        other = k;
    }
    if (other == NULL) {
        tell_unknown(l, pattern, path, e, base);
        return;
    }
    const char *type = schema_type_word(other, schema_type(other, base));
    if (*type) /* else the type is what was told */
        PROBLEM(l->p, e->key_at, other_type, e->key, path, sv_c(type));
}

static void read_default(struct loader *l, const struct key *k, sv path, void *base)
{
    struct node standard = {.kind = NODE_TEXT, .text = sv_c(k->def)};
    readers[k->kind](l, &(struct value){k, &standard, path, base});
}

/* Who may use an allowlist need not be able to read the secrets that stand beside it. */
static bool is_wanted(const struct loader *l, const struct key *k)
{
    return !k->of_run || !l->c->allowlist;
}

/* The keys of one map, absent ones too. map may be NULL: nothing is there but the defaults. */
void load_keys(struct loader *l, const char *pattern, sv path, const struct node *map, void *base)
{
    sv leaf;
    for (const struct key *k = NULL; (k = schema_next(pattern, k, &leaf));) {
        if (!schema_applies(k, base) || !is_wanted(l, k))
            continue;
        const struct node *node = map ? node_get(map, leaf) : NULL;
        sv below_path = load_below(l, path, leaf);
        if (node && node->kind != NODE_REFUSED) {
            l->folder = folder_of(node->key_at.file);
            readers[k->kind](l, &(struct value){k, node, below_path, base});
        } else if (node == NULL && k->required && map)
            PROBLEM(l->p, map->key.p ? map->key_at : map->at, missing_key, shown(path), leaf);
        else if (node == NULL && k->kind == KIND_group)
            load_keys(l, k->path, below_path, NULL, base);
        else if (node == NULL && k->def)
            read_default(l, k, below_path, base);
    }
    for (const struct node *e = map ? map->first : NULL; e; e = e->next)
        if (e->kind != NODE_REFUSED)
            check_key(l, pattern, path, e, base);
}

static bool take_map(struct loader *l, const struct node *node, sv path)
{
    bool is_empty = node->kind == NODE_TEXT && node->text.n == 0 && !node->quoted;
    if (is_empty)
        PROBLEM(l->p, node->key.p ? node->key_at : node->at, no_value, shown(path));
    else if (node->kind != NODE_MAP)
        PROBLEM(l->p, node->at, not_map, shown(path));
    return node->kind == NODE_MAP;
}

bool load_map(struct loader *l, const struct value *v, const char *pattern, void *base)
{
    if (!take_map(l, v->node, v->path))
        return false;
    load_keys(l, pattern, v->path, v->node, base);
    return true;
}

void read_group(struct loader *l, const struct value *v)
{
    (void)load_map(l, v, v->key->path, v->base);
}

static bool take_domain_name(struct loader *l, const struct node *e, struct domain_cfg *d)
{
    bool odd = false;
    d->wildcard = sv_eq(e->key, SV("*")) || sv_starts(e->key, SV("*."));
    d->name = SV("");
    if (d->wildcard && e->key.n == 1)
        return true;
    d->name = domain_fold(l->a, sv_skip(e->key, d->wildcard ? 2 : 0), &odd);
    if (odd)
        PROBLEM(l->p, e->key_at, bad_domain, e->key);
    return !odd;
}

static bool take_name(struct loader *l, const struct value *v, const struct node *e, void *entry)
{
    if (v->key->is_domain)
        return take_domain_name(l, e, entry);
    bool ok = e->key.n > 0 && e->key.n <= NAME_MAX_OCTETS;
    for (size_t i = 0; i < e->key.n; i++)
        ok = ok && (unsigned char)e->key.p[i] >= 0x20 && e->key.p[i] != 0x7f;
    memcpy(entry, &e->key, sizeof e->key);
    if (!ok)
        PROBLEM(l->p, e->key_at, bad_name, v->path, NUMBER(NAME_MAX_OCTETS));
    return ok;
}

static void load_entry(struct loader *l, const struct value *v, const struct node *e, void *entry)
{
    sv path = load_below(l, v->path, e->key);
    const char *pattern = arena_cstr(l->a, arena_printf(l->a, "%s.*", v->key->path));
    if (pattern == NULL || !take_name(l, v, e, entry) || !take_map(l, e, path))
        return;
    if (v->key->start)
        v->key->start(e, entry);
    load_keys(l, pattern, path, e, entry);
    if (v->key->check)
        v->key->check(l, e, path, entry);
}

struct folded {
    sv name;
    const struct node *e;
};

static int by_name_then_place(const void *x, const void *y)
{
    const struct folded *a = x, *b = y;
    int c = sv_cmp(a->name, b->name);
    if (c)
        return c;
    return a->e->key_at.line != b->e->key_at.line ? (a->e->key_at.line < b->e->key_at.line ? -1 : 1)
                                                  : (a->e->key_at.column < b->e->key_at.column ? -1 : 1);
}

/* Two spellings of one domain: YAML has seen two keys. */
static void tell_same_domains(struct loader *l, const struct node *map)
{
    size_t n = 0;
    bool odd;
    struct folded *all = arena_array(l->a, map->n, sizeof *all);
    for (const struct node *e = map->first; all && e; e = e->next)
        if (e->kind != NODE_REFUSED) /* "*." stays before a name, and keeps it apart from it */
            all[n++] = (struct folded){domain_fold(l->a, e->key, &odd), e};
    if (n > 1)
        qsort(all, n, sizeof *all, by_name_then_place);
    for (size_t i = 1, first = 0; i < n; i++) {
        if (!sv_eq(all[i].name, all[first].name)) {
            first = i;
            continue;
        }
        struct place at = all[first].e->key_at;
        PROBLEM(l->p, all[i].e->key_at, same_domain, all[i].e->key, all[first].e->key, at.file,
                NUMBER(at.line), NUMBER(at.column));
    }
}

static bool is_defaults(const struct value *v, const struct node *e)
{
    return v->key->is_domain && sv_eq(e->key, SV("defaults"));
}

/* What a domain is before its own keys are read. */
static void read_defaults(struct loader *l, const struct value *v, struct domain_cfg *standard)
{
    *standard = (struct domain_cfg){0};
    const struct node *e = v->key->is_domain ? node_get(v->node, SV("defaults")) : NULL;
    sv path = load_below(l, v->path, SV("defaults"));
    if (e && e->kind != NODE_REFUSED && take_map(l, e, path))
        load_keys(l, "domains.*", path, e, standard);
}

void read_entries(struct loader *l, const struct value *v)
{
    struct domain_cfg standard;
    if (!take_map(l, v->node, v->path))
        return;
    char *entries = arena_array(l->a, v->node->n, v->key->size);
    if (entries == NULL)
        return;
    read_defaults(l, v, &standard);
    size_t n = 0;
    for (const struct node *e = v->node->first; e; e = e->next) {
        if (e->kind == NODE_REFUSED || is_defaults(v, e))
            continue;
        char *entry = entries + n++ * v->key->size;
        if (v->key->is_domain)
            memcpy(entry, &standard, sizeof standard);
        load_entry(l, v, e, entry);
    }
    if (n == 0)
        PROBLEM(l->p, v->node->key_at, no_entry, v->path);
    memcpy(value_field(v), &entries, sizeof entries);
    memcpy((char *)v->base + v->key->count_at, &n, sizeof n);
    if (v->key->is_domain)
        tell_same_domains(l, v->node);
}

void load_tree(struct loader *l)
{
    if (!take_map(l, l->root, SV_ABSENT))
        return;
    load_keys(l, "", SV_ABSENT, l->root, l->c);
    check_keeping(l);
}
