#include "reports_json.h"

static void write_failure(struct json *j, const struct tls_failure *f)
{
    json_open(j, NULL, '{');
    json_text(j, "result_type", f->result_type);
    json_time(j, "sessions", f->has_sessions, (int64_t)f->sessions);
    json_text(j, "sending_mta_ip", f->sending_mta_ip);
    json_text(j, "receiving_mx_hostname", f->receiving_mx_hostname);
    json_text(j, "receiving_ip", f->receiving_ip);
    json_text(j, "failure_reason_code", f->failure_reason_code);
    json_close(j, '}');
}

static void write_policy(struct output *o, struct json *j, const struct tls_policy *p)
{
    json_open(j, NULL, '{');
    json_text(j, "type", p->type);
    json_text(j, "domain", p->domain);
    json_number(j, "ok", p->ok);
    json_number(j, "failed", p->failed);
    json_open(j, "failures", '[');
    for (size_t i = 0; i < p->n_failures; i++) {
        write_failure(j, &p->failures[i]);
        output_step(o);
    }
    json_close(j, ']');
    json_close(j, '}');
}

void reports_json_tlsrpt(struct output *o, struct json *j, sv file, const struct document *d)
{
    const struct tlsrpt *r = &d->tlsrpt;
    reports_json_open(j, "tlsrpt", file);
    json_text(j, "member", d->member);
    json_text(j, "org_name", r->org_name);
    json_text(j, "email", r->email);
    json_text(j, "report_id", r->report_id);
    json_time(j, "begin", r->has_begin, r->begin);
    json_time(j, "end", r->has_end, r->end);
    json_open(j, "policies", '[');
    for (size_t i = 0; i < r->n_policies; i++)
        write_policy(o, j, &r->policies[i]);
    json_close(j, ']');
    json_number(j, "ok", r->ok);
    json_number(j, "failed", r->failed);
    if (o->options.notes)
        reports_json_notes(j, &r->notes);
    json_close(j, '}');
}
