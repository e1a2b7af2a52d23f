/* One JSON document: reports as they come, and what is none of them at the end. */
#include <stdlib.h>

#include "base/arena.h"
#include "format.h"
#include "reports_json.h"
#include "totals.h"

struct other {
    sv file, member, detail;
    bool is_reject;
    enum reject reason;
    enum not_report why;
    struct other *next;
};

struct state {
    struct json json;
    arena arena;
    struct other *first, **end;
};

static bool start(struct output *o)
{
    struct state *s = calloc(1, sizeof *s);
    if (s == NULL)
        return false;
    arena_init(&s->arena, SIZE_MAX / 4);
    s->end = &s->first;
    s->json.out = &o->out;
    json_open(&s->json, NULL, '{');
    json_text(&s->json, "schema", SV("dmarcwarn.parse.v1"));
    json_open(&s->json, "reports", '[');
    o->state = s;
    return true;
}

static void document(struct output *o, sv file, const struct document *d, struct record_cursor *records)
{
    struct state *s = o->state;
    reports_json_aggregate(o, &s->json, file, d, records);
}

static void tlsrpt(struct output *o, sv file, const struct document *d)
{
    struct state *s = o->state;
    reports_json_tlsrpt(o, &s->json, file, d);
}

static void failure(struct output *o, sv file, const struct document *d)
{
    struct state *s = o->state;
    reports_json_failure(o, &s->json, file, d);
}

static void keep(struct output *o, struct other item)
{
    struct state *s = o->state;
    struct other *kept = arena_alloc(&s->arena, sizeof *kept);
    if (kept == NULL)
        return; /* the arena remembers */
    *kept = item;
    kept->file = arena_sv(&s->arena, item.file);
    kept->member = arena_sv(&s->arena, item.member);
    kept->detail = arena_sv(&s->arena, item.detail);
    *s->end = kept;
    s->end = &kept->next;
}

static void reject(struct output *o, sv file, sv member, enum reject reason, sv detail)
{
    keep(o, (struct other){
                .file = file, .member = member, .detail = detail, .is_reject = true, .reason = reason});
}

static void not_a_report(struct output *o, sv file, sv member, enum not_report reason)
{
    keep(o, (struct other){.file = file, .member = member, .why = reason});
}

static void finish(struct output *o)
{
    struct state *s = o->state;
    json_close(&s->json, ']');
    json_open(&s->json, "rejects", '[');
    for (const struct other *x = s->first; x; x = x->next) {
        if (x->is_reject)
            reports_json_reject(&s->json, x->file, x->member, x->reason, x->detail);
        else
            reports_json_not_a_report(&s->json, x->file, x->member, x->why);
        output_step(o);
    }
    json_close(&s->json, ']');
    json_close(&s->json, '}');
    buf_char(&o->out, '\n');
    o->out_of_memory = o->out_of_memory || s->arena.failed;
    arena_free(&s->arena);
    free(s);
}

const struct output_format output_json = {
    .name = "json",
    .open = start,
    .document = document,
    .tlsrpt = tlsrpt,
    .failure = failure,
    .reject = reject,
    .not_a_report = not_a_report,
    .close = finish,
    .totals = totals_json,
};
