#include "documents.h"

#include <assert.h>

#include "base/utf8.h"

void documents_init(struct documents *d, struct parent *parent, const struct limits *limits)
{
    *d = (struct documents){.parent = parent, .limits = limits};
    arena_init(&d->texts, MIB(1) + 16 * limits->mail_text);
}

void documents_free(struct documents *d)
{
    arena_free(&d->texts);
}

void documents_start(struct documents *d)
{
    d->n = d->rejects = 0;
    d->open = d->limit_hit = false;
}

static sv fit(struct documents *d, sv s)
{
    if (s.p == NULL || (s.n <= d->limits->mail_text && utf8_valid(s) && sv_find_char(s, '\0', 0) == SIZE_MAX))
        return s;
    buf clean;
    /* A replaced octet becomes three. */
    buf_init(&clean, 3 * d->limits->mail_text);
    (void)utf8_put_clean(&clean, sv_first(s, d->limits->mail_text));
    for (size_t i = 0; i < clean.n; i++)
        if (clean.p[i] == '\0')
            clean.p[i] = ' ';
    sv out = arena_sv(&d->texts, utf8_cut(buf_view(&clean), d->limits->mail_text));
    buf_free(&clean);
    return out;
}

bool documents_is_limit(enum reject r)
{
    static const enum reject limits[] = {
        REJECT_too_deep,         REJECT_packed_too_large, REJECT_document_too_large,
        REJECT_ratio_too_high,   REJECT_too_many_members, REJECT_mail_unpacked_too_large,
        REJECT_too_many_entries, REJECT_too_many_parts,   REJECT_too_many_headers,
        REJECT_header_too_large, REJECT_too_many_reports, REJECT_too_many_rows,
        REJECT_markup_too_long,  REJECT_too_many_unknown, REJECT_too_many_attributes,
        REJECT_cpu_limit,        REJECT_memory_limit,     REJECT_mail_too_large,
        REJECT_too_many_tokens,
    };
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        if (r == limits[i])
            return true;
    return false;
}

static void begin(struct documents *d, sv member)
{
    size_t before = d->parent->out.n;
    assert(!d->open);
    arena_reset(&d->texts);
    wire_put_document_begin(&d->parent->out, fit(d, member));
    bool kept = parent_keep(d->parent, before);
    assert(kept);
    (void)kept;
    d->open = true;
    d->n++;
}

bool documents_begin(struct documents *d, sv member)
{
    if (d->n >= d->limits->mail_reports)
        return false;
    begin(d, member);
    return true;
}

bool documents_record(struct documents *d, const struct record *r)
{
    size_t before = d->parent->out.n;
    assert(d->open);
    wire_put_record(&d->parent->out, r);
    return parent_keep(d->parent, before);
}

void documents_reset(struct documents *d)
{
    size_t before = d->parent->out.n;
    assert(d->open);
    wire_put_reset(&d->parent->out);
    (void)!parent_keep(d->parent, before);
}

/* What was put since `before` is the report's last frame. */
static void end(struct documents *d, size_t before)
{
    if (parent_keep(d->parent, before))
        d->open = false;
    else
        documents_reject(d, REJECT_document_too_large, SV("its own fields are larger than a frame"));
}

void documents_report(struct documents *d, const struct report *r)
{
    size_t before = d->parent->out.n;
    assert(d->open);
    wire_put_aggregate_end(&d->parent->out, r);
    end(d, before);
}

void documents_tlsrpt(struct documents *d, const struct tlsrpt *r)
{
    size_t before = d->parent->out.n;
    assert(d->open);
    wire_put_tlsrpt(&d->parent->out, r);
    end(d, before);
}

void documents_failure(struct documents *d, const struct failure_report *f)
{
    size_t before = d->parent->out.n;
    assert(d->open);
    wire_put_failure(&d->parent->out, f);
    end(d, before);
}

void documents_reject(struct documents *d, enum reject reason, sv detail)
{
    size_t before = d->parent->out.n;
    assert(d->open);
    arena_reset(&d->texts);
    struct wire_reject reject = {.reason = reason, .detail = fit(d, detail)};
    wire_put_reject(&d->parent->out, &reject);
    (void)!parent_keep(d->parent, before);
    d->open = false;
    d->rejects++;
    d->limit_hit = d->limit_hit || documents_is_limit(reason);
}

/* Where no server says anything, there is nothing to say. */
static void put_authentication(struct documents *d, const struct mail_auth *auth)
{
    size_t before = d->parent->out.n;
    if (auth->n_fields == 0)
        return;
    wire_put_authentication(&d->parent->out, auth);
    (void)!parent_keep(d->parent, before);
}

void documents_done(struct documents *d, const struct documents_end *end)
{
    const struct mail_facts *facts = end->facts;
    enum reject whole = end->whole;
    /* Beside documents that were read, the mail's own trouble is one more of them. */
    if (whole != REJECT_NONE_ && d->n > 0) {
        begin(d, SV_ABSENT);
        documents_reject(d, whole, end->detail);
        whole = REJECT_NONE_;
    }
    arena_reset(&d->texts);
    struct wire_done done = {
        .state = d->n > 0 ? MAIL_READ
                 : whole  ? MAIL_REJECTED
                          : MAIL_NOT_A_REPORT,
        .reject = whole,
        .detail = whole ? fit(d, end->detail) : SV_ABSENT,
        .facts = {.from_domain = fit(d, facts->from_domain),
                  .message_id = fit(d, facts->message_id),
                  .subject = fit(d, facts->subject)},
        .documents = d->n,
        .cpu_ms = end->cpu_ms,
        .holds_original = end->holds_original,
        .limit_hit = d->limit_hit || documents_is_limit(whole),
    };
    if (done.state == MAIL_NOT_A_REPORT)
        done.not_report = end->not_report;
    put_authentication(d, &facts->auth);
    size_t before = d->parent->out.n;
    wire_put_done(&d->parent->out, &done);
    (void)!parent_keep(d->parent, before);
}
