#include "tail.h"

#include <string.h>

static const sv root_name = SV_INIT("feedback");

void tail_start(struct tail *t)
{
    *t = (struct tail){0};
}

void tail_pass(struct tail *t)
{
    t->at = 0;
    t->found = false;
    t->n_head = 0;
}

/* A start or end tag of a root somewhere from `at` on: where its '<' is, SIZE_MAX: none. */
static size_t find_tag(sv s, size_t at, bool end)
{
    for (; (at = sv_find_char(s, '<', at)) != SIZE_MAX; at++) {
        sv name = sv_skip(s, at + 1);
        if (end != sv_starts(name, SV("/")))
            continue;
        name = sv_skip(name, end ? 1 : 0);
        size_t colon = sv_find_char(sv_first(name, 32), ':', 0);
        if (sv_starts_nocase(name, root_name) ||
            (colon != SIZE_MAX && sv_starts_nocase(sv_skip(name, colon + 1), root_name)))
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

sv tail_piece(struct tail *t, sv piece)
{
    uint64_t skip = t->from > t->at ? t->from - t->at : 0;
    t->at += piece.n;
    piece = sv_skip(piece, skip < piece.n ? (size_t)skip : piece.n);
    keep(t, piece);
    return piece;
}

void tail_found(struct tail *t, sv piece, bool already)
{
    size_t end = 0;
    if (!already) {
        end = find_tag(piece, 0, true);
        end = end == SIZE_MAX ? end : sv_find_char(piece, '>', end);
        if (end == SIZE_MAX) /* it was cut or misspelt: nobody knows where the rest begins */
            return;
        end++;
    }
    while (end < piece.n && ascii_is_blank(piece.p[end]))
        end++;
    t->found = true;
    t->behind = t->at - piece.n + end;
    t->n_head = 0;
    keep(t, sv_skip(piece, end));
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
    return t->found && t->behind > t->from && find_tag(sv_of(t->head, t->n_head), 0, false) != SIZE_MAX;
}

void tail_next(struct tail *t)
{
    t->from = t->behind;
}
