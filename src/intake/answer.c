#include "answer.h"

#include "base/clock.h"
#include "base/num.h"

void answer_init(struct answer *a, const struct limits *limits)
{
    *a = (struct answer){.limits = limits};
    arena_init(&a->record, MIB(1) + 2 * limits->wire_frame);
}

void answer_free(struct answer *a)
{
    arena_free(&a->record);
}

void answer_start(struct answer *a, struct intake_stage *stage, struct mail_outcome *outcome)
{
    a->now = clock_now();
    a->stage = stage;
    a->outcome = outcome;
    a->limit_hit = a->open = a->full = a->told = false;
    a->auth = (struct mail_auth){.more = false};
}

static void start_reading(struct answer *a)
{
    spool_cut(&a->stage->spool, a->at);
    a->records = a->messages = a->failed = 0;
    a->full = false;
}

static enum answer_step no_memory(struct err *e)
{
    err_set(e, ERR_MEMORY, "no memory to stage a report");
    return ANSWER_FAILED;
}

static enum answer_step on_begin(struct answer *a, sv payload, struct err *e)
{
    (void)e;
    sv member;
    /* One above the limit: the reject that says so. */
    if (!wire_get_document_begin(payload, a->limits, &member) || a->stage->n > a->limits->mail_reports ||
        a->told)
        return ANSWER_LIE;
    a->member = arena_sv(&a->stage->texts, member);
    a->open = true;
    a->at = spool_size(&a->stage->spool);
    start_reading(a);
    return ANSWER_MORE;
}

static enum answer_step on_record(struct answer *a, sv payload, struct err *e)
{
    struct record r;
    arena_reset(&a->record);
    if (!wire_get_record(payload, a->limits, &a->record, &r))
        return a->record.failed ? no_memory(e) : ANSWER_LIE;
    if (a->records == a->limits->report_rows)
        return ANSWER_LIE;
    a->records++;
    a->messages = sat_add(a->messages, r.count);
    if (!record_passes(&r))
        a->failed = sat_add(a->failed, r.count);
    if (a->full)
        return ANSWER_MORE;
    enum spool_put put = stage_record(a->stage, payload, e);
    a->full = put == SPOOL_FULL;
    return put == SPOOL_ERROR ? ANSWER_FAILED : ANSWER_MORE;
}

static enum answer_step on_reset(struct answer *a, sv payload, struct err *e)
{
    (void)e;
    if (!wire_get_nothing(payload))
        return ANSWER_LIE;
    start_reading(a);
    return ANSWER_MORE;
}

/* Ends the open document as a reject: its records are forgotten. */
static enum answer_step close_as_reject(struct answer *a, enum reject reason, sv detail, struct err *e)
{
    struct document d = {.kind = DOCUMENT_REJECT, .member = a->member};
    d.reject.reason = reason;
    d.reject.detail = detail;
    spool_cut(&a->stage->spool, a->at);
    a->open = false;
    return stage_document(a->stage, &d, a->at) ? ANSWER_MORE : no_memory(e);
}

static enum answer_step close_full(struct answer *a, struct err *e)
{
    a->stage->texts.failed = false;
    a->limit_hit = true;
    return close_as_reject(a, REJECT_stage_full, SV_ABSENT, e);
}

/* Ends the open document as a report. */
static enum answer_step close_as_report(struct answer *a, const struct document *d, struct err *e)
{
    a->open = false;
    return stage_document(a->stage, d, a->at) ? ANSWER_MORE : no_memory(e);
}

/* The reader has no clock. */
static void note_future(const struct answer *a, struct report *r)
{
    int64_t begin, end;
    report_period(r, &begin, &end);
    if (end > a->now + DAY_SECONDS)
        note_add(&r->notes, NOTE_range_future);
}

static enum answer_step on_aggregate_end(struct answer *a, sv payload, struct err *e)
{
    struct document d = {.kind = DOCUMENT_AGGREGATE, .member = a->member};
    arena *texts = &a->stage->texts;
    sv copy = arena_sv(texts, payload);
    if (texts->failed || !wire_get_aggregate_end(copy, a->limits, texts, &d.report))
        return texts->failed ? close_full(a, e) : ANSWER_LIE;
    const struct report *r = &d.report;
    if (r->records != a->records || r->messages != a->messages || r->dmarc_fail_messages != a->failed)
        return ANSWER_LIE;
    if (a->full)
        return close_full(a, e);
    note_future(a, &d.report);
    return close_as_report(a, &d, e);
}

static enum answer_step on_tlsrpt(struct answer *a, sv payload, struct err *e)
{
    struct document d = {.kind = DOCUMENT_TLSRPT, .member = a->member};
    arena *texts = &a->stage->texts;
    if (a->records > 0) /* it has none */
        return ANSWER_LIE;
    sv copy = arena_sv(texts, payload);
    if (texts->failed || !wire_get_tlsrpt(copy, a->limits, texts, &d.tlsrpt))
        return texts->failed ? close_full(a, e) : ANSWER_LIE;
    return close_as_report(a, &d, e);
}

static enum answer_step on_failure(struct answer *a, sv payload, struct err *e)
{
    struct document d = {.kind = DOCUMENT_FAILURE, .member = a->member};
    arena *texts = &a->stage->texts;
    if (a->records > 0) /* it has none */
        return ANSWER_LIE;
    sv copy = arena_sv(texts, payload);
    if (texts->failed)
        return close_full(a, e);
    return wire_get_failure(copy, a->limits, &d.failure) ? close_as_report(a, &d, e) : ANSWER_LIE;
}

static enum answer_step on_reject(struct answer *a, sv payload, struct err *e)
{
    struct wire_reject r;
    if (!wire_get_reject(payload, a->limits, &r))
        return ANSWER_LIE;
    sv detail = arena_sv(&a->stage->texts, r.detail);
    a->stage->texts.failed = false; /* a reject without its detail is still a reject */
    return close_as_reject(a, r.reason, detail, e);
}

static enum answer_step on_authentication(struct answer *a, sv payload, struct err *e)
{
    struct mail_auth auth;
    arena_reset(&a->record);
    if (a->told || !wire_get_authentication(payload, a->limits, &a->record, &auth))
        return a->record.failed ? no_memory(e) : ANSWER_LIE;
    a->auth = mail_auth_copy(&auth, &a->stage->texts);
    a->stage->texts.failed = false; /* a mail whose authenticity nobody knows is still a mail */
    a->told = true;
    return ANSWER_MORE;
}

static enum answer_step on_done(struct answer *a, sv payload, struct err *e)
{
    struct wire_done d;
    (void)e;
    if (!wire_get_done(payload, a->limits, &d) || d.documents != a->stage->n)
        return ANSWER_LIE;
    arena *texts = &a->stage->texts;
    *a->outcome = (struct mail_outcome){
        .state = d.state,
        .not_report = d.not_report,
        .reject = d.reject,
        .detail = arena_sv(texts, d.detail),
        .facts = {.from_domain = arena_sv(texts, d.facts.from_domain),
                  .message_id = arena_sv(texts, d.facts.message_id),
                  .subject = arena_sv(texts, d.facts.subject),
                  .auth = a->auth},
        .n_documents = a->stage->n,
        .holds_original = d.holds_original,
    };
    a->limit_hit = a->limit_hit || d.limit_hit;
    return ANSWER_DONE;
}

/* What may be said inside a document and what outside. */
static const struct {
    enum answer_step (*take)(struct answer *a, sv payload, struct err *e);
    bool inside;
} frames[WIRE_TYPE_END] = {
    [WIRE_document_begin] = {on_begin, false},
    [WIRE_record] = {on_record, true},
    [WIRE_reset] = {on_reset, true},
    [WIRE_aggregate_end] = {on_aggregate_end, true},
    [WIRE_tlsrpt] = {on_tlsrpt, true},
    [WIRE_failure] = {on_failure, true},
    [WIRE_reject] = {on_reject, true},
    [WIRE_done] = {on_done, false},
    [WIRE_authentication] = {on_authentication, false},
};

enum answer_step answer_take(struct answer *a, const struct wire_frame *f, struct err *e)
{
    if (frames[f->type].take == NULL || frames[f->type].inside != a->open)
        return ANSWER_LIE;
    return frames[f->type].take(a, f->payload, e);
}
