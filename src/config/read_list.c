/* Values that are lists. */
#include "address.h"
#include "base/nearest.h"
#include "load.h"

/* Reads one item into `to`; false when it is left out, which was told. */
typedef bool item_reader(struct loader *l, const struct node *item, sv path, void *to);

static void read_list(struct loader *l, const struct value *v, size_t size, item_reader *read)
{
    const struct node *list = v->node;
    if (v->key->one_will_do && list->kind == NODE_TEXT) {
        struct node *one = arena_alloc(l->a, sizeof *one), *item = arena_alloc(l->a, sizeof *item);
        if (one == NULL || item == NULL)
            return;
        *item = *list;
        item->next = NULL;
        *one = (struct node){.kind = NODE_LIST, .at = list->at, .first = item, .n = 1};
        list = one;
    }
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

static bool is_owner(const struct node *item)
{
    return item->kind == NODE_TEXT && sv_eq(item->text, SV("owner"));
}

static bool read_address(struct loader *l, const struct node *item, sv path, void *to)
{
    sv text;
    if (is_owner(item) || !take_text(l, item, path, &text))
        return false;
    if (!address_is_valid(text))
        PROBLEM(l->p, item->at, bad_address, path, text);
    memcpy(to, &text, sizeof text);
    return true;
}

/* What nobody owns must have a reader, too. */
void read_addresses(struct loader *l, const struct value *v)
{
    struct channel_cfg *c = v->base;
    if (v->node->kind == NODE_LIST && v->node->n == 0) {
        PROBLEM(l->p, v->node->at, no_entry, v->path);
        return;
    }
    read_list(l, v, sizeof(sv), read_address);
    for (const struct node *item = v->node->kind == NODE_LIST ? v->node->first : NULL; item;
         item = item->next)
        c->to_owner = c->to_owner || is_owner(item);
    if (c->to_owner && v->node->n == 1)
        PROBLEM(l->p, v->node->at, owner_alone, v->path);
}

static bool read_argument(struct loader *l, const struct node *item, sv path, void *to)
{
    sv text;
    if (!take_text(l, item, path, &text))
        return false;
    memcpy(to, &text, sizeof text);
    return true;
}

/* The first one is a path, and no search finds it: relative to the file, as all paths are. */
void read_argv(struct loader *l, const struct value *v)
{
    sv *argv;
    if (v->node->kind == NODE_LIST && v->node->n == 0) {
        PROBLEM(l->p, v->node->at, no_entry, v->path);
        return;
    }
    read_list(l, v, sizeof(sv), read_argument);
    memcpy(&argv, value_field(v), sizeof argv);
    if (argv)
        argv[0] = sv_c(full_path(l, argv[0]));
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

/* A list of names that another key of the file knows. */
struct known {
    const char *section;
    enum problem none, none_near;
    const void *entries; /* each begins with its name */
    size_t n, size;
};

static sv known_name(const struct known *k, size_t i)
{
    sv name;
    memcpy(&name, (const char *)k->entries + i * k->size, sizeof name);
    return name;
}

static void tell_no_entry(struct loader *l, const struct known *k, const struct node *item, sv path)
{
    struct nearest near;
    nearest_start(&near, item->text);
    for (size_t i = 0; i < k->n; i++)
        nearest_offer(&near, known_name(k, i));
    sv best = nearest_best(&near);
    if (best.n == 0) {
        problem_add(l->p, item->at, k->none, (const sv[]){path, item->text}, 2);
        return;
    }
    struct place at = node_get(node_get(l->root, sv_c(k->section)), best)->key_at;
    struct number_text line;
    problem_add(l->p, item->at, k->none_near,
                (const sv[]){path, item->text, best, at.file, number_sv(at.line, &line)}, 5);
}

static bool read_reference(struct loader *l, const struct known *k, const struct node *item, sv path,
                           void *to)
{
    sv name;
    size_t i = 0;
    if (!take_text(l, item, path, &name))
        return false;
    while (i < k->n && !sv_eq(known_name(k, i), name))
        i++;
    if (i == k->n) {
        tell_no_entry(l, k, item, path);
        return false;
    }
    memcpy(to, &i, sizeof i);
    return true;
}

static bool read_sender(struct loader *l, const struct node *item, sv path, void *to)
{
    const struct known senders = {"senders",     PROBLEM_no_sender, PROBLEM_no_sender_near,
                                  l->c->senders, l->c->n_senders,   sizeof *l->c->senders};
    return read_reference(l, &senders, item, path, to);
}

static bool read_channel(struct loader *l, const struct node *item, sv path, void *to)
{
    const struct known channels = {"channels",     PROBLEM_no_channel, PROBLEM_no_channel_near,
                                   l->c->channels, l->c->n_channels,   sizeof *l->c->channels};
    return read_reference(l, &channels, item, path, to);
}

static void tell_twice(struct loader *l, const struct value *v)
{
    size_t i = 0;
    for (const struct node *a = v->node->first; a; a = a->next, i++) {
        const struct node *b = v->node->first;
        while (b != a && !sv_eq(a->text, b->text))
            b = b->next;
        if (b != a && a->kind == NODE_TEXT)
            PROBLEM(l->p, a->at, same_twice, arena_printf(l->a, "%.*s[%zu]", SV_ARG(v->path), i), a->text);
    }
}

void read_senders(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(size_t), read_sender);
    if (v->node->kind == NODE_LIST)
        tell_twice(l, v);
}

void read_channels(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(size_t), read_channel);
    if (v->node->kind == NODE_LIST)
        tell_twice(l, v);
}

void read_spans(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(struct span_cfg), read_span);
}

/* A list of channels in which a word stands for others. */
static bool read_recipient(struct loader *l, const struct node *item, sv path, void *to)
{
    const size_t tenant = TO_TENANT;
    if (item->kind != NODE_TEXT || !sv_eq(item->text, SV("tenant")))
        return read_channel(l, item, path, to);
    memcpy(to, &tenant, sizeof tenant);
    return true;
}

void read_recipients(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(size_t), read_recipient);
    if (v->node->kind == NODE_LIST)
        tell_twice(l, v);
}

/* Channels that people read. */
static bool has_words(enum channel_type type)
{
    static const bool wordless[CHANNEL_TYPE_END] = {[CHANNEL_WEBHOOK] = true,
                                                    [CHANNEL_COMMAND] = true,
                                                    [CHANNEL_PAGERDUTY] = true,
                                                    [CHANNEL_ALERTMANAGER] = true,
                                                    [CHANNEL_SYSLOG] = true};
    return type == CHANNEL_TYPE_END || !wordless[type]; /* one without a type was told of already */
}

static void check_words(struct loader *l, const struct node *item, sv path)
{
    for (size_t i = 0; item->kind == NODE_TEXT && i < l->c->n_channels; i++) {
        const struct channel_cfg *c = &l->c->channels[i];
        if (sv_eq(c->name, item->text) && !has_words(c->type))
            PROBLEM(l->p, item->at, digest_wordless, path, c->name, sv_c(channel_type_word(c->type)));
    }
}

void read_text_channels(struct loader *l, const struct value *v)
{
    read_channels(l, v);
    for (const struct node *item = v->node->kind == NODE_LIST ? v->node->first : v->node; item;
         item = v->node->kind == NODE_LIST ? item->next : NULL)
        check_words(l, item, v->path);
}

static bool read_name(struct loader *l, const struct node *item, sv path, void *to)
{
    return take_domain(l, item, path, SV("."), to);
}

void read_names(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(sv), read_name);
}

static bool read_pattern(struct loader *l, const struct node *item, sv path, void *to)
{
    return take_domain(l, item, path, SV("*."), to);
}

void read_patterns(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(sv), read_pattern);
}

static bool read_word(struct loader *l, const struct node *item, sv path, void *to)
{
    return take_text(l, item, path, to);
}

void read_selectors(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(sv), read_word);
}

void read_tenants(struct loader *l, const struct value *v)
{
    read_list(l, v, sizeof(sv), read_word);
}

/* Maps without names. */
void read_items(struct loader *l, const struct value *v)
{
    const struct node *list = v->node;
    const char *pattern = arena_cstr(l->a, arena_printf(l->a, "%s.#", v->key->path));
    if (list->kind != NODE_LIST) {
        PROBLEM(l->p, list->at, not_list, v->path, SV("{…}"));
        return;
    }
    char *items = arena_array(l->a, list->n, v->key->size);
    size_t n = 0, i = 0;
    for (const struct node *item = list->first; items && pattern && item; item = item->next, i++) {
        sv path = arena_printf(l->a, "%.*s[%zu]", SV_ARG(v->path), i);
        if (item->kind == NODE_MAP) {
            char *entry = items + n++ * v->key->size;
            load_keys(l, pattern, path, item, entry);
            if (v->key->check)
                v->key->check(l, item, path, entry);
        } else if (item->kind != NODE_REFUSED)
            PROBLEM(l->p, item->at, not_map, path);
    }
    memcpy(value_field(v), &items, sizeof items);
    memcpy((char *)v->base + v->key->count_at, &n, sizeof n);
}
