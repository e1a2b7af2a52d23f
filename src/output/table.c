/* The table for people: reporter, report, failing sources; what passes is one line a report. */
#include <stdlib.h>

#include "base/clock.h"
#include "format.h"
#include "paint.h"
#include "tally.h"
#include "text/escape.h"
#include "text/format.h"
#include "totals.h"

enum { INDENT = 4, COLUMNS = 9 };

static bool open_table(struct output *o)
{
    struct tally *t = malloc(sizeof *t);
    if (t == NULL)
        return false;
    tally_init(t);
    o->state = t;
    return true;
}

static void document(struct output *o, sv file, const struct document *d, struct record_cursor *records)
{
    tally_report(o->state, o, file, &d->report, records);
}

static void tlsrpt(struct output *o, sv file, const struct document *d)
{
    struct tally *t = o->state;
    (void)file;
    if (!others_add_tlsrpt(o, &t->others, &t->arena, &d->tlsrpt))
        t->failed = true;
}

static void failure(struct output *o, sv file, const struct document *d)
{
    struct tally *t = o->state;
    (void)file;
    if (!others_add_failure(o, &t->others, &t->arena, &d->failure))
        t->failed = true;
}

static void reject(struct output *o, sv file, sv member, enum reject reason, sv detail)
{
    struct tally *t = o->state;
    struct reject_item item = {.file = file, .member = member, .reason = reason, .detail = detail};
    if (!reject_list_add(&t->rejects, &t->arena, item))
        t->failed = true;
}

static void not_a_report(struct output *o, sv file, sv member, enum not_report reason)
{
    (void)o, (void)file, (void)member, (void)reason;
}

/* Which columns there are depends on the options: the same list serves titles and cells. */
static size_t columns_of(const struct output *o, struct column out[COLUMNS])
{
    static const struct column always[] = {
        {"SOURCE", false, FIT_WHOLE}, {"MESSAGES", true, FIT_WHOLE}, {"DISPOSITION", false, FIT_WHOLE},
        {"DKIM", false, FIT_WHOLE},   {"SPF", false, FIT_WHOLE},     {"HEADER FROM", false, FIT_DOMAIN}};
    size_t n = 0;
    for (; n < COUNT_OF(always); n++)
        out[n] = always[n];
    if (o->options.label)
        out[n++] = (struct column){"SENDER", false, FIT_TEXT};
    if (o->options.auth_results) {
        out[n++] = (struct column){"DKIM RESULTS", false, FIT_TEXT};
        out[n++] = (struct column){"SPF RESULTS", false, FIT_TEXT};
    }
    return n;
}

static bool write_row(const struct output *o, struct libscols_table *table, const struct tally_row *r)
{
    char ip[IP_TEXT];
    buf number;
    buf_init(&number, 64);
    text_number(&number, r->count);
    sv cells[COLUMNS] = {
        sv_c(ip_text(&r->ip, ip)),
        buf_view(&number),
        word_text(DISPOSITION_LIST, r->disposition),
        word_text(VERDICT_LIST, r->dkim),
        word_text(VERDICT_LIST, r->spf),
        r->header_from,
    };
    size_t n = 6;
    if (o->options.label)
        cells[n++] = r->sender;
    if (o->options.auth_results) {
        cells[n++] = r->dkim_results;
        cells[n++] = r->spf_results;
    }
    bool ok = !number.failed && paint_row(table, cells, n, !r->passes);
    buf_free(&number);
    return ok;
}

static void write_rows(struct output *o, const struct tally_report *r)
{
    struct column columns[COLUMNS];
    size_t n = columns_of(o, columns);
    struct libscols_table *table = paint_table(o, columns, n);
    bool ok = table != NULL;
    for (size_t i = 0; ok && i < r->n_rows; i++)
        ok = write_row(o, table, &r->rows[i]);
    if (table)
        paint_print(o, table, columns, n, INDENT);
    o->out_of_memory = o->out_of_memory || !ok;
}

static void write_heading(struct output *o, const struct tally_report *r)
{
    buf *out = &o->out;
    buf_puts(out, "  ");
    paint(o, PAINT_BOLD, r->domain);
    buf_puts(out, "  ");
    output_period(o, out, r->begin, r->end);
    buf_puts(out, "  p=");
    text_terminal(out, r->policy.p.v ? word_text(POLICY_LIST, r->policy.p) : SV("?"));
    if (r->policy.sp.v) {
        buf_puts(out, " sp=");
        text_terminal(out, word_text(POLICY_LIST, r->policy.sp));
    }
    if (r->report_id.n) {
        buf_puts(out, "  id ");
        text_terminal(out, r->report_id);
    }
    buf_char(out, '\n');
}

static void write_passing(buf *out, const struct tally_report *r)
{
    buf_printf(out, "%*s", INDENT, "");
    if (r->passing == 0) {
        buf_puts(out, r->failing ? "nothing passes\n" : "no messages\n");
        return;
    }
    paint_count(out, r->passing, "message", "messages");
    buf_puts(out, " from ");
    paint_count(out, r->passing_sources, "source", "sources");
    buf_puts(out, r->passing == 1 ? " passes\n" : " pass\n");
}

static void write_notes(struct output *o, const struct note_set *notes)
{
    for (unsigned n = 0; n < NOTE_END; n++)
        if (note_has(notes, (enum note)n))
            buf_printf(&o->out, "%*snote: %s (%s)\n", INDENT, "", note_sentence((enum note)n),
                       note_code((enum note)n));
}

static void write_lint(struct output *o, const struct tally_report *r)
{
    enum { CLAUSE = 20 };
    char clause[64];
    for (unsigned l = 0; l < LINT_END; l++) {
        if (!lint_has(r->lint, (enum lint)l))
            continue;
        (void)snprintf(clause, sizeof clause, "%s %s", lint_standard(r->dialect),
                       lint_clause((enum lint)l, r->dialect));
        buf_printf(&o->out, "%*slint: %-*s  %s (%s)\n", INDENT, "", CLAUSE, clause,
                   lint_sentence((enum lint)l), lint_code((enum lint)l));
    }
}

/* How often a reporter does each odd thing. */
static void write_note_counts(struct output *o, const struct tally_reporter *who)
{
    size_t counts[NOTE_END] = {0};
    bool any = false;
    for (size_t i = 0; i < who->n_reports; i++)
        for (unsigned n = 0; n < NOTE_END; n++)
            counts[n] += note_has(&who->reports[i]->notes, (enum note)n);
    for (unsigned n = 0; n < NOTE_END; n++) {
        if (counts[n] == 0)
            continue;
        buf_puts(&o->out, any ? ", " : "  notes by report: ");
        buf_printf(&o->out, "%s %zu", note_code((enum note)n), counts[n]);
        any = true;
    }
    if (any)
        buf_char(&o->out, '\n');
}

static void write_report(struct output *o, const struct tally_report *r)
{
    write_heading(o, r);
    if (r->n_rows)
        write_rows(o, r);
    if (!o->options.all_rows || r->n_rows == 0)
        write_passing(&o->out, r);
    if (o->options.notes)
        write_notes(o, &r->notes);
    write_lint(o, r);
    output_step(o);
}

static void write_reporter(struct output *o, const struct tally_reporter *who)
{
    buf *out = &o->out;
    paint(o, PAINT_BOLD, who->name);
    if (who->email.n) {
        buf_puts(out, "  ");
        text_terminal(out, who->email);
    }
    buf_puts(out, "  ");
    paint_count(out, who->n_reports, "report", "reports");
    buf_puts(out, ", ");
    paint_count(out, who->messages, "message", "messages");
    buf_puts(out, ", ");
    text_number(out, who->failing);
    buf_puts(out, " failed\n");
    for (size_t i = 0; i < who->n_reports; i++)
        write_report(o, who->reports[i]);
    if (o->options.notes)
        write_note_counts(o, who);
    buf_char(out, '\n');
}

static void close_table(struct output *o)
{
    struct tally *t = o->state;
    tally_sort(t);
    for (size_t i = 0; i < t->n_reporters; i++)
        if (t->reporters[i]->n_reports)
            write_reporter(o, t->reporters[i]);
    others_print(o, &t->others);
    reject_list_print(o, &t->rejects);
    o->out_of_memory = o->out_of_memory || t->failed;
    tally_free(t);
    free(t);
}

const struct output_format output_table = {
    .name = "table",
    .open = open_table,
    .document = document,
    .tlsrpt = tlsrpt,
    .failure = failure,
    .reject = reject,
    .not_a_report = not_a_report,
    .close = close_table,
    .totals = totals_table,
};
