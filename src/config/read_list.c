/* Values that are lists. */
#include "address.h"
#include "base/nearest.h"
#include "load.h"

/* Reads one item into `to`; false when it is left out, which was told. */
typedef bool item_reader(struct loader *l, const struct node *item, sv path, void *to);

static void read_list(struct loader *l, const struct value *v, size_t size, item_reader *read)
{
    const struct node *list = v->node;
    if (list->kind != NODE_LIST) {
        bool is_text = list->kind == NODE_TEXT && list->text.n;
        PROBLEM(l->p, list->at, not_list, v->path, is_text ? list->text : SV("…"));
        return;
    }
    char *items = arena_array(l->a, list->n, size);
    size_t n = 0, i = 0;
    for (const struct node *item = list->first; items && item; item = item->next, i++)
        if (read(l, item, arena_printf(l->a, "%.*s[%zu]", SV_ARG(v->path), i), items + n * size))
            n++;
    memcpy(value_field(v), &items, sizeof items);
    memcpy((char *)v->base + v->key->count_at, &n, sizeof n);
}

static bool read_network(struct loader *l, const struct node *item, sv path, void *to)
{
    sv text;
    struct err e;
    if (!take_text(l, item, path, &text))
        return false;
    if (cidr_parse(text, to, &e))
        return true;
    PROBLEM(l->p, item->at, bad_network, path, sv_c(e.msg));
    return false;
}

void read_networks(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(struct cidr), read_network);
}

static bool read_address(struct loader *l, const struct node *item, sv path, void *to)
{
    sv text;
    if (!take_text(l, item, path, &text))
        return false;
    if (!address_is_valid(text))
        PROBLEM(l->p, item->at, bad_address, path, text);
    memcpy(to, &text, sizeof text);
    return true;
}

void read_addresses(struct loader *l, const struct value *v)
{
    if (v->node->kind == NODE_LIST && v->node->n == 0)
        PROBLEM(l->p, v->node->at, no_entry, v->path);
    else
        read_list(l, v, sizeof(sv), read_address);
}

void read_from(struct loader *l, const struct value *v)
{
    sv text;
    if (!take_text(l, v->node, v->path, &text))
        return;
    if (!address_is_valid_from(text))
        PROBLEM(l->p, v->node->at, bad_from, v->path, text);
    memcpy(value_field(v), &text, sizeof text);
}

static void tell_no_sender(struct loader *l, const struct node *item, sv path)
{
    struct nearest near;
    nearest_start(&near, item->text);
    for (size_t i = 0; i < l->c->n_senders; i++)
        nearest_offer(&near, l->c->senders[i].name);
    sv best = nearest_best(&near);
    if (best.n == 0) {
        PROBLEM(l->p, item->at, no_sender, path, item->text);
        return;
    }
    struct place at = node_get(node_get(l->root, SV("senders")), best)->key_at;
    PROBLEM(l->p, item->at, no_sender_near, path, item->text, best, at.file, NUMBER(at.line));
}

static bool read_sender(struct loader *l, const struct node *item, sv path, void *to)
{
    sv name;
    size_t i = 0;
    if (!take_text(l, item, path, &name))
        return false;
    while (i < l->c->n_senders && !sv_eq(l->c->senders[i].name, name))
        i++;
    if (i == l->c->n_senders) {
        tell_no_sender(l, item, path);
        return false;
    }
    memcpy(to, &i, sizeof i);
    return true;
}

static void tell_twice(struct loader *l, const struct value *v)
{
    size_t i = 0;
    for (const struct node *a = v->node->first; a; a = a->next, i++) {
        const struct node *b = v->node->first;
        while (b != a && !sv_eq(a->text, b->text))
            b = b->next;
        if (b != a && a->kind == NODE_TEXT)
            PROBLEM(l->p, a->at, same_sender, arena_printf(l->a, "%.*s[%zu]", SV_ARG(v->path), i), a->text);
    }
}

void read_senders(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(size_t), read_sender);
    if (v->node->kind == NODE_LIST)
        tell_twice(l, v);
}
