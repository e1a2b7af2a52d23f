#include "report/aggregate.h"

#include <stdlib.h>

#include "build.h"
#include "decode.h"
#include "guard.h"
#include "parse.h"
#include "reading.h"
#include "repair.h"

/* The first octets of a document, kept to tell a placeholder from a report. */
enum { PLACEHOLDER = 64 };

struct aggregate_reader {
    const struct limits *limits;
    struct reading rd;
    char first_detail[sizeof((struct reading *)0)->detail]; /* of the strict reading: its lines are the
                                                               document's */
    enum reject first_reject;
    struct decoder decoder;
    struct repairer repairer;
    struct guard guard;
    struct parser *parser;
    struct builder builder;
    char head[PLACEHOLDER];
    size_t n_head;
};

void aggregate_library_init(void)
{
    parser_library_init();
}

struct aggregate_reader *aggregate_new(const struct limits *limits, struct aggregate_sink sink)
{
    struct aggregate_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->limits = limits;
    decode_init(&r->decoder);
    repair_init(&r->repairer, limits);
    if (build_init(&r->builder, limits, sink))
        r->parser = parser_new(&r->builder);
    if (r->parser == NULL) {
        aggregate_free(r);
        return NULL;
    }
    return r;
}

void aggregate_free(struct aggregate_reader *r)
{
    if (r == NULL)
        return;
    parser_free(r->parser);
    build_free(&r->builder);
    repair_free(&r->repairer);
    decode_free(&r->decoder);
    free(r);
}

static void guard_outlet(void *self, sv octets)
{
    guard_push(self, octets);
}

static void repair_outlet(void *self, sv octets)
{
    repair_push(self, octets);
}

/* Sets the stages up, the last first. */
static void start_reading(struct aggregate_reader *r, enum reading_mode mode)
{
    struct reading *rd = &r->rd;
    *rd = (struct reading){.limits = r->limits, .mode = mode};
    r->n_head = 0;
    build_start(&r->builder, rd);
    parser_start(r->parser, rd);
    guard_start(&r->guard, rd, (struct outlet){r->parser, parser_put});
    struct outlet out = {&r->guard, guard_outlet};
    if (mode == READ_REPAIRED) {
        repair_start(&r->repairer, rd, out);
        out = (struct outlet){&r->repairer, repair_outlet};
    }
    decode_start(&r->decoder, rd, out);
}

void aggregate_start(struct aggregate_reader *r)
{
    start_reading(r, READ_STRICT);
}

static void keep_head(struct aggregate_reader *r, sv chunk)
{
    sv part = sv_first(chunk, PLACEHOLDER - r->n_head);
    if (part.n)
        memcpy(r->head + r->n_head, part.p, part.n);
    r->n_head += part.n;
}

/* Behind the root only one thing is of interest still. */
static bool wants_more(const struct reading *rd)
{
    return reading_goes_on(rd) || (rd->complete && !note_has(&rd->notes, NOTE_trailing_junk));
}

bool aggregate_push(struct aggregate_reader *r, sv chunk)
{
    if (r->n_head < PLACEHOLDER)
        keep_head(r, chunk);
    if (wants_more(&r->rd))
        decode_push(&r->decoder, chunk);
    return wants_more(&r->rd);
}

bool aggregate_is_complete(const struct aggregate_reader *r)
{
    return r->rd.complete;
}

/* Nothing, or the one word "unused" (Yahoo and AOL in 2023). */
static bool is_placeholder(sv head)
{
    sv text = sv_trim(head);
    return head.n < PLACEHOLDER && (text.n == 0 || sv_eq_nocase(text, SV("unused")));
}

/* Octets in which the parser missed nothing but their end have nothing to be cleaned of. */
static enum reading_mode next_mode(const struct reading *rd)
{
    bool clean = rd->reject == REJECT_truncated && !rd->odd_character;
    return rd->mode == READ_STRICT && !clean ? READ_CLEANED : READ_REPAIRED;
}

static enum aggregate_answer next_reading(struct aggregate_reader *r)
{
    struct aggregate_sink *sink = &r->builder.sink;
    if (r->rd.mode == READ_STRICT) {
        r->first_reject = r->rd.reject;
        memcpy(r->first_detail, r->rd.detail, sizeof r->first_detail);
    }
    start_reading(r, next_mode(&r->rd));
    if (sink->reset(sink->self))
        return AGGREGATE_AGAIN;
    r->rd.stopped = true;
    return AGGREGATE_STOPPED;
}

/* What the strict reading said is about the octets as they are; the later ones moved them. */
static void use_first_detail(struct aggregate_reader *r)
{
    if (r->rd.final || r->rd.mode == READ_STRICT || r->rd.reject != r->first_reject ||
        r->first_detail[0] == '\0')
        return;
    memcpy(r->rd.detail, r->first_detail, sizeof r->rd.detail);
}

enum aggregate_answer aggregate_end(struct aggregate_reader *r)
{
    struct reading *rd = &r->rd;
    if (wants_more(rd)) {
        if (is_placeholder(sv_of(r->head, r->n_head)))
            reading_refuse(rd, REJECT_empty_placeholder, "%s", "");
        decode_end(&r->decoder);
        if (rd->mode == READ_REPAIRED)
            repair_end(&r->repairer);
        parser_end(r->parser);
    }
    if (rd->stopped)
        return AGGREGATE_STOPPED;
    if (rd->complete && rd->reject == REJECT_NONE_)
        build_finish(&r->builder);
    if (rd->reject == REJECT_NONE_)
        return AGGREGATE_DONE;
    if (!rd->final && rd->mode != READ_REPAIRED)
        return next_reading(r);
    use_first_detail(r);
    return AGGREGATE_REJECT;
}

const struct report *aggregate_report(const struct aggregate_reader *r)
{
    return &r->builder.report;
}

enum reject aggregate_reject(const struct aggregate_reader *r, sv *detail)
{
    *detail = r->rd.detail[0] ? sv_c(r->rd.detail) : SV_ABSENT;
    return r->rd.reject;
}

/* ASCII of the head, whatever its encoding: octets 0 of UTF-16 fall out. */
static sv ascii_of(sv head, char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < head.n && n < room; i++)
        if (head.p[i] != '\0')
            out[n++] = ascii_lower(head.p[i]);
    return sv_of(out, n);
}

/* "<feedback", "<x:feedback", without case, in `s` of lower case. */
static bool has_root(sv s)
{
    for (size_t at = 0; (at = sv_find(s, SV("feedback"), at)) != SIZE_MAX; at++) {
        size_t from = at;
        while (from > 0 && at - from < 32 && s.p[from - 1] != '<' && s.p[from - 1] != '>')
            from--;
        if (from > 0 && s.p[from - 1] == '<' && (from == at || s.p[at - 1] == ':'))
            return true;
    }
    return false;
}

bool aggregate_has_root(sv head)
{
    char text[4096];
    for (size_t i = 0; i < head.n; i += sizeof text / 2)
        if (has_root(ascii_of(sv_skip(head, i), text, sizeof text)))
            return true;
    return false;
}

bool aggregate_looks_like(sv head)
{
    char text[4096];
    if (is_placeholder(head) && sv_trim(head).n)
        return true;
    sv s = ascii_of(head, text, sizeof text);
    for (size_t at = 0; (at = sv_find_char(s, '<', at)) != SIZE_MAX; at++) {
        sv rest = sv_skip(s, at + 1);
        if (sv_starts(rest, SV("html")) || sv_starts(rest, SV("!doctype html")))
            return false;
        size_t colon = sv_find_char(sv_first(rest, 32), ':', 0);
        sv local = colon == SIZE_MAX ? rest : sv_skip(rest, colon + 1);
        if (sv_starts(rest, SV("?xml")) || sv_starts(rest, SV("feedback")) ||
            sv_starts(local, SV("feedback")))
            return true;
    }
    return false;
}
