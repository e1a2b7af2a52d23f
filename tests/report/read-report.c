#include "read-report.h"

#include <stdlib.h>

#include "base/arena.h"

struct report_reading {
    struct aggregate_reader *reader;
    enum aggregate_answer answer;
    unsigned readings;
    arena texts;
    struct record *records;
    size_t n, room, at;
    struct record_cursor cursor;
};

static bool on_reset(void *self)
{
    struct report_reading *r = self;
    r->n = 0;
    arena_reset(&r->texts);
    return true;
}

static struct record copied(arena *a, const struct record *from)
{
    struct record r = *from;
    r.disposition.raw = arena_sv(a, r.disposition.raw);
    r.dkim.raw = arena_sv(a, r.dkim.raw);
    r.spf.raw = arena_sv(a, r.spf.raw);
    r.header_from = arena_sv(a, r.header_from);
    r.envelope_from = arena_sv(a, r.envelope_from);
    r.envelope_to = arena_sv(a, r.envelope_to);
    r.reasons = arena_array(a, r.n_reasons, sizeof *r.reasons);
    r.dkims = arena_array(a, r.n_dkims, sizeof *r.dkims);
    r.spfs = arena_array(a, r.n_spfs, sizeof *r.spfs);
    for (size_t i = 0; r.reasons && i < r.n_reasons; i++) {
        r.reasons[i] = from->reasons[i];
        r.reasons[i].type.raw = arena_sv(a, from->reasons[i].type.raw);
        r.reasons[i].comment = arena_sv(a, from->reasons[i].comment);
    }
    for (size_t i = 0; r.dkims && i < r.n_dkims; i++)
        r.dkims[i] = (struct dkim_auth){
            .domain = arena_sv(a, from->dkims[i].domain),
            .selector = arena_sv(a, from->dkims[i].selector),
            .result = {from->dkims[i].result.v, arena_sv(a, from->dkims[i].result.raw)},
            .human_result = arena_sv(a, from->dkims[i].human_result),
        };
    for (size_t i = 0; r.spfs && i < r.n_spfs; i++)
        r.spfs[i] = (struct spf_auth){
            .domain = arena_sv(a, from->spfs[i].domain),
            .scope = {from->spfs[i].scope.v, arena_sv(a, from->spfs[i].scope.raw)},
            .result = {from->spfs[i].result.v, arena_sv(a, from->spfs[i].result.raw)},
            .human_result = arena_sv(a, from->spfs[i].human_result),
        };
    return r;
}

static bool on_record(void *self, const struct record *record)
{
    struct report_reading *r = self;
    if (r->n == r->room) {
        size_t room = r->room ? r->room * 2 : 16;
        struct record *more = realloc(r->records, room * sizeof *more);
        if (more == NULL)
            return false;
        r->records = more;
        r->room = room;
    }
    r->records[r->n++] = copied(&r->texts, record);
    return !r->texts.failed;
}

static bool cursor_next(struct record_cursor *self, struct record *out)
{
    struct report_reading *r =
        (struct report_reading *)(void *)((char *)self - offsetof(struct report_reading, cursor));
    if (r->at == r->n)
        return false;
    *out = r->records[r->at++];
    return true;
}

static void cursor_rewind(struct record_cursor *self)
{
    struct report_reading *r =
        (struct report_reading *)(void *)((char *)self - offsetof(struct report_reading, cursor));
    r->at = 0;
}

struct report_reading *report_reading_new(const struct limits *limits)
{
    struct report_reading *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    arena_init(&r->texts, (size_t)1 << 30);
    r->cursor = (struct record_cursor){cursor_next, cursor_rewind};
    r->reader = aggregate_new(limits, (struct aggregate_sink){r, on_reset, on_record});
    if (r->reader)
        return r;
    report_reading_free(r);
    return NULL;
}

void report_reading_free(struct report_reading *r)
{
    if (r == NULL)
        return;
    aggregate_free(r->reader);
    arena_free(&r->texts);
    free(r->records);
    free(r);
}

enum aggregate_answer report_reading_feed(struct report_reading *r, sv text, size_t piece)
{
    (void)on_reset(r);
    r->readings = 0;
    r->at = 0;
    aggregate_start(r->reader);
    do {
        sv rest = text;
        r->readings++;
        while (rest.n && aggregate_push(r->reader, sv_first(rest, piece)))
            rest = sv_skip(rest, piece);
        r->answer = aggregate_end(r->reader);
    } while (r->answer == AGGREGATE_AGAIN);
    return r->answer;
}

void report_reading_print(struct report_reading *r, sv file, struct output *out)
{
    struct document d = {.kind = DOCUMENT_AGGREGATE, .member = SV_ABSENT};
    if (r->answer == AGGREGATE_DONE) {
        d.report = *aggregate_report(r->reader);
    } else {
        d.kind = DOCUMENT_REJECT;
        d.reject.reason = aggregate_reject(r->reader, &d.reject.detail);
    }
    output_document(out, file, &d, &r->cursor);
}

unsigned report_reading_count(const struct report_reading *r)
{
    return r->readings;
}

const struct report *report_reading_report(const struct report_reading *r)
{
    return aggregate_report(r->reader);
}

const struct record *report_reading_record(const struct report_reading *r, size_t i)
{
    return &r->records[i];
}

enum reject report_reading_reject(const struct report_reading *r)
{
    sv detail;
    return aggregate_reject(r->reader, &detail);
}
