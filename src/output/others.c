#include "others.h"

#include "base/clock.h"
#include "paint.h"
#include "shown.h"
#include "text/format.h"

enum { INDENT = 2, CELL_MAX = 4096 };

/* The last column is there only with options.notes. */
static const struct column tls_columns[] = {
    {"REPORTER", false, FIT_TEXT}, {"DOMAIN", false, FIT_DOMAIN}, {"POLICY", false, FIT_TEXT},
    {"PERIOD", false, FIT_WHOLE},  {"SESSIONS", true, FIT_WHOLE}, {"FAILED", true, FIT_WHOLE},
    {"FAILURES", false, FIT_TEXT}, {"NOTES", false, FIT_TEXT},
};
static const struct column failure_columns[] = {
    {"ARRIVAL", false, FIT_WHOLE}, {"TYPE", false, FIT_TEXT},          {"SOURCE", false, FIT_WHOLE},
    {"DOMAIN", false, FIT_DOMAIN}, {"HEADER FROM", false, FIT_DOMAIN}, {"FAILURE", false, FIT_TEXT},
    {"DELIVERY", false, FIT_TEXT}, {"MESSAGE-ID", false, FIT_TEXT},    {"NOTES", false, FIT_TEXT},
};

_Static_assert(COUNT_OF(tls_columns) <= OTHERS_CELLS && COUNT_OF(failure_columns) <= OTHERS_CELLS, "cells");

void others_init(struct others *x)
{
    x->tls = (struct others_list){.end = &x->tls.first};
    x->failures = (struct others_list){.end = &x->failures.first};
}

static struct others_row *add_row(struct others_list *l, arena *a)
{
    struct others_row *row = arena_alloc(a, sizeof *row);
    if (row == NULL)
        return NULL;
    *l->end = row;
    l->end = &row->next;
    return row;
}

static sv time_cell(const struct output *o, arena *a, int64_t t)
{
    buf text CLEANUP(buf_free);
    buf_init(&text, CELL_MAX);
    output_moment(o, &text, t);
    return arena_sv(a, buf_view(&text));
}

static sv period_cell(const struct output *o, arena *a, const struct tlsrpt *r)
{
    int64_t begin, end;
    buf text CLEANUP(buf_free);
    buf_init(&text, CELL_MAX);
    tlsrpt_period(r, &begin, &end);
    output_period(o, &text, begin, end);
    return arena_sv(a, buf_view(&text));
}

static sv number_cell(arena *a, uint64_t n)
{
    buf text CLEANUP(buf_free);
    buf_init(&text, 64);
    text_number(&text, n);
    return arena_sv(a, buf_view(&text));
}

/* "certificate-expired 3, starttls-not-supported 2" */
static sv failures_cell(arena *a, const struct tls_policy *p)
{
    buf text CLEANUP(buf_free);
    buf_init(&text, CELL_MAX);
    for (size_t i = 0; i < p->n_failures && !text.failed; i++) {
        const struct tls_failure *f = &p->failures[i];
        buf_puts(&text, i ? ", " : "");
        buf_sv(&text, f->result_type.n ? f->result_type : SV("unnamed"));
        buf_char(&text, ' ');
        if (f->has_sessions)
            text_number(&text, f->sessions);
        else
            buf_char(&text, '?');
    }
    return arena_printf(a, "%.*s%s", SV_ARG(buf_view(&text)), text.failed ? " …" : "");
}

static sv notes_cell(arena *a, const struct note_set *notes)
{
    buf text CLEANUP(buf_free);
    buf_init(&text, CELL_MAX);
    for (unsigned n = 0; n < NOTE_END; n++)
        if (note_has(notes, (enum note)n))
            buf_printf(&text, "%s%s", text.n ? ", " : "", note_code((enum note)n));
    return arena_sv(a, buf_view(&text));
}

static bool add_policy(const struct output *o, struct others *x, arena *a, const struct tlsrpt *r,
                       const struct tls_policy *p)
{
    struct others_row *row = add_row(&x->tls, a);
    if (row == NULL)
        return false;
    const sv cells[] = {
        shown_text(a, r->org_name.n ? r->org_name : r->email),
        shown_domain(a, p->domain),
        shown_text(a, p->type),
        period_cell(o, a, r),
        number_cell(a, p->ok + p->failed),
        number_cell(a, p->failed),
        failures_cell(a, p),
        notes_cell(a, &r->notes),
    };
    memcpy(row->cells, cells, sizeof cells);
    row->bad = p->failed > 0;
    return !a->failed;
}

bool others_add_tlsrpt(const struct output *o, struct others *x, arena *a, const struct tlsrpt *r)
{
    static const struct tls_policy none;
    for (size_t i = 0; i < r->n_policies; i++)
        if (!add_policy(o, x, a, r, &r->policies[i]))
            return false;
    return r->n_policies > 0 || add_policy(o, x, a, r, &none);
}

bool others_add_failure(const struct output *o, struct others *x, arena *a, const struct failure_report *f)
{
    char ip[IP_TEXT];
    struct others_row *row = add_row(&x->failures, a);
    if (row == NULL)
        return false;
    const sv cells[] = {
        f->has_arrival ? time_cell(o, a, f->arrival) : SV_ABSENT,
        shown_text(a, f->feedback_type),
        f->has_source_ip ? arena_sv(a, sv_c(ip_text(&f->source_ip, ip))) : SV_ABSENT,
        shown_domain(a, f->reported_domain),
        shown_domain(a, f->header_from_domain),
        shown_text(a, f->auth_failure),
        shown_text(a, f->delivery_result),
        shown_text(a, f->message_id),
        notes_cell(a, &f->notes),
    };
    memcpy(row->cells, cells, sizeof cells);
    row->bad = failure_is_authentication(f);
    return !a->failed;
}

static void print_list(struct output *o, sv title, const struct others_list *l, const struct column *columns,
                       size_t n)
{
    if (l->first == NULL)
        return;
    paint(o, PAINT_BOLD, title);
    buf_char(&o->out, '\n');
    n -= !o->options.notes;
    struct libscols_table *table = paint_table(o, columns, n);
    bool ok = table != NULL;
    for (const struct others_row *row = l->first; ok && row; row = row->next)
        ok = paint_row(table, row->cells, n, row->bad);
    if (table)
        paint_print(o, table, columns, n, INDENT);
    o->out_of_memory = o->out_of_memory || !ok;
    buf_char(&o->out, '\n');
}

void others_print(struct output *o, const struct others *x)
{
    print_list(o, SV("TLS reports"), &x->tls, tls_columns, COUNT_OF(tls_columns));
    print_list(o, SV("Failure reports"), &x->failures, failure_columns, COUNT_OF(failure_columns));
}
