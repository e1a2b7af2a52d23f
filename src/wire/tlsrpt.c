/* A TLS report, whole in one frame. Texts go by limits.xml_leaf, arrays by the tls_ limits. */
#include "base/num.h"
#include "cursor.h"

static void put_failure(buf *out, const struct tls_failure *f)
{
    put_text(out, f->result_type);
    put_bool(out, f->has_sessions);
    put_u64(out, f->has_sessions ? f->sessions : 0);
    put_text(out, f->sending_mta_ip);
    put_text(out, f->receiving_mx_hostname);
    put_text(out, f->receiving_ip);
    put_text(out, f->failure_reason_code);
}

static struct tls_failure get_failure(struct cursor *c)
{
    struct tls_failure f = {.result_type = get_leaf(c)};
    f.has_sessions = get_bool(c);
    f.sessions = get_upto(c, f.has_sessions ? c->limits->row_count : 0);
    f.sending_mta_ip = get_leaf(c);
    f.receiving_mx_hostname = get_leaf(c);
    f.receiving_ip = get_leaf(c);
    f.failure_reason_code = get_leaf(c);
    return f;
}

static void put_policy(buf *out, const struct tls_policy *p)
{
    put_text(out, p->type);
    put_text(out, p->domain);
    put_text(out, p->text);
    put_u64(out, p->ok);
    put_u64(out, p->failed);
    put_count(out, p->n_failures);
    for (size_t i = 0; i < p->n_failures; i++)
        put_failure(out, &p->failures[i]);
}

/* room: entries that all policies together may still have. */
static void get_policy(struct cursor *c, struct tls_policy *p, uint64_t *room)
{
    p->type = get_leaf(c);
    p->domain = get_leaf(c);
    p->text = get_leaf(c);
    p->ok = get_upto(c, c->limits->row_count);
    p->failed = get_upto(c, c->limits->row_count);
    p->failures = get_array(c, *room, sizeof *p->failures, &p->n_failures);
    *room -= p->n_failures;
    for (size_t i = 0; i < p->n_failures && !c->failed; i++)
        p->failures[i] = get_failure(c);
}

void wire_put_tlsrpt(buf *out, const struct tlsrpt *r)
{
    size_t start = wire_open(out, WIRE_tlsrpt);
    put_text(out, r->org_name);
    put_text(out, r->email);
    put_text(out, r->report_id);
    put_time(out, r->has_begin, r->begin);
    put_time(out, r->has_end, r->end);
    put_notes(out, &r->notes);
    put_count(out, r->n_policies);
    for (size_t i = 0; i < r->n_policies; i++)
        put_policy(out, &r->policies[i]);
    wire_close(out, start);
}

/* The sums are the parent's own. */
static void get_policies(struct cursor *c, struct tlsrpt *r)
{
    uint64_t room = c->limits->tls_failures;
    r->policies = get_array(c, c->limits->tls_policies, sizeof *r->policies, &r->n_policies);
    for (size_t i = 0; i < r->n_policies && !c->failed; i++) {
        get_policy(c, &r->policies[i], &room);
        r->ok = sat_add(r->ok, r->policies[i].ok);
        r->failed = sat_add(r->failed, r->policies[i].failed);
    }
}

bool wire_get_tlsrpt(sv payload, const struct limits *l, arena *a, struct tlsrpt *r)
{
    struct cursor c = {.rest = payload, .limits = l, .arena = a};
    *r = (struct tlsrpt){.org_name = get_leaf(&c)};
    r->email = get_leaf(&c);
    r->report_id = get_leaf(&c);
    r->begin = get_time(&c, &r->has_begin);
    r->end = get_time(&c, &r->has_end);
    r->notes = get_notes(&c);
    get_policies(&c, r);
    return get_end(&c) && (r->has_begin || r->has_end);
}
