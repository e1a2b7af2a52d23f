/* The facts of aggregate reports: a record, and the report's own fields after its records. Texts go by
 * limits.xml_leaf, arrays by the row_ and report_ limits. */
#include "cursor.h"

static void put_reason(buf *out, const struct reason *r)
{
    put_word(out, r->type);
    put_text(out, r->comment);
}

static struct reason get_reason(struct cursor *c)
{
    struct reason r = {.type = get_word(c, REASON_LIST)};
    r.comment = get_leaf(c);
    return r;
}

static void put_dkim(buf *out, const struct dkim_auth *d)
{
    put_text(out, d->domain);
    put_text(out, d->selector);
    put_word(out, d->result);
    put_text(out, d->human_result);
}

static struct dkim_auth get_dkim(struct cursor *c)
{
    struct dkim_auth d = {.domain = get_leaf(c)};
    d.selector = get_leaf(c);
    d.result = get_word(c, DKIM_LIST);
    d.human_result = get_leaf(c);
    return d;
}

static void put_spf(buf *out, const struct spf_auth *s)
{
    put_text(out, s->domain);
    put_word(out, s->scope);
    put_word(out, s->result);
    put_text(out, s->human_result);
}

static struct spf_auth get_spf(struct cursor *c)
{
    struct spf_auth s = {.domain = get_leaf(c)};
    s.scope = get_word(c, SCOPE_LIST);
    s.result = get_word(c, SPF_LIST);
    s.human_result = get_leaf(c);
    return s;
}

void wire_put_record(buf *out, const struct record *r)
{
    size_t start = wire_open(out, WIRE_record);
    put_ip(out, &r->source_ip);
    put_u64(out, r->count);
    put_word(out, r->disposition);
    put_word(out, r->dkim);
    put_word(out, r->spf);
    put_text(out, r->header_from);
    put_text(out, r->envelope_from);
    put_text(out, r->envelope_to);
    put_count(out, r->n_reasons);
    for (size_t i = 0; i < r->n_reasons; i++)
        put_reason(out, &r->reasons[i]);
    put_count(out, r->n_dkims);
    for (size_t i = 0; i < r->n_dkims; i++)
        put_dkim(out, &r->dkims[i]);
    put_count(out, r->n_spfs);
    for (size_t i = 0; i < r->n_spfs; i++)
        put_spf(out, &r->spfs[i]);
    wire_close(out, start);
}

static void get_reasons(struct cursor *c, struct record *r)
{
    r->reasons = get_array(c, c->limits->row_reasons, sizeof *r->reasons, &r->n_reasons);
    for (size_t i = 0; i < r->n_reasons && !c->failed; i++)
        r->reasons[i] = get_reason(c);
}

static void get_auths(struct cursor *c, struct record *r)
{
    r->dkims = get_array(c, c->limits->row_auths, sizeof *r->dkims, &r->n_dkims);
    for (size_t i = 0; i < r->n_dkims && !c->failed; i++)
        r->dkims[i] = get_dkim(c);
    r->spfs = get_array(c, c->limits->row_auths, sizeof *r->spfs, &r->n_spfs);
    for (size_t i = 0; i < r->n_spfs && !c->failed; i++)
        r->spfs[i] = get_spf(c);
}

bool wire_get_record(sv payload, const struct limits *l, arena *a, struct record *r)
{
    struct cursor c = {.rest = payload, .limits = l, .arena = a};
    *r = (struct record){.source_ip = get_ip(&c)};
    r->count = get_upto(&c, l->row_count);
    r->disposition = get_word(&c, DISPOSITION_LIST);
    r->dkim = get_word(&c, VERDICT_LIST);
    r->spf = get_word(&c, VERDICT_LIST);
    r->header_from = get_leaf(&c);
    r->envelope_from = get_leaf(&c);
    r->envelope_to = get_leaf(&c);
    get_reasons(&c, r);
    get_auths(&c, r);
    return get_end(&c);
}

static void put_policy(buf *out, const struct policy_published *p)
{
    put_text(out, p->domain);
    put_word(out, p->p);
    put_word(out, p->sp);
    put_word(out, p->np);
    put_word(out, p->adkim);
    put_word(out, p->aspf);
    put_text(out, p->pct);
    put_text(out, p->fo);
    put_word(out, p->testing);
    put_word(out, p->discovery_method);
}

static void get_policy(struct cursor *c, struct policy_published *p)
{
    p->domain = get_leaf(c);
    p->p = get_word(c, POLICY_LIST);
    p->sp = get_word(c, POLICY_LIST);
    p->np = get_word(c, POLICY_LIST);
    p->adkim = get_word(c, ALIGNMENT_LIST);
    p->aspf = get_word(c, ALIGNMENT_LIST);
    p->pct = get_leaf(c);
    p->fo = get_leaf(c);
    p->testing = get_word(c, TESTING_LIST);
    p->discovery_method = get_word(c, DISCOVERY_LIST);
}

static void get_errors(struct cursor *c, struct report *r)
{
    r->errors = get_array(c, c->limits->report_errors, sizeof *r->errors, &r->n_errors);
    for (size_t i = 0; i < r->n_errors && !c->failed; i++)
        r->errors[i] = get_leaf(c);
}

void wire_put_aggregate_end(buf *out, const struct report *r)
{
    size_t start = wire_open(out, WIRE_aggregate_end);
    put_u8(out, (uint8_t)r->dialect);
    put_text(out, r->version);
    put_text(out, r->org_name);
    put_text(out, r->email);
    put_text(out, r->extra_contact_info);
    put_text(out, r->report_id);
    put_text(out, r->generator);
    put_time(out, r->has_begin, r->begin);
    put_time(out, r->has_end, r->end);
    put_count(out, r->n_errors);
    for (size_t i = 0; i < r->n_errors; i++)
        put_text(out, r->errors[i]);
    put_policy(out, &r->policy);
    put_text(out, r->domain);
    put_notes(out, &r->notes);
    put_bool(out, r->own_namespace);
    put_bool(out, r->out_of_order);
    put_u8(out, r->delivery);
    put_u64(out, r->records);
    put_u64(out, r->records_raw);
    put_u64(out, r->messages);
    put_u64(out, r->dmarc_fail_messages);
    wire_close(out, start);
}

bool wire_get_aggregate_end(sv payload, const struct limits *l, arena *a, struct report *r)
{
    struct cursor c = {.rest = payload, .limits = l, .arena = a};
    *r = (struct report){.dialect = (enum dialect)get_enum(&c, DIALECT_RFC9990 + 1)};
    r->version = get_leaf(&c);
    r->org_name = get_leaf(&c);
    r->email = get_leaf(&c);
    r->extra_contact_info = get_leaf(&c);
    r->report_id = get_leaf(&c);
    r->generator = get_leaf(&c);
    r->begin = get_time(&c, &r->has_begin);
    r->end = get_time(&c, &r->has_end);
    get_errors(&c, r);
    get_policy(&c, &r->policy);
    r->domain = get_leaf(&c);
    r->notes = get_notes(&c);
    r->own_namespace = get_bool(&c);
    r->out_of_order = get_bool(&c);
    r->delivery = (uint8_t)get_enum(&c, DELIVERY_ALL + 1);
    r->records = get_upto(&c, l->report_rows);
    r->records_raw = get_upto(&c, l->report_rows);
    r->messages = get_u64(&c);
    r->dmarc_fail_messages = get_u64(&c);
    return get_end(&c) && r->domain.n > 0 && (r->has_begin || r->has_end) && r->records <= r->records_raw &&
           r->dmarc_fail_messages <= r->messages;
}
