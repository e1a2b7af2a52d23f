/* A failure report. Texts go by limits.xml_leaf. */
#include "cursor.h"

void wire_put_failure(buf *out, const struct failure_report *f)
{
    const struct ip none = {{0}};
    size_t start = wire_open(out, WIRE_failure);
    put_text(out, f->feedback_type);
    put_text(out, f->auth_failure);
    put_text(out, f->reported_domain);
    put_text(out, f->delivery_result);
    put_text(out, f->identity_alignment);
    put_text(out, f->dkim_domain);
    put_text(out, f->dkim_identity);
    put_text(out, f->dkim_selector);
    put_bool(out, f->has_source_ip);
    put_ip(out, f->has_source_ip ? &f->source_ip : &none);
    put_time(out, f->has_arrival, f->arrival);
    put_u64(out, f->incidents);
    put_text(out, f->header_from_domain);
    put_text(out, f->message_id);
    put_notes(out, &f->notes);
    wire_close(out, start);
}

bool wire_get_failure(sv payload, const struct limits *l, struct failure_report *f)
{
    const struct ip none = {{0}};
    struct cursor c = {.rest = payload, .limits = l};
    *f = (struct failure_report){.feedback_type = get_leaf(&c)};
    f->auth_failure = get_leaf(&c);
    f->reported_domain = get_leaf(&c);
    f->delivery_result = get_leaf(&c);
    f->identity_alignment = get_leaf(&c);
    f->dkim_domain = get_leaf(&c);
    f->dkim_identity = get_leaf(&c);
    f->dkim_selector = get_leaf(&c);
    f->has_source_ip = get_bool(&c);
    f->source_ip = get_ip(&c);
    f->arrival = get_time(&c, &f->has_arrival);
    f->incidents = get_upto(&c, l->row_count);
    f->header_from_domain = get_leaf(&c);
    f->message_id = get_leaf(&c);
    f->notes = get_notes(&c);
    return get_end(&c) && f->incidents > 0 && (f->has_source_ip || ip_cmp(&f->source_ip, &none) == 0);
}
