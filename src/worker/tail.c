#include "tail.h"

#include <string.h>

#include "base/utf16.h"

static const sv root_name = SV_INIT("feedback"), declaration = SV_INIT("<?xml ");

void tail_start(struct tail *t)
{
    *t = (struct tail){0};
}

void tail_pass(struct tail *t)
{
    t->at = 0;
    t->found = false;
    t->n_head = 0;
    t->n_root = t->n_decl = 0;
    t->passes++;
}

/* Octets as characters: of one octet each, or of two in one of their orders. Others than ASCII are 0. */
struct view {
    sv s;
    size_t step, low;
};

static char char_at(const struct view *v, size_t i)
{
    size_t at = i * v->step;
    if (at + v->step > v->s.n || (v->step == 2 && v->s.p[at + 1 - v->low] != '\0'))
        return '\0';
    return v->s.p[at + v->low];
}

static size_t find_char(const struct view *v, char c, size_t at)
{
    if (v->step == 1)
        return sv_find_char(v->s, c, at);
    for (; at * v->step < v->s.n; at++)
        if (char_at(v, at) == c)
            return at;
    return SIZE_MAX;
}

static bool is_root_name(const struct view *v, size_t at)
{
    for (size_t i = 0; i < root_name.n; i++)
        if (ascii_lower(char_at(v, at + i)) != root_name.p[i])
            return false;
    return true;
}

/* A start or end tag of a root somewhere from `at` on: where its '<' is, SIZE_MAX: none. */
static size_t find_tag(const struct view *v, size_t at, bool end)
{
    enum { PREFIX_MAX = 32 };
    for (; (at = find_char(v, '<', at)) != SIZE_MAX; at++) {
        size_t name = at + 1, colon = 0;
        if (end != (char_at(v, name) == '/'))
            continue;
        name += end;
        while (colon < PREFIX_MAX && char_at(v, name + colon) != ':')
            colon++;
        if (is_root_name(v, name) || (colon < PREFIX_MAX && is_root_name(v, name + colon + 1)))
            return at;
    }
    return SIZE_MAX;
}

static void keep(struct tail *t, sv piece)
{
    sv part = sv_first(piece, TAIL_HEAD - t->n_head);
    if (part.n == 0)
        return;
    memcpy(t->head + t->n_head, part.p, part.n);
    t->n_head += part.n;
}

/* The first octet of neither word stands in it twice: what does not go on begins anew or not at all. */
static size_t match(sv word, size_t n, char c)
{
    return word.p[n] == ascii_lower(c) ? n + 1 : word.p[0] == c;
}

static void find_declaration(struct tail *t, sv piece)
{
    for (size_t i = 0; i < piece.n && t->n_decl < declaration.n; i++) {
        if (t->n_root < root_name.n)
            t->n_root = match(root_name, t->n_root, piece.p[i]);
        else
            t->n_decl = match(declaration, t->n_decl, piece.p[i]);
        if (t->n_decl == declaration.n)
            t->declaration = t->at - piece.n + i + 1 - declaration.n;
    }
}

/* Most reports are read by one pass and never damaged. */
sv tail_piece(struct tail *t, sv piece)
{
    uint64_t skip = t->from > t->at ? t->from - t->at : 0;
    t->at += piece.n;
    piece = sv_skip(piece, skip < piece.n ? (size_t)skip : piece.n);
    keep(t, piece);
    if (t->passes > 1)
        find_declaration(t, piece);
    return piece;
}

/* The piece, which ends where t->at is, from its first whole character on. */
static struct view view_of(const struct tail *t, sv piece)
{
    size_t mark;
    enum utf16 form = utf16_of(sv_of(t->head, t->n_head), &mark);
    if (form == UTF16_NONE)
        return (struct view){piece, 1, 0};
    return (struct view){sv_skip(piece, (t->at - piece.n - t->from) % 2), 2, form == UTF16_BE};
}

void tail_found(struct tail *t, sv piece, bool already)
{
    const struct view v = view_of(t, piece);
    size_t end = 0;
    if (!already) {
        end = find_tag(&v, 0, true);
        end = end == SIZE_MAX ? end : find_char(&v, '>', end);
        if (end == SIZE_MAX) /* it was cut or misspelt: nobody knows where the rest begins */
            return;
        end++;
    }
    while (ascii_is_blank(char_at(&v, end)))
        end++;
    sv behind = sv_skip(v.s, end * v.step);
    t->found = true;
    t->behind = t->at - behind.n;
    t->n_head = 0;
    keep(t, behind);
}

void tail_found_at_end(struct tail *t)
{
    char all[TAIL_HEAD];
    if (t->at - t->from > TAIL_HEAD)
        return;
    memcpy(all, t->head, t->n_head);
    tail_found(t, sv_of(all, t->n_head), false);
}

bool tail_has_report(const struct tail *t)
{
    char text[TAIL_HEAD];
    size_t n = 0;
    for (size_t i = 0; i < t->n_head; i++)
        if (t->head[i] != '\0') /* of UTF-16, or a stray one */
            text[n++] = t->head[i];
    const struct view v = {sv_of(text, n), 1, 0};
    return t->found && t->behind > t->from && find_tag(&v, 0, false) != SIZE_MAX;
}

void tail_next(struct tail *t)
{
    t->from = t->behind;
    t->passes = 0;
}

bool tail_skip_to_declaration(struct tail *t)
{
    if (t->n_decl < declaration.n)
        return false;
    t->from = t->declaration;
    t->passes = 0;
    return true;
}
