/* Everything but the facts: the limits, a mail on its way in, what a document and a mail came to. */
#include "cursor.h"

enum { BUILD_ID_MAX = 128 };

void wire_put_limits(buf *out, const struct limits *l, bool best_effort)
{
    struct limits copy = *l;
    unsigned n;
    (void)limits_table(&n);
    size_t start = wire_open(out, WIRE_limits);
    put_text(out, sv_c(wire_build_id()));
    put_bool(out, best_effort);
    for (unsigned i = 0; i < n; i++)
        put_u64(out, *limits_at(&copy, i));
    wire_close(out, start);
}

enum wire_limits wire_get_limits(sv payload, struct limits *l, bool *best_effort)
{
    struct cursor c = {.rest = payload};
    sv build_id = get_text(&c, BUILD_ID_MAX);
    if (c.failed)
        return WIRE_LIMITS_BAD;
    if (!sv_eq(build_id, sv_c(wire_build_id())))
        return WIRE_LIMITS_OTHER_BUILD;
    *best_effort = get_bool(&c);
    unsigned n;
    const struct limit_info *table = limits_table(&n);
    for (unsigned i = 0; i < n; i++) {
        uint64_t v = get_upto(&c, table[i].ceiling);
        if (v == 0)
            c.failed = true;
        *limits_at(l, i) = v;
    }
    return get_end(&c) ? WIRE_LIMITS_OK : WIRE_LIMITS_BAD;
}

void wire_put_ask(char out[WIRE_ASK_SIZE], uint8_t slot)
{
    out[0] = (char)slot;
}

void wire_put_born(char out[WIRE_BORN_SIZE], const char ask[WIRE_ASK_SIZE], uint32_t pid)
{
    out[0] = ask[0];
    for (unsigned i = 0; i < 4; i++)
        out[1 + i] = (char)(pid >> 8 * i);
}

bool wire_get_born(sv packet, uint8_t *slot, uint32_t *pid)
{
    struct cursor c = {.rest = packet};
    *slot = get_u8(&c);
    *pid = get_u32(&c);
    return get_end(&c);
}

void wire_put_mail_begin(buf *out, uint64_t size)
{
    size_t start = wire_open(out, WIRE_mail_begin);
    put_u64(out, size);
    wire_close(out, start);
}

bool wire_get_mail_begin(sv payload, const struct limits *l, uint64_t *size)
{
    struct cursor c = {.rest = payload};
    *size = get_upto(&c, l->mail_size);
    return get_end(&c);
}

void wire_put_mail_data(buf *out, sv piece)
{
    size_t start = wire_open(out, WIRE_mail_data);
    buf_sv(out, piece);
    wire_close(out, start);
}

void wire_put_mail_end(buf *out)
{
    wire_close(out, wire_open(out, WIRE_mail_end));
}

void wire_put_reset(buf *out)
{
    wire_close(out, wire_open(out, WIRE_reset));
}

bool wire_get_nothing(sv payload)
{
    return payload.n == 0;
}

void wire_put_hello(buf *out, const struct wire_hello *h)
{
    size_t start = wire_open(out, WIRE_hello);
    put_text(out, h->build_id);
    put_u8(out, (uint8_t)h->sandbox);
    wire_close(out, start);
}

bool wire_get_hello(sv payload, struct wire_hello *h)
{
    struct cursor c = {.rest = payload};
    h->build_id = get_text(&c, BUILD_ID_MAX);
    h->sandbox = (enum wire_sandbox)get_enum(&c, WIRE_SANDBOX_END);
    return get_end(&c);
}

void wire_put_document_begin(buf *out, sv member)
{
    size_t start = wire_open(out, WIRE_document_begin);
    put_text(out, member);
    wire_close(out, start);
}

bool wire_get_document_begin(sv payload, const struct limits *l, sv *member)
{
    struct cursor c = {.rest = payload};
    *member = get_text(&c, l->mail_text);
    return get_end(&c);
}

/* Reasons that only the parent can have. */
static bool is_parents(uint8_t reason)
{
    static const enum reject parents[] = {REJECT_stage_full,  REJECT_worker_crash, REJECT_worker_timeout,
                                          REJECT_worker_lied, REJECT_unfetchable,  REJECT_store_refused};
    for (size_t i = 0; i < COUNT_OF(parents); i++)
        if (reason == parents[i])
            return true;
    return false;
}

static enum reject get_reason(struct cursor *c)
{
    uint8_t reason = get_enum(c, REJECT_END);
    if (is_parents(reason))
        c->failed = true;
    return (enum reject)reason;
}

void wire_put_reject(buf *out, const struct wire_reject *r)
{
    size_t start = wire_open(out, WIRE_reject);
    put_u8(out, (uint8_t)r->reason);
    put_text(out, r->detail);
    wire_close(out, start);
}

bool wire_get_reject(sv payload, const struct limits *l, struct wire_reject *r)
{
    struct cursor c = {.rest = payload};
    r->reason = get_reason(&c);
    r->detail = get_text(&c, l->mail_text);
    return get_end(&c) && r->reason != REJECT_NONE_;
}

void wire_put_done(buf *out, const struct wire_done *d)
{
    size_t start = wire_open(out, WIRE_done);
    put_u8(out, (uint8_t)d->state);
    put_u8(out, (uint8_t)d->not_report);
    put_u8(out, (uint8_t)d->reject);
    put_text(out, d->detail);
    put_text(out, d->facts.from_domain);
    put_text(out, d->facts.message_id);
    put_text(out, d->facts.subject);
    put_u64(out, d->documents);
    put_u64(out, d->cpu_ms);
    put_bool(out, d->limit_hit);
    put_bool(out, d->holds_original);
    wire_close(out, start);
}

static bool done_is_sound(const struct wire_done *d)
{
    return (d->state == MAIL_READ) == (d->documents > 0) && (d->state == MAIL_REJECTED) == (d->reject != 0) &&
           (d->state == MAIL_NOT_A_REPORT || d->not_report == 0);
}

bool wire_get_done(sv payload, const struct limits *l, struct wire_done *d)
{
    struct cursor c = {.rest = payload};
    *d = (struct wire_done){.state = (enum mail_state)get_enum(&c, MAIL_TEMPORARY)};
    d->not_report = (enum not_report)get_enum(&c, NOT_REPORT_END);
    d->reject = get_reason(&c);
    d->detail = get_text(&c, l->mail_text);
    d->facts.from_domain = get_text(&c, l->mail_text);
    d->facts.message_id = get_text(&c, l->mail_text);
    d->facts.subject = get_text(&c, l->mail_text);
    d->documents = get_upto(&c, l->mail_reports + 1);
    d->cpu_ms = get_u64(&c);
    d->limit_hit = get_bool(&c);
    d->holds_original = get_bool(&c);
    return get_end(&c) && done_is_sound(d);
}
