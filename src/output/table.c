/* The table for people: reporter, report, failing sources; what passes is one line a report. */
#include <libsmartcols.h>
#include <stdlib.h>

#include "base/clock.h"
#include "format.h"
#include "tally.h"
#include "text/escape.h"
#include "text/format.h"

enum { INDENT = 4 };

static const struct {
    const char *title;
    int flags;
} columns[] = {
    {"SOURCE", SCOLS_FL_STRICTWIDTH},
    {"MESSAGES", SCOLS_FL_RIGHT},
    {"DISPOSITION", 0},
    {"DKIM", 0},
    {"SPF", 0},
    {"HEADER FROM", SCOLS_FL_TRUNC},
};

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
    tally_report(o->state, file, &d->report, records);
}

static void reject(struct output *o, sv file, sv member, enum reject reason, sv detail)
{
    struct tally_reject r = {.file = file, .member = member, .reason = reason, .detail = detail};
    tally_reject(o->state, &r);
}

static void not_a_report(struct output *o, sv file, enum not_report reason)
{
    (void)o, (void)file, (void)reason;
}

static void colored(struct output *o, const char *code, sv text)
{
    if (o->options.color)
        buf_printf(&o->out, "\033[%sm", code);
    text_terminal(&o->out, text);
    if (o->options.color)
        buf_puts(&o->out, "\033[0m");
}

static void plural(buf *out, uint64_t n, const char *one, const char *many)
{
    text_number(out, n);
    buf_printf(out, " %s", n == 1 ? one : many);
}

static void write_period(buf *out, int64_t begin, int64_t end)
{
    char from[CLOCK_TEXT], to[CLOCK_TEXT];
    buf_printf(out, "%.16s to %.16s UTC", clock_iso(begin, from), clock_iso(end, to));
}

/* Puts text into a cell, escaped. False: no memory. */
static bool set_cell(struct libscols_line *line, size_t column, sv text)
{
    buf b;
    buf_init(&b, SIZE_MAX / 2);
    text_terminal(&b, text.n ? text : SV("-"));
    buf_char(&b, '\0');
    bool ok = !b.failed && scols_line_set_data(line, column, b.p) == 0;
    buf_free(&b);
    return ok;
}

static bool fill_line(struct libscols_line *line, const struct tally_row *r)
{
    char ip[IP_TEXT];
    buf number;
    buf_init(&number, 64);
    text_number(&number, r->count);
    sv cells[COUNT_OF(columns)] = {
        sv_c(ip_text(&r->ip, ip)),
        buf_view(&number),
        word_text(DISPOSITION_LIST, r->disposition),
        word_text(VERDICT_LIST, r->dkim),
        word_text(VERDICT_LIST, r->spf),
        r->header_from,
    };
    bool ok = !number.failed;
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        ok = ok && set_cell(line, i, cells[i]);
    buf_free(&number);
    return ok;
}

static bool fill_table(struct output *o, struct libscols_table *table, const struct tally_report *r)
{
    scols_table_enable_colors(table, o->options.color);
    if (o->options.width > INDENT) {
        scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
        scols_table_set_termwidth(table, o->options.width - INDENT);
    }
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        if (scols_table_new_column(table, columns[i].title, 0, columns[i].flags) == NULL)
            return false;
    for (size_t i = 0; i < r->n_rows; i++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);
        if (line == NULL || !fill_line(line, &r->rows[i]) || scols_line_set_color(line, "red") != 0)
            return false;
    }
    return true;
}

static void write_indented(buf *out, sv text)
{
    sv line;
    while (sv_split(&text, '\n', &line)) {
        buf_printf(out, "%*s", INDENT, "");
        buf_sv(out, line);
        buf_char(out, '\n');
    }
}

static void write_rows(struct output *o, const struct tally_report *r)
{
    char *text = NULL;
    struct libscols_table *table = scols_new_table();
    if (table && fill_table(o, table, r) && scols_print_table_to_string(table, &text) == 0)
        write_indented(&o->out, sv_c(text));
    else
        o->out_of_memory = true;
    free(text);
    scols_unref_table(table);
}

static void write_report(struct output *o, const struct tally_report *r)
{
    buf *out = &o->out;
    buf_puts(out, "  ");
    colored(o, "1", r->domain);
    buf_puts(out, "  ");
    write_period(out, r->begin, r->end);
    buf_puts(out, "  p=");
    text_terminal(out, r->policy.p.v ? word_text(POLICY_LIST, r->policy.p) : SV("?"));
    if (r->report_id.n) {
        buf_puts(out, "  id ");
        text_terminal(out, r->report_id);
    }
    buf_char(out, '\n');
    if (r->n_rows)
        write_rows(o, r);
    buf_printf(out, "%*s", INDENT, "");
    if (r->passing == 0 && r->failing == 0) {
        buf_puts(out, "no messages\n");
    } else if (r->passing == 0) {
        buf_puts(out, "nothing passes\n");
    } else {
        plural(out, r->passing, "message", "messages");
        buf_puts(out, " from ");
        plural(out, r->passing_sources, "source passes", "sources pass");
        buf_char(out, '\n');
    }
    output_step(o);
}

static void write_reporter(struct output *o, const struct tally_reporter *who)
{
    buf *out = &o->out;
    colored(o, "1", who->name);
    if (who->email.n) {
        buf_puts(out, "  ");
        text_terminal(out, who->email);
    }
    buf_puts(out, "  ");
    plural(out, who->n_reports, "report", "reports");
    buf_puts(out, ", ");
    plural(out, who->messages, "message", "messages");
    buf_puts(out, ", ");
    text_number(out, who->failing);
    buf_puts(out, " failed\n");
    for (size_t i = 0; i < who->n_reports; i++)
        write_report(o, who->reports[i]);
    buf_char(out, '\n');
}

static void write_rejects(struct output *o, const struct tally *t)
{
    buf *out = &o->out;
    if (t->n_rejects == 0)
        return;
    colored(o, "1", SV("Not read"));
    buf_char(out, '\n');
    for (size_t i = 0; i < t->n_rejects; i++) {
        const struct tally_reject *r = &t->rejects[i];
        buf_puts(out, "  ");
        text_terminal(out, r->file);
        if (r->member.n) {
            buf_puts(out, " > ");
            text_terminal(out, r->member);
        }
        buf_printf(out, ": %s", reject_sentence(r->reason));
        if (r->detail.n) {
            buf_puts(out, " (");
            text_terminal(out, r->detail);
            buf_char(out, ')');
        }
        buf_char(out, '\n');
        output_step(o);
    }
}

static void close_table(struct output *o)
{
    struct tally *t = o->state;
    tally_sort(t);
    for (size_t i = 0; i < t->n_reporters; i++)
        write_reporter(o, t->reporters[i]);
    write_rejects(o, t);
    o->out_of_memory = o->out_of_memory || t->failed;
    tally_free(t);
    free(t);
}

const struct output_format output_table = {
    .name = "table",
    .open = open_table,
    .document = document,
    .reject = reject,
    .not_a_report = not_a_report,
    .close = close_table,
};
