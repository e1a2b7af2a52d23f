#include "delivery.h"

#include "evidence.h"
#include "store/facts.h"

static void put_field(buf *out, const struct auth_field *f)
{
    octets_number(out, f->source);
    octets_text(out, f->id, false);
    octets_number(out, f->hop);
    octets_number(out, f->n_statements);
    for (size_t i = 0; i < f->n_statements; i++) {
        octets_text(out, sv_c(auth_method_name(f->statements[i].method)), false);
        octets_text(out, sv_c(auth_result_name(f->statements[i].result)), false);
        octets_text(out, f->statements[i].domain, false);
        octets_text(out, f->statements[i].helo, false);
    }
}

void delivery_write_auth(buf *out, const struct mail_auth *m)
{
    octets_number(out, m->more);
    octets_number(out, m->n_received);
    for (size_t i = 0; i < m->n_received; i++)
        octets_text(out, m->received_by[i], false);
    octets_number(out, m->n_fields);
    for (size_t i = 0; i < m->n_fields; i++)
        put_field(out, &m->fields[i]);
}

struct source {
    sv rest;
    arena *a;
    bool failed;
};

static uint64_t get_number(struct source *from)
{
    uint64_t v = 0;
    from->failed = from->failed || !octets_take_number(&from->rest, &v);
    return v;
}

static sv get_text(struct source *from)
{
    uint64_t n = get_number(from);
    if (n == 0 || from->failed)
        return SV_ABSENT;
    sv text = sv_first(from->rest, (size_t)--n);
    from->failed = text.n < n;
    from->rest = sv_skip(from->rest, text.n);
    return arena_sv(from->a, text);
}

/* Each item takes at least an octet, so that no number is believed. */
static void *get_array(struct source *from, size_t size, size_t *n)
{
    uint64_t count = get_number(from);
    from->failed = from->failed || count > from->rest.n;
    void *items = from->failed ? NULL : arena_array(from->a, (size_t)count, size);
    from->failed = items == NULL;
    *n = items ? (size_t)count : 0;
    return items;
}

static void get_statement(struct source *from, struct auth_statement *s)
{
    from->failed = !auth_method_from_name(get_text(from), &s->method) || from->failed;
    s->result = auth_result_from_name(get_text(from));
    s->domain = get_text(from);
    s->helo = get_text(from);
}

static void get_field(struct source *from, struct auth_field *f)
{
    uint64_t source = get_number(from);
    from->failed = from->failed || source >= AUTH_SOURCE_END;
    f->source = from->failed ? AUTH_SOURCE_results : (enum auth_source)source;
    f->id = get_text(from);
    f->hop = (uint32_t)get_number(from);
    f->statements = get_array(from, sizeof *f->statements, &f->n_statements);
    for (size_t i = 0; i < f->n_statements && !from->failed; i++)
        get_statement(from, &f->statements[i]);
}

bool delivery_read_auth(sv octets, arena *a, struct mail_auth *m)
{
    struct source from = {.rest = octets, .a = a};
    *m = (struct mail_auth){.more = get_number(&from) != 0};
    m->received_by = get_array(&from, sizeof *m->received_by, &m->n_received);
    for (size_t i = 0; i < m->n_received && !from.failed; i++)
        m->received_by[i] = get_text(&from);
    m->fields = get_array(&from, sizeof *m->fields, &m->n_fields);
    for (size_t i = 0; i < m->n_fields && !from.failed; i++)
        get_field(&from, &m->fields[i]);
    return !from.failed && from.rest.n == 0 && !a->failed;
}

void store_ask_trust(struct store *s, store_trust_fn *fn, void *ctx)
{
    s->trust = fn;
    s->trust_ctx = ctx;
}

/* The mail that this row of deliveries is of. */
static bool read_delivery(struct query *q, arena *a, struct store_origin *d)
{
    sv octets = col_blob(q, 2);
    *d = (struct store_origin){.mailbox = col_int(q, 0)};
    d->mail.from_domain = arena_sv(a, col_text(q, 1));
    return octets.n == 0 || delivery_read_auth(octets, a, &d->mail.auth);
}

static bool unread(struct store *s, struct err *e)
{
    return s->delivery.failed
               ? err_set(e, ERR_MEMORY, "%s: out of memory while reading", s->path)
               : err_set(e, ERR_DAMAGED, "%s: the database is damaged: how a report came in", s->path);
}

bool delivery_row_trust(struct store *s, struct query *q, sv reporter, struct trust_verdict *out,
                        struct err *e)
{
    struct store_origin d;
    *out = (struct trust_verdict){.trust = TRUST_unknown};
    if (s->trust == NULL)
        return true;
    arena_reset(&s->delivery);
    if (!read_delivery(q, &s->delivery, &d))
        return unread(s, e);
    d.reporter = reporter.n ? reporter : d.mail.from_domain;
    s->trust(s->trust_ctx, &d, out);
    return true;
}

static bool ask_all(struct store *s, struct query *q, sv reporter, arena *a, struct trust_verdict *best)
{
    for (bool first = true; query_row(q); first = false) {
        struct store_origin d;
        struct trust_verdict v;
        arena_reset(&s->delivery);
        if (!read_delivery(q, &s->delivery, &d))
            return false;
        d.reporter = reporter;
        s->trust(s->trust_ctx, &d, &v);
        if (first || trust_compare(&v, best) > 0) {
            *best = v;
            best->domain = arena_sv(a, v.domain);
        }
    }
    return true;
}

bool delivery_trust(struct store *s, int64_t report, sv reporter, arena *a, struct trust_verdict *out,
                    struct err *e)
{
    *out = (struct trust_verdict){.trust = TRUST_unknown};
    if (s->trust == NULL)
        return true;
    struct query q = query_start(s, SQL_delivery_list);
    bind_int(&q, report);
    bool ok = ask_all(s, &q, reporter, a, out);
    if (!query_end(&q, e))
        return false;
    return ok || unread(s, e);
}

/* *why: an error of ours, beside those of the query. */
static int64_t pick(struct store *s, struct query *q, sv reporter, struct err *why)
{
    arena a CLEANUP(arena_free);
    struct trust_verdict best = {.trust = TRUST_unknown};
    int64_t winner = 0;
    arena_init(&a, KIB(4));
    for (bool first = true; query_row(q) && why->cls == ERR_NONE; first = false) {
        struct trust_verdict v;
        arena_reset(&a);
        if (col_int(q, 0) < 0) {
            winner = col_int(q, 0);
            break;
        }
        if (delivery_trust(s, col_int(q, 0), reporter, &a, &v, why) &&
            (first || trust_compare(&v, &best) > 0)) {
            best = v;
            winner = col_int(q, 0);
        }
    }
    return winner;
}

bool delivery_winner(struct store *s, sv set_id, sv reporter, int64_t *report, struct err *e)
{
    struct err why = {.cls = ERR_NONE};
    struct query q = query_start(s, SQL_seen_set);
    bind_blob(&q, set_id.p, set_id.n);
    *report = pick(s, &q, reporter, &why);
    if (!query_end(&q, e))
        return false;
    if (why.cls != ERR_NONE)
        *e = why;
    return why.cls == ERR_NONE;
}
