#include "tree.h"

#include <stdlib.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the one that is looked at */
    sv text, file;
    uint64_t max_depth;
    arena *a;
    struct problems *p;
    bool stopped; /* told; the tree is of no use */
};

static struct node *read_node(struct reader *r, uint64_t depth);

static struct place place_of(const struct reader *r, yaml_mark_t mark)
{
    return (struct place){r->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

/* libyaml gives octets that are no UTF-8 an offset only. */
static struct place place_of_offset(const struct reader *r, size_t offset)
{
    struct place at = {r->file, 1, 1};
    for (size_t i = 0; i < offset && i < r->text.n; i++) {
        at.column++;
        if (r->text.p[i] == '\n')
            at = (struct place){r->file, at.line + 1, 1};
    }
    return at;
}

/* The line of a place, from its column on. */
static sv text_at(const struct reader *r, struct place at)
{
    sv rest = r->text, line = SV_ABSENT;
    for (unsigned n = 0; n < at.line && sv_split(&rest, '\n', &line); n++)
        ;
    return sv_skip(line, at.column - 1 < line.n ? at.column - 1 : line.n);
}

/* What people stumble over, which libyaml tells in words of its grammar. */
static bool told_in_own_words(struct reader *r, struct place at)
{
    struct place start = {at.file, at.line, 1};
    sv from = text_at(r, at), line = text_at(r, start);
    size_t blanks = 0;
    while (blanks < line.n && (line.p[blanks] == ' ' || line.p[blanks] == '\t'))
        blanks++;
    bool indents = sv_find_char(sv_first(line, blanks), '\t', 0) != SIZE_MAX;
    sv star = text_at(r, place_of(r, r->parser.context_mark));
    if (indents || sv_starts(from, SV("\t")))
        PROBLEM(r->p, at, tab);
    else if (sv_starts(star, SV("*")) && r->parser.context)
        PROBLEM(r->p, place_of(r, r->parser.context_mark), bare_star);
    else if (sv_starts(from, SV("@")) || sv_starts(from, SV("`")) || sv_starts(from, SV("%")))
        PROBLEM(r->p, at, bare_sign, sv_first(from, 1));
    else
        return false;
    return true;
}

static void stop_not_yaml(struct reader *r)
{
    const yaml_parser_t *parser = &r->parser;
    struct place at = parser->error == YAML_READER_ERROR ? place_of_offset(r, parser->problem_offset)
                                                         : place_of(r, parser->problem_mark);
    r->stopped = true;
    if (parser->error == YAML_MEMORY_ERROR)
        r->a->failed = true;
    else if (parser->error != YAML_SCANNER_ERROR || !told_in_own_words(r, at))
        PROBLEM(r->p, at, not_yaml, sv_c(parser->problem));
}

static bool next_event(struct reader *r)
{
    yaml_event_delete(&r->event);
    if (!r->stopped && !yaml_parser_parse(&r->parser, &r->event))
        stop_not_yaml(r);
    return !r->stopped;
}

static struct node *new_node(struct reader *r, enum node_kind kind)
{
    struct node *n = arena_alloc(r->a, sizeof *n);
    if (n == NULL) {
        r->stopped = true;
        return NULL;
    }
    *n = (struct node){.kind = kind, .at = place_of(r, r->event.start_mark)};
    return n;
}

/* Tells what a value may not carry; false when something was. */
static bool check_marks(struct reader *r, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct place at = place_of(r, r->event.start_mark);
    if (anchor)
        PROBLEM(r->p, at, anchor, sv_c((const char *)anchor));
    if (tag)
        PROBLEM(r->p, at, tag, sv_c((const char *)tag));
    return !anchor && !tag;
}

static struct node *read_text(struct reader *r)
{
    bool ok = check_marks(r, r->event.data.scalar.anchor, r->event.data.scalar.tag);
    struct node *n = new_node(r, ok ? NODE_TEXT : NODE_REFUSED);
    if (n) {
        n->text = arena_sv(r->a, sv_of(r->event.data.scalar.value, r->event.data.scalar.length));
        n->quoted = r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    }
    return n;
}

static struct node *read_list(struct reader *r, uint64_t depth)
{
    bool ok = check_marks(r, r->event.data.sequence_start.anchor, r->event.data.sequence_start.tag);
    struct node *list = new_node(r, ok ? NODE_LIST : NODE_REFUSED);
    if (list == NULL)
        return NULL;
    struct node **end = &list->first;
    while (next_event(r) && r->event.type != YAML_SEQUENCE_END_EVENT) {
        struct node *item = read_node(r, depth + 1);
        if (item == NULL)
            break;
        *end = item;
        end = &item->next;
        list->n++;
    }
    return list;
}

/* Reads one key and its value; NULL when the entry is not to be kept (or the reader has stopped). */
static struct node *read_entry(struct reader *r, uint64_t depth)
{
    struct place at = place_of(r, r->event.start_mark);
    bool is_text = r->event.type == YAML_SCALAR_EVENT;
    if (!is_text)
        PROBLEM(r->p, at, complex_key);
    const struct node *key = read_node(r, depth + 1);
    bool is_merge = key && is_text && !key->quoted && sv_eq(key->text, SV("<<"));
    if (is_merge)
        PROBLEM(r->p, at, merge_key);
    if (key == NULL || !next_event(r))
        return NULL;
    struct node *value = read_node(r, depth + 1);
    if (value == NULL || !is_text || is_merge)
        return NULL;
    value->key = key->text;
    value->key_at = at;
    return value;
}

static int by_key_then_place(const void *x, const void *y)
{
    const struct node *a = *(struct node *const *)x, *b = *(struct node *const *)y;
    int c = sv_cmp(a->key, b->key);
    if (c)
        return c;
    return a->key_at.line != b->key_at.line ? (a->key_at.line < b->key_at.line ? -1 : 1)
                                            : (a->key_at.column < b->key_at.column ? -1 : 1);
}

static void refuse_duplicates(struct reader *r, struct node *map)
{
    struct node **sorted = arena_array(r->a, map->n, sizeof *sorted);
    size_t n = 0;
    if (sorted == NULL)
        return;
    for (struct node *e = map->first; e; e = e->next)
        sorted[n++] = e;
    qsort(sorted, n, sizeof *sorted, by_key_then_place);
    for (size_t i = 1, first = 0; i < n; i++) {
        if (!sv_eq(sorted[i]->key, sorted[first]->key)) {
            first = i;
            continue;
        }
        struct place at = sorted[first]->key_at;
        PROBLEM(r->p, sorted[i]->key_at, duplicate_key, sorted[i]->key, at.file, NUMBER(at.line),
                NUMBER(at.column));
        sorted[i]->kind = NODE_REFUSED;
    }
}

static struct node *read_map(struct reader *r, uint64_t depth)
{
    bool ok = check_marks(r, r->event.data.mapping_start.anchor, r->event.data.mapping_start.tag);
    struct node *map = new_node(r, ok ? NODE_MAP : NODE_REFUSED);
    if (map == NULL)
        return NULL;
    struct node **end = &map->first;
    while (next_event(r) && r->event.type != YAML_MAPPING_END_EVENT) {
        struct node *entry = read_entry(r, depth);
        if (entry == NULL)
            continue;
        *end = entry;
        end = &entry->next;
        map->n++;
    }
    if (map->n > 1)
        refuse_duplicates(r, map);
    return map;
}

static struct node *read_alias(struct reader *r)
{
    PROBLEM(r->p, place_of(r, r->event.start_mark), alias, sv_c((const char *)r->event.data.alias.anchor));
    return new_node(r, NODE_REFUSED);
}

/* The node that begins with the present event; NULL when the reader has stopped. */
static struct node *read_node(struct reader *r, uint64_t depth)
{
    bool opens = r->event.type == YAML_SEQUENCE_START_EVENT || r->event.type == YAML_MAPPING_START_EVENT;
    if (opens && depth >= r->max_depth) {
        PROBLEM(r->p, place_of(r, r->event.start_mark), too_deep, NUMBER(r->max_depth));
        r->stopped = true;
    }
    if (r->stopped)
        return NULL;
    if (r->event.type == YAML_SCALAR_EVENT)
        return read_text(r);
    if (r->event.type == YAML_ALIAS_EVENT)
        return read_alias(r);
    struct node *n = r->event.type == YAML_SEQUENCE_START_EVENT ? read_list(r, depth) : read_map(r, depth);
    return r->stopped ? NULL : n;
}

static struct node *read_document(struct reader *r)
{
    struct node *root = NULL;
    while (next_event(r) && r->event.type != YAML_STREAM_END_EVENT) {
        if (r->event.type != YAML_DOCUMENT_START_EVENT)
            continue;
        if (root) {
            PROBLEM(r->p, place_of(r, r->event.start_mark), several_documents);
            break;
        }
        if (next_event(r))
            root = read_node(r, 0);
    }
    return r->stopped ? NULL : root;
}

struct node *tree_read(sv text, sv file, const struct limits *l, arena *a, struct problems *p)
{
    struct reader r = {.text = text, .file = file, .max_depth = l->config_depth, .a = a, .p = p};
    if (!yaml_parser_initialize(&r.parser)) {
        a->failed = true;
        return NULL;
    }
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.p, text.n);
    struct node *root = read_document(&r);
    if (root == NULL && !r.stopped)
        PROBLEM(p, ((struct place){.file = file}), no_content);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return root;
}

const struct node *node_get(const struct node *map, sv key)
{
    for (const struct node *e = map->first; e; e = e->next)
        if (sv_eq(e->key, key))
            return e;
    return NULL;
}
