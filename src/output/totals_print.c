/* Sums as a table, CSV and JSON. */
#include "json_writer.h"
#include "paint.h"
#include "reports_json.h"
#include "text/escape.h"
#include "text/format.h"
#include "totals.h"

/* One list for all forms: heading, name in CSV and JSON, and where the number is. */
static const struct {
    const char *title, *name;
    enum fit fit;
    size_t at;
} numbers[] = {
    {"MESSAGES", "messages", FIT_WHOLE, offsetof(struct total, messages)},
    {"FAILED", "failed", FIT_WHOLE, offsetof(struct total, failed)},
    {"DKIM PASS", "dkim_pass", FIT_OR_OUT, offsetof(struct total, dkim_pass)},
    {"SPF PASS", "spf_pass", FIT_OR_OUT, offsetof(struct total, spf_pass)},
    {"NO ACTION", "no_action", FIT_OR_OUT, offsetof(struct total, no_action)},
    {"QUARANTINED", "quarantined", FIT_OR_OUT, offsetof(struct total, quarantined)},
    {"REJECTED", "rejected", FIT_OR_OUT, offsetof(struct total, rejected)},
};

enum { NUMBERS = COUNT_OF(numbers) };

static uint64_t number_of(const struct total *t, size_t i)
{
    return *(const uint64_t *)(const void *)((const char *)t + numbers[i].at);
}

static const struct {
    const char *title, *name;
    enum fit fit;
} keys[OUTPUT_VIEW_END] = {
    [OUTPUT_BY_REPORTER] = {"REPORTER", "reporter", FIT_TEXT},
    [OUTPUT_BY_SOURCE] = {"SOURCE", "source_ip", FIT_WHOLE},
    [OUTPUT_BY_DOMAIN] = {"DOMAIN", "domain", FIT_DOMAIN},
    [OUTPUT_BY_DAY] = {"DAY", "day", FIT_WHOLE},
    [OUTPUT_BY_SENDER] = {"SENDER", "sender", FIT_TEXT},
    [OUTPUT_BY_SELECTOR] = {"SELECTOR", "selector", FIT_DOMAIN},
};

static bool table_row(struct libscols_table *table, const struct total *item)
{
    sv cells[NUMBERS + 1] = {item->key};
    buf text;
    size_t ends[NUMBERS];
    buf_init(&text, 64 * NUMBERS);
    for (size_t i = 0; i < NUMBERS; i++) {
        text_number(&text, number_of(item, i));
        ends[i] = text.n;
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        size_t from = i ? ends[i - 1] : 0;
        cells[i + 1] = sv_of(text.p + from, ends[i] - from);
    }
    bool ok = !text.failed && paint_row(table, cells, NUMBERS + 1, item->failed > 0);
    buf_free(&text);
    return ok;
}

static void table_foot(struct output *o, const struct totals *t)
{
    buf *out = &o->out;
    paint_count(out, t->reports, "report", "reports");
    if (o->repeated) {
        buf_puts(out, "; ");
        paint_count(out, o->repeated, "more was the same report again and is left out",
                    "more were the same reports again and are left out");
    }
    buf_char(out, '\n');
    reject_list_print(o, &t->rejects);
}

void totals_table(struct output *o, const struct totals *t)
{
    struct column columns[NUMBERS + 1] = {{keys[o->options.view].title, false, keys[o->options.view].fit}};
    for (size_t i = 0; i < NUMBERS; i++)
        columns[i + 1] = (struct column){numbers[i].title, true, numbers[i].fit};
    struct libscols_table *table = paint_table(o, columns, NUMBERS + 1);
    bool ok = table != NULL;
    for (size_t i = 0; ok && i < t->n; i++)
        ok = table_row(table, &t->items[i]);
    if (table)
        paint_print(o, table, columns, NUMBERS + 1, 0);
    o->out_of_memory = o->out_of_memory || !ok;
    table_foot(o, t);
}

void totals_csv(struct output *o, const struct totals *t)
{
    buf *out = &o->out;
    buf_puts(out, keys[o->options.view].name);
    for (size_t i = 0; i < NUMBERS; i++)
        buf_printf(out, ",%s", numbers[i].name);
    buf_puts(out, "\r\n");
    for (size_t k = 0; k < t->n; k++) {
        text_csv(out, t->items[k].key);
        for (size_t i = 0; i < NUMBERS; i++)
            buf_printf(out, ",%llu", (unsigned long long)number_of(&t->items[k], i));
        buf_puts(out, "\r\n");
        output_step(o);
    }
}

static void json_total(struct output *o, struct json *j, const struct total *item)
{
    json_open(j, NULL, '{');
    json_text(j, keys[o->options.view].name, item->key);
    for (size_t i = 0; i < NUMBERS; i++)
        json_number(j, numbers[i].name, number_of(item, i));
    json_close(j, '}');
    output_step(o);
}

void totals_json(struct output *o, const struct totals *t)
{
    struct json j = {.out = &o->out};
    json_open(&j, NULL, '{');
    json_text(&j, "schema", SV("dmarcwarn.totals.v1"));
    json_number(&j, "reports", t->reports);
    json_number(&j, "repeated", o->repeated);
    json_open(&j, "totals", '[');
    for (size_t k = 0; k < t->n; k++)
        json_total(o, &j, &t->items[k]);
    json_close(&j, ']');
    json_open(&j, "rejects", '[');
    for (const struct reject_item *r = t->rejects.first; r; r = r->next)
        reports_json_reject(&j, r->file, r->member, r->reason, r->detail);
    json_close(&j, ']');
    json_close(&j, '}');
    buf_char(&o->out, '\n');
}

void totals_ndjson(struct output *o, const struct totals *t)
{
    for (size_t k = 0; k < t->n; k++) {
        struct json j = {.out = &o->out};
        json_total(o, &j, &t->items[k]);
        buf_char(&o->out, '\n');
    }
}
