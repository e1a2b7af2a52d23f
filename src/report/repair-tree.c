#include "repair-tree.h"

#include "base/nearest.h"

enum { MADE_FLUSH = 8192, HELD_MAX = 8192 };

sv tree_local(sv name)
{
    size_t colon = SIZE_MAX;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == ':')
            colon = i;
    return colon == SIZE_MAX ? name : sv_skip(name, colon + 1);
}

void tree_flush(struct repairer *r)
{
    outlet_put(&r->out, buf_view(&r->made));
    buf_reset(&r->made);
}

void tree_emit(struct repairer *r, sv out)
{
    buf_sv(&r->made, out);
    if (r->made.n >= MADE_FLUSH)
        tree_flush(r);
}

static void emit_start(struct repairer *r, sv name)
{
    tree_emit(r, SV("<"));
    tree_emit(r, name);
    tree_emit(r, buf_view(&r->kept));
    tree_emit(r, SV(">"));
}

void tree_release(struct repairer *r)
{
    if (!r->holding)
        return;
    r->holding = false;
    emit_start(r, tree_name(tree_top(r)));
    tree_emit(r, buf_view(&r->held));
    buf_reset(&r->held);
}

void tree_text(struct repairer *r, sv xml)
{
    if (!r->holding) {
        if (r->closed.n && sv_trim(xml).n)
            r->closed.n = 0;
        tree_emit(r, xml);
        return;
    }
    buf_sv(&r->held, xml);
    if (r->held.n > HELD_MAX)
        tree_release(r);
}

sv tree_last(const struct repairer *r)
{
    return buf_view(r->holding ? &r->held : &r->made);
}

/* Where the element at `depth` stands: the place around it. */
static enum place place_around(const struct repairer *r, size_t depth)
{
    return depth >= 2 ? r->stack[depth - 2].place : PLACE_NOWHERE;
}

static const struct field *find(enum place in, sv name)
{
    enum field_match how;
    return field_find(in, tree_local(name), &how);
}

/* An end tag of that name can only mean the element at `depth`. */
static bool is_its_name(const struct repairer *r, size_t depth, sv name)
{
    if (depth == 0)
        return false;
    sv own = tree_name(&r->stack[depth - 1]);
    const struct field *f = find(place_around(r, depth), own);
    return sv_eq_nocase(tree_local(own), tree_local(name)) || (f && f == find(place_around(r, depth), name));
}

static bool is_open(const struct repairer *r, sv name)
{
    for (size_t depth = r->depth; depth > 0; depth--)
        if (is_its_name(r, depth, name))
            return true;
    return false;
}

static void drop_end(buf *b, sv tail)
{
    if (sv_ends_nocase(buf_view(b), tail))
        b->n -= tail.n;
}

static void drop_blanks(buf *b)
{
    while (b->n && ascii_is_blank(b->p[b->n - 1]))
        b->n--;
}

/* "123/report_id>" (KDDI in 2025): the end tag has lost its '<', or has a backslash. The held text then ends
 * with it. Without a '<' nobody knows where a number, word or name ended; in the free texts of
 * report_metadata it does no harm. */
static bool strip_end_tail(struct repairer *r)
{
    sv name = tree_name(tree_top(r));
    const struct field *f = find(place_around(r, r->depth), name);
    size_t whole = r->held.n;
    drop_blanks(&r->held);
    drop_end(&r->held, SV("&gt;"));
    drop_blanks(&r->held);
    sv text = buf_view(&r->held);
    bool found = text.n > name.n && sv_ends_nocase(text, name) &&
                 (text.p[text.n - name.n - 1] == '/' || text.p[text.n - name.n - 1] == '\\');
    if (found) {
        r->held.n -= name.n + 1;
        drop_blanks(&r->held);
        found =
            sv_ends(buf_view(&r->held), SV("&lt;")) || (f && f->in == PLACE_METADATA && f->fill == FILL_TEXT);
    }
    if (!found) {
        r->held.n = whole;
        return false;
    }
    drop_end(&r->held, SV("&lt;"));
    reading_note(r->rd, NOTE_end_tag_repaired);
    return true;
}

enum start_meaning tree_start_meaning(struct repairer *r, sv name, bool bare)
{
    if (!r->holding)
        return tree_in_value(r) && !field_is_known_name(tree_local(name)) ? START_TEXT : START_ELEMENT;
    if (find(place_around(r, r->depth), name) && strip_end_tail(r)) {
        tree_close(r);
        return START_ELEMENT;
    }
    if (bare && is_its_name(r, r->depth, name) && sv_trim(buf_view(&r->held)).n) {
        drop_end(&r->held, SV("&lt;")); /* "<<begin>" */
        return START_END;
    }
    return tree_in_value(r) && !field_is_known_name(tree_local(name)) ? START_TEXT : START_ELEMENT;
}

bool tree_is_container(struct repairer *r, sv name)
{
    const struct field *f = find(r->depth ? tree_top(r)->place : PLACE_NOWHERE, name);
    return f && f->opens != PLACE_LEAF;
}

void tree_open(struct repairer *r, bool self_closing)
{
    if (r->depth == REPAIR_DEPTH) {
        reading_refuse(r->rd, REJECT_too_deep, "more than %d elements inside each other", REPAIR_DEPTH);
        return;
    }
    sv name = tree_name(&r->tag);
    enum place in = r->depth ? tree_top(r)->place : PLACE_NOWHERE;
    const struct field *f = find(in, name);
    bool wrapper = in == PLACE_FEEDBACK || in == PLACE_WRAPPER;
    r->tag.place = f ? f->opens : wrapper ? PLACE_WRAPPER : PLACE_UNKNOWN;
    r->stack[r->depth++] = r->tag;
    r->closed.n = 0;
    r->text_n = 0;
    r->in_root = true;
    r->holding = f == NULL || f->opens == PLACE_LEAF;
    buf_reset(&r->held);
    if (!r->holding)
        emit_start(r, name);
    if (self_closing)
        tree_close(r);
}

void tree_close(struct repairer *r)
{
    tree_release(r);
    tree_emit(r, SV("</"));
    tree_emit(r, tree_name(tree_top(r)));
    tree_emit(r, SV(">"));
    r->closed = *tree_top(r);
    r->text_n = 0;
    r->depth--;
    if (r->depth == 0)
        tree_flush(r);
}

/* As it is: when it does not fit, the parser says so. */
static bool pass_end(struct repairer *r, sv name)
{
    r->text_n = 0;
    tree_release(r);
    tree_emit(r, SV("</"));
    tree_emit(r, name);
    tree_emit(r, SV(">"));
    return true;
}

/* "<b>" was read as text in this value: then "</b>" is text too. */
static bool text_began(const struct repairer *r, sv name)
{
    sv text = buf_view(&r->held);
    for (size_t at = 0; (at = sv_find(text, SV("&lt;"), at)) != SIZE_MAX; at++)
        if (sv_starts(sv_skip(text, at + 4), name))
            return true;
    return false;
}

/* The start tag was meant to have that name too: it is a value, differs little, and lost no '>'. */
static bool start_is_misspelt(struct repairer *r, const struct field *f, sv name)
{
    struct nearest near;
    nearest_start(&near, tree_name(tree_top(r)));
    nearest_offer(&near, name);
    return f->opens == PLACE_LEAF && name.n < REPAIR_NAME && nearest_best(&near).n &&
           sv_find(buf_view(&r->held), SV("&gt;"), 0) == SIZE_MAX;
}

/* An end tag of another name behind a value. Exactly one of the two names is the right one, or neither is
 * known; two known names would be a guess. */
static bool end_value(struct repairer *r, sv name)
{
    struct repair_open *top = tree_top(r);
    const struct field *other = find(place_around(r, r->depth), name);
    bool known = top->place != PLACE_UNKNOWN && top->place != PLACE_WRAPPER;
    if (text_began(r, name))
        return false;
    if (other && (known || !start_is_misspelt(r, other, name)))
        return pass_end(r, name);
    if (other) {
        memcpy(top->name, name.p, name.n);
        top->n = name.n;
        top->place = PLACE_LEAF;
    }
    reading_note(r->rd, other ? NOTE_start_tag_repaired : NOTE_end_tag_repaired);
    tree_close(r);
    return true;
}

/* "</count>" behind "<count>3</count>": once more than it should be. */
static bool is_end_again(const struct repairer *r, sv name)
{
    return r->closed.n && r->closed.place == PLACE_LEAF && !is_open(r, name) &&
           sv_eq_nocase(tree_local(tree_name(&r->closed)), tree_local(name));
}

bool tree_is_own_name(struct repairer *r, sv name)
{
    return is_its_name(r, r->depth, name);
}

bool tree_end(struct repairer *r, sv name)
{
    if (is_end_again(r, name)) {
        reading_note(r->rd, NOTE_end_tag_repaired);
        return true;
    }
    if (is_its_name(r, r->depth, name)) {
        if (!sv_eq(tree_name(tree_top(r)), name))
            reading_note(r->rd, NOTE_end_tag_repaired);
        tree_close(r);
        return true;
    }
    if (r->holding && is_its_name(r, r->depth - 1, name) && strip_end_tail(r)) {
        tree_close(r);
        return tree_end(r, name);
    }
    if (!r->holding || is_open(r, name))
        return pass_end(r, name);
    return end_value(r, name);
}
