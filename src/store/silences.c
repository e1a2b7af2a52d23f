#include "store/silences.h"

#include "db.h"
#include "incident.h"

/* "unknown_source policy_changed"; absent: any. */
static sv rules_text(arena *a, uint64_t rules)
{
    sv text = SV_ABSENT;
    for (unsigned i = 0; i < RULE_END; i++) {
        if (rules >> i & 1)
            text = arena_printf(a, "%.*s%s%s", SV_ARG(text), text.n ? " " : "", rule_name((enum rule_id)i));
    }
    return text;
}

/* A rule that this program does not know silences nothing. */
static uint64_t rules_of(sv text)
{
    uint64_t rules = 0;
    sv word;
    while (sv_split(&text, ' ', &word)) {
        enum rule_id id;
        if (rule_from_name(word, &id))
            rules |= UINT64_C(1) << id;
    }
    return rules;
}

bool store_silence_add(struct store *s, const struct silence_cfg *silence, int64_t *id, struct err *e)
{
    arena a CLEANUP(arena_free);
    arena_init(&a, KIB(64));
    bool found;
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_silence_put);
    bind_text(&q, rules_text(&a, silence->rules));
    bind_text(&q, silence->tenant);
    bind_text(&q, silence->domain);
    bind_text(&q, silence->subject);
    bind_int(&q, silence->starts);
    bind_int(&q, silence->ends);
    bind_text(&q, silence->author);
    bind_text(&q, silence->comment);
    if (!query_run_one(&q, e))
        return false;
    q = query_start(s, SQL_silence_last);
    return query_int(&q, id, &found, e) && tx_commit(s, e);
}

static bool read_silence(struct query *q, arena *a, struct silence_cfg *out)
{
    sv rules = col_text(q, 1);
    *out = (struct silence_cfg){.id = col_int(q, 0),
                                .rules = rules_of(rules),
                                .tenant = arena_sv(a, col_text(q, 2)),
                                .domain = arena_sv(a, col_text(q, 3)),
                                .subject = arena_sv(a, col_text(q, 4)),
                                .starts = col_int(q, 5),
                                .ends = col_int(q, 6),
                                .author = arena_sv(a, col_text(q, 7)),
                                .comment = arena_sv(a, col_text(q, 8))};
    return rules.n == 0 || out->rules != 0;
}

bool store_silences(struct store *s, int64_t from, arena *a, struct silence_cfg **out, size_t *n,
                    struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(struct silence_cfg)};
    struct query q = query_start(s, SQL_silence_list);
    bind_int(&q, from);
    for (struct silence_cfg *one; query_row(&q) && (one = growing_add(&list));)
        list.n -= !read_silence(&q, a, one);
    *out = list.items;
    *n = list.n;
    return query_end(&q, e) &&
           (!a->failed || err_set(e, ERR_MEMORY, "%s: out of memory over silences", s->path));
}

bool store_silence_expire(struct store *s, int64_t id, int64_t now, bool *known, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_silence_expire);
    bind_int(&q, id);
    bind_int(&q, now);
    if (!query_run(&q, e))
        return false;
    *known = sqlite3_changes(s->db) == 1;
    q = query_start(s, SQL_incident_recall); /* what was to wait for its end is looked at in the next run */
    bind_int(&q, now);
    return query_run(&q, e) && tx_commit(s, e);
}

bool store_incidents(struct store *s, bool all, arena *a, struct incident **out, size_t *n, struct err *e)
{
    struct growing list = {.a = a, .size = sizeof(struct incident)};
    bool ok = true;
    struct query q = query_start(s, SQL_incident_all);
    bind_int(&q, all);
    while (ok && query_row(&q)) {
        struct incident *i = growing_add(&list);
        ok = i && incident_read(&q, a, i);
    }
    *out = list.items;
    *n = list.n;
    if (!query_end(&q, e))
        return false;
    if (a->failed)
        return err_set(e, ERR_MEMORY, "%s: out of memory over incidents", s->path);
    return ok || err_set(e, ERR_DAMAGED, "%s: the database is damaged: an incident", s->path);
}

bool store_ack(struct store *s, const uint8_t id[INCIDENT_ID], int64_t now, sv by, bool *known, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_incident_ack);
    bind_blob(&q, id, INCIDENT_ID);
    bind_int(&q, now);
    bind_text(&q, by);
    if (!query_run(&q, e))
        return false;
    *known = sqlite3_changes(s->db) == 1;
    return tx_commit(s, e);
}

bool store_outbox_waiting(struct store *s, int64_t after, arena *a, struct store_delivery *out, bool *found,
                          struct err *e)
{
    struct query q = query_start(s, SQL_outbox_waiting);
    bind_int(&q, after);
    *found = query_row(&q);
    if (*found)
        *out = (struct store_delivery){.id = col_int(&q, 0), .frozen = arena_sv(a, col_blob(&q, 1))};
    return query_end(&q, e) &&
           (!a->failed || err_set(e, ERR_MEMORY, "%s: out of memory over a notice", s->path));
}

enum { TENFOLD = 10 }; /* by which what is told as such has grown at least */

/* What an item that was not told would have been the first to say, or else by how much more. */
static bool untell_one(struct store *s, const struct store_unsent *u, const uint8_t id[INCIDENT_ID],
                       enum news news, struct err *e)
{
    bool begins = news == NEWS_first || news == NEWS_again;
    struct query q = query_start(s, SQL_told_drop);
    bind_blob(&q, id, INCIDENT_ID);
    bind_int(&q, u->id);
    if (begins && !query_run(&q, e))
        return false;
    q = query_start(s, begins ? SQL_incident_untell : SQL_incident_untell_rise);
    bind_blob(&q, id, INCIDENT_ID);
    bind_int(&q, begins ? news == NEWS_again : news == NEWS_worse);
    if (!begins) {
        bind_int(&q, news == NEWS_tenfold ? TENFOLD : 1);
        bind_int(&q, u->id);
    }
    if (!query_run(&q, e))
        return false;
    q = query_start(s, SQL_incident_look);
    bind_blob(&q, id, INCIDENT_ID);
    bind_int(&q, u->until);
    return query_run(&q, e);
}

/* Of an item about many domains, the incident of this one. */
static bool untell_line(struct store *s, const struct store_unsent *u, const struct notice_item *item,
                        size_t line, struct err *e)
{
    uint8_t id[INCIDENT_ID];
    struct query q = query_start(s, SQL_incident_find);
    bind_text(&q, sv_c(rule_name(item->rule)));
    bind_text(&q, notice_line_subject(item, line));
    bind_text(&q, item->lines[line].name);
    bool found = query_row(&q) && col_blob(&q, 0).n == INCIDENT_ID;
    if (found)
        memcpy(id, col_blob(&q, 0).p, INCIDENT_ID);
    return query_end(&q, e) && (!found || untell_one(s, u, id, item->news, e));
}

static bool untell(struct store *s, const struct store_unsent *u, struct err *e)
{
    for (size_t i = 0; i < u->notice->n_items; i++) {
        const struct notice_item *item = &u->notice->items[i];
        if (news_is_end(item->news))
            continue;
        if (item->n_lines == 0 && !untell_one(s, u, item->incident, item->news, e))
            return false;
        for (size_t k = 0; k < item->n_lines; k++)
            if (!untell_line(s, u, item, k, e))
                return false;
    }
    return true;
}

bool store_outbox_silenced(struct store *s, const struct store_unsent *u, struct err *e)
{
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_outbox_finish);
    bind_int(&q, u->id);
    bind_text(&q, SV("silenced"));
    bind_int(&q, u->now);
    bind_text(&q, SV_ABSENT);
    return query_run(&q, e) && untell(s, u, e) && tx_commit(s, e);
}
