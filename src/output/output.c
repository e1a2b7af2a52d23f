#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "format.h"
#include "model/rules.h"

enum { STEP = 64 * 1024, OUT_MAX = 16 * 1024 * 1024 };

static const struct output_format *const formats[] = {&output_table, &output_json, &output_ndjson,
                                                      &output_csv, &output_xml};

static const char *const views[OUTPUT_VIEW_END] = {
    [OUTPUT_BY_REPORTER] = "reporter", [OUTPUT_BY_SOURCE] = "source", [OUTPUT_BY_DOMAIN] = "domain",
    [OUTPUT_BY_DAY] = "day",           [OUTPUT_BY_SENDER] = "sender", [OUTPUT_BY_SELECTOR] = "selector",
};

const struct output_format *output_format_named(sv name)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (sv_eq(name, sv_c(formats[i]->name)))
            return formats[i];
    return NULL;
}

bool output_format_sums(const struct output_format *f)
{
    return f->totals != NULL;
}

const char *output_format_names(void)
{
    return "table, json, ndjson, csv";
}

bool output_view_named(sv name, enum output_view *out)
{
    for (unsigned i = 0; i < OUTPUT_VIEW_END; i++) {
        if (sv_eq(name, sv_c(views[i]))) {
            *out = (enum output_view)i;
            return true;
        }
    }
    return false;
}

const char *output_view_names(void)
{
    return "reporter, source, domain, day, sender, selector";
}

struct output *output_open(const struct output_format *f, FILE *to, const struct output_options *options)
{
    struct output *o = calloc(1, sizeof *o);
    if (o == NULL)
        return NULL;
    *o = (struct output){.format = f, .named = f, .options = *options, .to = to};
    if (options->view != OUTPUT_BY_REPORTER)
        o->format = &output_totals;
    buf_init(&o->out, OUT_MAX);
    if (o->format->open && !o->format->open(o)) {
        free(o);
        return NULL;
    }
    return o;
}

void output_flush(struct output *o)
{
    if (o->out.failed)
        o->out_of_memory = true;
    if (o->out.n)
        (void)fwrite(o->out.p, 1, o->out.n, o->to);
    buf_reset(&o->out);
}

void output_step(struct output *o)
{
    if (o->out.n >= STEP || o->out.failed)
        output_flush(o);
}

struct output_label output_label_of(const struct output *o, const struct report *r,
                                    const struct record *record)
{
    struct output_label label = {.fate = sv_c(fate_name(fate_of(record->disposition)))};
    if (o->options.label)
        o->options.label(o->options.label_ctx, r, record, &label);
    return label;
}

void output_document(struct output *o, sv file, const struct document *d, struct record_cursor *records)
{
    switch (d->kind) {
    case DOCUMENT_AGGREGATE:
        if (o->options.lint)
            o->lint = lint_report(&d->report, records);
        o->format->document(o, file, d, records);
        break;
    case DOCUMENT_TLSRPT:
        if (o->format->tlsrpt)
            o->format->tlsrpt(o, file, d);
        break;
    case DOCUMENT_FAILURE:
        if (o->format->failure)
            o->format->failure(o, file, d);
        break;
    case DOCUMENT_REJECT:
        o->format->reject(o, file, d->member, d->reject.reason, d->reject.detail);
        break;
    }
    output_step(o);
}

void output_reject(struct output *o, sv file, sv member, enum reject reason, sv detail)
{
    o->format->reject(o, file, member, reason, detail);
    output_step(o);
}

void output_not_a_report(struct output *o, sv file, sv member, enum not_report reason)
{
    o->format->not_a_report(o, file, member, reason);
    output_step(o);
}

void output_repeated(struct output *o)
{
    o->repeated++;
}

bool output_close(struct output *o, struct err *e)
{
    o->format->close(o);
    output_flush(o);
    bool written = fflush(o->to) == 0 && !ferror(o->to);
    int why = errno;
    /* `dmarcwarn parse … | head` is nothing to talk about. */
    written = written || why == EPIPE;
    bool memory = !o->out_of_memory;
    buf_free(&o->out);
    free(o);
    if (!written)
        return err_set(e, err_class_of_errno(why, ERR_DISK), "cannot write the output: %s", strerror(why));
    return memory || err_set(e, ERR_MEMORY, "out of memory: the output is not complete");
}

void output_moment(const struct output *o, buf *out, int64_t unix_seconds)
{
    char text[CLOCK_TEXT];
    if (o->options.zone_offset == NULL) {
        buf_printf(out, "%.16sZ", clock_iso(unix_seconds, text));
        return;
    }
    int64_t ahead = o->options.zone_offset(unix_seconds);
    int minutes = (int)((ahead < 0 ? -ahead : ahead) / 60);
    buf_printf(out, "%.16s%c%02d:%02d", clock_iso(unix_seconds + ahead, text), ahead < 0 ? '-' : '+',
               minutes / 60, minutes % 60);
}

void output_period(const struct output *o, buf *out, int64_t begin, int64_t end)
{
    output_moment(o, out, begin);
    buf_puts(out, " to ");
    output_moment(o, out, end);
}
