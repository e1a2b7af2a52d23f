#include "incident.h"

void *growing_add(struct growing *g)
{
    if (g->n == g->room) {
        size_t room = g->room ? g->room * 2 : 16;
        void *more = arena_array(g->a, room, g->size);
        if (more == NULL)
            return NULL;
        if (g->n)
            memcpy(more, g->items, g->n * g->size);
        g->items = more;
        g->room = room;
    }
    return (char *)g->items + g->n++ * g->size;
}

bool incident_read(struct query *q, arena *a, struct incident *i)
{
    sv id = col_blob(q, 0);
    if (id.n != INCIDENT_ID)
        return false;
    memcpy(i->id, id.p, INCIDENT_ID);
    i->domain = arena_sv(a, col_text(q, 2));
    i->subject = arena_sv(a, col_text(q, 3));
    i->episode = (uint32_t)col_int(q, 6);
    i->first_day = col_int(q, 7);
    i->last_day = col_int(q, 8);
    i->opened = col_int(q, 9);
    i->told_at = col_int(q, 10);
    i->told_failed = (uint64_t)col_int(q, 12);
    i->told_let_through = (uint64_t)col_int(q, 13);
    i->before = arena_sv(a, col_text(q, 14));
    i->after = arena_sv(a, col_text(q, 15));
    i->repeats = (uint32_t)col_int(q, 16);
    i->due = col_int(q, 17);
    i->acked_at = col_int(q, 18);
    i->acked_by = arena_sv(a, col_text(q, 19));
    return rule_from_name(col_text(q, 1), &i->rule) && severity_from_name(col_text(q, 4), &i->severity) &&
           incident_state_from_name(col_text(q, 5), &i->state) &&
           severity_from_name(col_text(q, 11), &i->told_severity);
}
