/* One JSON object a line and document; at least one line an input. */
#include "format.h"
#include "reports_json.h"
#include "totals.h"

static void document(struct output *o, sv file, const struct document *d, struct record_cursor *records)
{
    struct json j = {.out = &o->out};
    reports_json_aggregate(o, &j, file, d, records);
    buf_char(&o->out, '\n');
}

static void tlsrpt(struct output *o, sv file, const struct document *d)
{
    struct json j = {.out = &o->out};
    reports_json_tlsrpt(o, &j, file, d);
    buf_char(&o->out, '\n');
}

static void failure(struct output *o, sv file, const struct document *d)
{
    struct json j = {.out = &o->out};
    reports_json_failure(o, &j, file, d);
    buf_char(&o->out, '\n');
}

static void reject(struct output *o, sv file, sv member, enum reject reason, sv detail)
{
    struct json j = {.out = &o->out};
    reports_json_reject(&j, file, member, reason, detail);
    buf_char(&o->out, '\n');
}

static void not_a_report(struct output *o, sv file, sv member, enum not_report reason)
{
    struct json j = {.out = &o->out};
    reports_json_not_a_report(&j, file, member, reason);
    buf_char(&o->out, '\n');
}

static void finish(struct output *o)
{
    (void)o; /* every line is whole already */
}

const struct output_format output_ndjson = {
    .name = "ndjson",
    .document = document,
    .tlsrpt = tlsrpt,
    .failure = failure,
    .reject = reject,
    .not_a_report = not_a_report,
    .close = finish,
    .totals = totals_ndjson,
};
