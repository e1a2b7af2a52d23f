/* The facts of aggregate reports: a record, and the report's own fields after its records. Texts go by
 * limits.xml_leaf, arrays by the row_ and report_ limits. */
#include "cursor.h"

static sv leaf(struct cursor *c)
{
    return get_text(c, c->limits->xml_leaf);
}

static void put_ip(buf *out, const struct ip *ip)
{
    buf_put(out, ip->b, sizeof ip->b);
}

static struct ip get_ip(struct cursor *c)
{
    struct ip ip;
    for (size_t i = 0; i < sizeof ip.b; i++)
        ip.b[i] = get_u8(c);
    return ip;
}

static void put_reason(buf *out, const struct reason *r)
{
    put_word(out, r->type);
    put_text(out, r->comment);
}

static struct reason get_reason(struct cursor *c)
{
    struct reason r = {.type = get_word(c, REASON_LIST)};
    r.comment = leaf(c);
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
    struct dkim_auth d = {.domain = leaf(c)};
    d.selector = leaf(c);
    d.result = get_word(c, DKIM_LIST);
    d.human_result = leaf(c);
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
    struct spf_auth s = {.domain = leaf(c)};
    s.scope = get_word(c, SCOPE_LIST);
    s.result = get_word(c, SPF_LIST);
    s.human_result = leaf(c);
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
    r->header_from = leaf(&c);
    r->envelope_from = leaf(&c);
    r->envelope_to = leaf(&c);
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
    p->domain = leaf(c);
    p->p = get_word(c, POLICY_LIST);
    p->sp = get_word(c, POLICY_LIST);
    p->np = get_word(c, POLICY_LIST);
    p->adkim = get_word(c, ALIGNMENT_LIST);
    p->aspf = get_word(c, ALIGNMENT_LIST);
    p->pct = leaf(c);
    p->fo = leaf(c);
    p->testing = get_word(c, TESTING_LIST);
    p->discovery_method = get_word(c, DISCOVERY_LIST);
}

static void put_time(buf *out, bool has, int64_t t)
{
    put_bool(out, has);
    put_u64(out, has ? (uint64_t)t : 0);
}

static int64_t get_time(struct cursor *c, bool *has)
{
    *has = get_bool(c);
    int64_t t = (int64_t)get_u64(c);
    if (!*has && t != 0)
        c->failed = true;
    return t;
}

static struct note_set get_notes(struct cursor *c)
{
    struct note_set known = {{0, 0}}, set;
    set.bits[0] = get_u64(c);
    set.bits[1] = get_u64(c);
    for (unsigned i = 0; i < NOTE_END; i++)
        note_add(&known, (enum note)i);
    if ((set.bits[0] & ~known.bits[0]) != 0 || (set.bits[1] & ~known.bits[1]) != 0)
        c->failed = true;
    return set;
}

static void get_errors(struct cursor *c, struct report *r)
{
    r->errors = get_array(c, c->limits->report_errors, sizeof *r->errors, &r->n_errors);
    for (size_t i = 0; i < r->n_errors && !c->failed; i++)
        r->errors[i] = leaf(c);
}

void wire_put_aggregate_end(buf *out, const struct report *r)
{
    size_t start = wire_open(out, WIRE_aggregate_end);
    put_u8(out, (uint8_t)r->dialect);
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
    put_u64(out, r->notes.bits[0]);
    put_u64(out, r->notes.bits[1]);
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
    r->org_name = leaf(&c);
    r->email = leaf(&c);
    r->extra_contact_info = leaf(&c);
    r->report_id = leaf(&c);
    r->generator = leaf(&c);
    r->begin = get_time(&c, &r->has_begin);
    r->end = get_time(&c, &r->has_end);
    get_errors(&c, r);
    get_policy(&c, &r->policy);
    r->domain = leaf(&c);
    r->notes = get_notes(&c);
    r->records = get_upto(&c, l->report_rows);
    r->records_raw = get_upto(&c, l->report_rows);
    r->messages = get_u64(&c);
    r->dmarc_fail_messages = get_u64(&c);
    return get_end(&c) && r->domain.n > 0 && (r->has_begin || r->has_end) && r->records <= r->records_raw &&
           r->dmarc_fail_messages <= r->messages;
}
