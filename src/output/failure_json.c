#include "reports_json.h"

void reports_json_failure(struct output *o, struct json *j, sv file, const struct document *d)
{
    const struct failure_report *f = &d->failure;
    char ip[IP_TEXT];
    reports_json_open(j, failure_is_authentication(f) ? "failure" : "feedback", file);
    json_text(j, "member", d->member);
    json_text(j, "feedback_type", f->feedback_type);
    json_text(j, "auth_failure", f->auth_failure);
    json_text(j, "source_ip", f->has_source_ip ? sv_c(ip_text(&f->source_ip, ip)) : SV_ABSENT);
    json_text(j, "reported_domain", f->reported_domain);
    json_time(j, "arrival", f->has_arrival, f->arrival);
    json_text(j, "delivery_result", f->delivery_result);
    json_text(j, "identity_alignment", f->identity_alignment);
    json_text(j, "dkim_domain", f->dkim_domain);
    json_text(j, "header_from_domain", f->header_from_domain);
    json_text(j, "message_id", f->message_id);
    if (o->options.notes)
        reports_json_notes(j, &f->notes);
    json_close(j, '}');
}
