#include "build.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "fill.h"
#include "value.h"

/* The buffer of a leaf holds a character more than its limit, so that the cut finds its border. */
enum { TEXT_MORE = 4 };

/* Texts of one record or one head: every leaf at its limit, each list full, and the lists themselves. */
static size_t arena_cap(const struct limits *l)
{
    uint64_t leaves = 16 + l->report_errors + l->row_reasons * 2 + l->row_auths * 2 * 4;
    return (size_t)(leaves * (l->xml_leaf + 256));
}

bool build_init(struct builder *b, const struct limits *limits, struct aggregate_sink sink)
{
    *b = (struct builder){.sink = sink};
    arena_init(&b->head, arena_cap(limits));
    arena_init(&b->row, arena_cap(limits));
    b->text_max = (size_t)limits->xml_leaf + TEXT_MORE;
    b->text = malloc(b->text_max);
    return names_init(&b->unknown, (size_t)limits->xml_unknown) && b->text != NULL;
}

void build_free(struct builder *b)
{
    arena_free(&b->head);
    arena_free(&b->row);
    free(b->text);
    names_free(&b->unknown);
}

static void text_reset(struct builder *b)
{
    b->n_text = 0;
    b->text_full = false;
}

void build_start(struct builder *b, struct reading *rd)
{
    arena_reset(&b->head);
    arena_reset(&b->row);
    names_clear(&b->unknown);
    b->rd = rd;
    b->report = (struct report){0};
    b->seen = b->seen_empty = 0;
    b->in_wrapper = b->root_seen = false;
    b->n_around = 0;
    b->depth = 0;
    b->depth_max = rd->limits->xml_depth < BUILD_DEPTH ? (size_t)rd->limits->xml_depth : BUILD_DEPTH;
    b->leaf_depth = 0;
    text_reset(b);
    b->root_namespace = NULL;
    b->shared_from = SV_ABSENT;
    b->from_differs = b->metadata_out_of_order = false;
}

void build_forget_names(struct builder *b)
{
    field_forget(&b->memo);
}

static enum place place_now(const struct builder *b)
{
    return b->depth ? b->stack[b->depth - 1].place : PLACE_NOWHERE;
}

/* Text among the elements of a reason or result. */
static void note_stray(struct builder *b)
{
    if (b->n_text)
        reading_note(b->rd, NOTE_stray_text);
}

static bool is_root_namespace(const struct builder *b, const char *uri)
{
    return uri == b->root_namespace || (b->root_namespace && strcmp(uri, b->root_namespace) == 0);
}

static const char root_is[] = "the root element is <%.60s>";

static void refuse_root(struct builder *b)
{
    reading_refuse(b->rd, REJECT_not_feedback, root_is, b->first_around);
}

void build_other_name(struct builder *b, const char *name)
{
    if (names_add(&b->unknown, name))
        return;
    if (b->n_around && !b->root_seen)
        refuse_root(b);
    else
        reading_refuse(b->rd, REJECT_too_many_unknown, "more than %llu different names that no report has",
                       (unsigned long long)b->rd->limits->xml_unknown);
}

static enum place unknown_element(struct builder *b, const char *local)
{
    build_other_name(b, local);
    return PLACE_UNKNOWN;
}

/* An element before the root or around it: the "xs:schema" that one reporter puts there, "<reports>". */
static enum place around_root(struct builder *b, const char *local)
{
    if (b->n_around++ == 0)
        (void)snprintf(b->first_around, sizeof b->first_around, "%s", local);
    if (b->n_around > b->rd->limits->xml_around)
        refuse_root(b);
    build_other_name(b, local);
    reading_note(b->rd, sv_eq_nocase(sv_c(local), SV("schema")) ? NOTE_schema_ignored : NOTE_wrapper_ignored);
    return PLACE_NOWHERE;
}

/* Outside of the root: the root itself, or something around it. */
static enum place root_element(struct builder *b, const char *uri, const char *local)
{
    enum field_match how;
    if (field_find(PLACE_NOWHERE, sv_c(local), &how) == NULL || how == MATCH_MARKS)
        return around_root(b, local);
    if (how == MATCH_CASE)
        reading_note(b->rd, NOTE_name_case);
    b->root_seen = true;
    b->root_namespace = uri;
    if (uri && strcmp(uri, RFC9990_NAMESPACE) == 0)
        b->report.dialect = DIALECT_RFC9990;
    return PLACE_FEEDBACK;
}

/* One more reason or result of the record at hand; PLACE_UNKNOWN when there are too many. */
static enum place list_item(struct builder *b, enum place place)
{
    struct record *r = &b->record;
    const struct limits *l = b->rd->limits;
    void *added;
    if (place == PLACE_REASON ? r->n_reasons >= l->row_reasons
                              : (place == PLACE_DKIM ? r->n_dkims : r->n_spfs) >= l->row_auths) {
        reading_note(b->rd, place == PLACE_REASON ? NOTE_list_cut : NOTE_auth_results_cut);
        return PLACE_UNKNOWN;
    }
    if (place == PLACE_REASON)
        added = fill_list_add(&b->row, (void **)&r->reasons, &r->n_reasons, sizeof *r->reasons);
    else if (place == PLACE_DKIM)
        added = fill_list_add(&b->row, (void **)&r->dkims, &r->n_dkims, sizeof *r->dkims);
    else
        added = fill_list_add(&b->row, (void **)&r->spfs, &r->n_spfs, sizeof *r->spfs);
    return added ? place : PLACE_UNKNOWN;
}

static void record_start(struct builder *b)
{
    const uint32_t of_record =
        1U << PLACE_ROW | 1U << PLACE_EVALUATED | 1U << PLACE_IDENTIFIERS | 1U << PLACE_AUTH_RESULTS;
    arena_reset(&b->row);
    b->record = (struct record){0};
    b->has_ip = b->has_count = false;
    b->in_wrapper = place_now(b) == PLACE_WRAPPER;
    b->seen &= ~of_record;
    b->seen_empty &= ~of_record;
}

static enum place enter(struct builder *b, const struct field *f)
{
    if (f->flags & FIELD_RFC9990)
        b->report.dialect = DIALECT_RFC9990;
    if (f->flags & FIELD_ONCE) {
        if ((b->seen | b->seen_empty) >> f->opens & 1)
            reading_note(b->rd, NOTE_element_repeated);
        if (b->seen >> f->opens & 1)
            return PLACE_UNKNOWN;
    }
    b->seen |= 1U << f->opens;
    if (f->opens == PLACE_RECORD)
        record_start(b);
    if (f->opens == PLACE_REASON || f->opens == PLACE_DKIM || f->opens == PLACE_SPF)
        return list_item(b, f->opens);
    return f->opens;
}

/* Whether the schema has the element before one that stands before it. Of most places any order will do. */
static void check_order(struct builder *b, const struct field *f, enum place parent)
{
    struct open_element *around = &b->stack[b->depth - 1];
    if (f >= around->last) {
        around->last = f;
        return;
    }
    if (parent == PLACE_METADATA)
        b->metadata_out_of_order = true;
    else if (parent == PLACE_FEEDBACK || parent == PLACE_RECORD || parent == PLACE_EVALUATED ||
             parent == PLACE_AUTH_RESULTS)
        b->report.out_of_order = true;
}

static enum place known_parent(struct builder *b, enum place parent, const char *local,
                               const struct field **f)
{
    enum field_match how;
    *f = field_recall(&b->memo, parent, local, &how);
    if (*f == NULL) {
        reading_note(b->rd, NOTE_unknown_elements);
        (void)unknown_element(b, local);
        return parent == PLACE_FEEDBACK || parent == PLACE_WRAPPER ? PLACE_WRAPPER : PLACE_UNKNOWN;
    }
    if (how == MATCH_CASE)
        reading_note(b->rd, NOTE_name_case);
    if (((*f)->flags & FIELD_ELSEWHERE) == 0)
        check_order(b, *f, parent);
    if ((*f)->opens == PLACE_LEAF && (*f)->flags == 0 && how != MATCH_MARKS)
        return PLACE_LEAF;
    if (how == MATCH_MARKS || ((*f)->flags & FIELD_ALIAS))
        reading_note(b->rd, NOTE_name_alias);
    if ((*f)->flags & FIELD_ELSEWHERE)
        reading_note(b->rd, NOTE_element_misplaced);
    if (parent == PLACE_WRAPPER)
        reading_note(b->rd, NOTE_wrapper_ignored);
    return enter(b, *f);
}

static enum place child_element(struct builder *b, const char *uri, const char *local, const struct field **f)
{
    enum place parent = place_now(b);
    bool inside_ignored = parent >= PLACE_EXTENSION;
    if (uri && !is_root_namespace(b, uri)) {
        if (!inside_ignored)
            reading_note(b->rd, NOTE_foreign_elements);
        (void)unknown_element(b, local);
        return PLACE_FOREIGN;
    }
    if (inside_ignored) {
        (void)unknown_element(b, local);
        return parent;
    }
    return known_parent(b, parent, local, f);
}

void build_element(struct builder *b, const char *uri, const char *prefix, const char *local)
{
    const struct field *f = NULL;
    if (!reading_goes_on(b->rd))
        return;
    if (b->depth >= b->depth_max) {
        if (!b->root_seen && b->n_around)
            refuse_root(b);
        reading_refuse(b->rd, REJECT_too_deep, "more than %zu elements inside each other", b->depth);
        return;
    }
    if (uri == NULL && prefix != NULL)
        reading_note(b->rd, NOTE_prefix_undeclared);
    enum place parent = place_now(b);
    if (b->depth)
        b->stack[b->depth - 1].has_children = true;
    enum place place =
        parent == PLACE_NOWHERE ? root_element(b, uri, local) : child_element(b, uri, local, &f);
    b->stack[b->depth++] = (struct open_element){.place = place, .field = f};
    if (place == PLACE_LEAF)
        b->leaf_depth = b->depth;
    if (b->leaf_depth == 0 || place == PLACE_LEAF) {
        note_stray(b);
        text_reset(b);
    }
}

static size_t leading_blanks(sv s)
{
    size_t i = 0;
    while (i < s.n && ascii_is_blank(s.p[i]))
        i++;
    return i;
}

/* XML has no octets up to 0x20 in its text but blanks. */
static bool are_blank(const char *eight)
{
    uint64_t w;
    memcpy(&w, eight, sizeof w);
    return ((w | (w + 0x5F5F5F5F5F5F5F5FU)) & 0x8080808080808080U) == 0;
}

/* Half of a report may be indentation: it is looked at in words, the last of which may overlap. */
static bool is_blank(sv s)
{
    if (s.n < sizeof(uint64_t))
        return leading_blanks(s) == s.n;
    for (size_t i = 0; i + sizeof(uint64_t) < s.n; i += sizeof(uint64_t))
        if (!are_blank(s.p + i))
            return false;
    return are_blank(s.p + s.n - sizeof(uint64_t));
}

/* Blanks before a value are no part of it and use up none of its room. */
static void text_add(struct builder *b, sv text)
{
    if (b->n_text == 0) {
        if (is_blank(text))
            return;
        size_t blanks = leading_blanks(text);
        text = sv_of(text.p + blanks, text.n - blanks);
    }
    size_t room = b->text_max - b->n_text;
    if (b->text_full || text.n > room) {
        if (!is_blank(b->text_full ? text : sv_skip(text, room)))
            reading_note(b->rd, NOTE_text_cut);
        text = b->text_full ? SV_ABSENT : sv_first(text, room);
        b->text_full = true;
    }
    if (text.n)
        memcpy(b->text + b->n_text, text.p, text.n);
    b->n_text += text.n;
}

void build_text(struct builder *b, sv text)
{
    if (!reading_goes_on(b->rd))
        return;
    enum place place = place_now(b);
    if (place == PLACE_FOREIGN)
        return;
    if (b->leaf_depth || place == PLACE_REASON || place == PLACE_DKIM || place == PLACE_SPF)
        text_add(b, text);
    else if (place != PLACE_UNKNOWN && place != PLACE_WRAPPER && place != PLACE_EXTENSION && !is_blank(text))
        reading_note(b->rd, NOTE_stray_text);
}

/* No blank, and none that begins or ends beyond ASCII. */
static bool is_visible(char c)
{
    return (unsigned char)c > ' ' && (unsigned char)c < 0x80;
}

/* The text at hand, at most the limit of a leaf. */
static sv text_now(const struct builder *b)
{
    sv text = sv_of(b->text, b->n_text);
    if (text.n == 0 || !is_visible(text.p[0]) || !is_visible(text.p[text.n - 1]))
        text = value_trim(text, &b->rd->notes);
    if (text.n > b->rd->limits->xml_leaf)
        reading_note(b->rd, NOTE_text_cut);
    return utf8_cut(text, (size_t)b->rd->limits->xml_leaf);
}

/* Of a reason or result, which should have elements instead. */
static sv own_text(struct builder *b, bool has_children)
{
    sv text = has_children ? SV_ABSENT : text_now(b);
    if (has_children)
        note_stray(b);
    text_reset(b);
    return text;
}

/* "<reason>sampled_out</reason>" of rspamd: the text is the type. */
static void reason_end(struct builder *b, bool has_children)
{
    struct record *r = &b->record;
    struct reason *last = &r->reasons[r->n_reasons - 1];
    enum field_match how;
    sv text = own_text(b, has_children);
    if (text.n) {
        reading_note(b->rd, NOTE_reason_form);
        fill_field(b, field_find(PLACE_REASON, SV("type"), &how), text);
    } else if (last->type.v == REASON_ABSENT && last->comment.n == 0) {
        reading_note(b->rd, NOTE_reason_form);
        r->n_reasons--;
    }
}

/* An empty result is none; a text instead of elements is the result. */
static void result_end(struct builder *b, enum place place, bool has_children)
{
    struct record *r = &b->record;
    enum field_match how;
    bool empty;
    sv text = own_text(b, has_children);
    if (text.n) {
        reading_note(b->rd, NOTE_result_form);
        fill_field(b, field_find(place, SV("result"), &how), text);
        return;
    }
    if (place == PLACE_DKIM) {
        const struct dkim_auth *d = &r->dkims[r->n_dkims - 1];
        empty = d->domain.n + d->selector.n + d->human_result.n == 0 && d->result.v == DKIM_ABSENT;
        r->n_dkims -= empty;
    } else {
        const struct spf_auth *s = &r->spfs[r->n_spfs - 1];
        empty = s->domain.n + s->human_result.n == 0 && s->result.v == SPF_ABSENT;
        r->n_spfs -= empty;
    }
    if (empty)
        reading_note(b->rd, NOTE_result_empty);
}

static void leave(struct builder *b, const struct open_element *e)
{
    switch (e->place) {
    case PLACE_LEAF:
        b->leaf_depth = 0;
        fill_field(b, e->field, text_now(b));
        text_reset(b);
        break;
    case PLACE_REASON:
        reason_end(b, e->has_children);
        break;
    case PLACE_DKIM:
    case PLACE_SPF:
        result_end(b, e->place, e->has_children);
        break;
    case PLACE_RECORD:
        fill_record_end(b);
        break;
    case PLACE_FEEDBACK:
        b->rd->complete = true;
        break;
    case PLACE_NOWHERE:
    case PLACE_METADATA:
    case PLACE_DATE_RANGE:
    case PLACE_POLICY:
    case PLACE_EXTENSION:
    case PLACE_ROW:
    case PLACE_EVALUATED:
    case PLACE_IDENTIFIERS:
    case PLACE_AUTH_RESULTS:
    case PLACE_WRAPPER:
    case PLACE_UNKNOWN:
    case PLACE_FOREIGN:
        break;
    }
}

/* A container without any value does not count: the real one may follow. */
static void pass_value_on(struct builder *b, const struct open_element *e)
{
    if (e->has_value && b->depth)
        b->stack[b->depth - 1].has_value = true;
    if (e->has_value || e->field == NULL || (e->field->flags & FIELD_ONCE) == 0 ||
        e->place != e->field->opens)
        return;
    b->seen &= ~(1U << e->place);
    b->seen_empty |= 1U << e->place;
}

void build_end(struct builder *b)
{
    if (!reading_goes_on(b->rd) || b->depth == 0)
        return;
    struct open_element e = b->stack[--b->depth];
    if (e.place == PLACE_LEAF || e.place == PLACE_REASON)
        e.has_value = e.has_value || b->n_text > 0;
    leave(b, &e);
    pass_value_on(b, &e);
    /* Another root may follow: "<xs:schema/><feedback>". The repairs find it. */
    if (b->depth == 0 && !b->root_seen)
        reading_fail(b->rd, REJECT_not_feedback, root_is, b->first_around);
}
