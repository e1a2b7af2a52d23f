/* The notes of stored reports, counted a reporter. */
#include "model/notes.h"
#include "db.h"
#include "store/status.h"

/* The counts of one reporter. */
struct tally {
    sv reporter;
    bool any;
    uint64_t reports[NOTE_END];
    int64_t last[NOTE_END];
};

struct list {
    arena *arena;
    struct store_note *items;
    size_t n, room;
};

static struct store_note *list_add(struct list *l)
{
    struct store_note *more = arena_more(l->arena, l->items, l->n, &l->room, sizeof *more);
    if (more == NULL)
        return NULL;
    l->items = more;
    return &l->items[l->n++];
}

static void put_reporter(struct list *l, const struct tally *t)
{
    for (unsigned i = 0; t->any && i < NOTE_END; i++) {
        struct store_note *item = t->reports[i] ? list_add(l) : NULL;
        if (item)
            *item =
                (struct store_note){t->reporter, sv_c(note_code((enum note)i)), t->reports[i], t->last[i]};
    }
}

/* A code that this version does not have is passed over. */
static void count_notes(struct tally *t, sv notes, uint64_t reports, int64_t last)
{
    sv code;
    while (sv_split(&notes, ' ', &code))
        for (unsigned i = 0; i < NOTE_END; i++) {
            if (!sv_eq(code, sv_c(note_code((enum note)i))))
                continue;
            t->reports[i] += reports;
            t->last[i] = last > t->last[i] ? last : t->last[i];
        }
}

bool store_notes(struct store *s, arena *a, struct store_note **out, size_t *n, struct err *e)
{
    struct query q = query_start(s, SQL_status_notes);
    struct list list = {.arena = a};
    struct tally t = {.any = false};
    while (query_row(&q)) {
        sv reporter = col_text(&q, 0);
        if (!t.any || !sv_eq_nocase(t.reporter, reporter)) {
            put_reporter(&list, &t);
            t = (struct tally){.reporter = arena_sv(a, reporter), .any = true};
        }
        count_notes(&t, col_text(&q, 1), (uint64_t)col_int(&q, 2), col_int(&q, 3));
    }
    put_reporter(&list, &t);
    *out = list.items;
    *n = list.n;
    return query_end(&q, e) && (!a->failed || err_set(e, ERR_MEMORY, "out of memory"));
}
