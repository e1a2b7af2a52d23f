/* What a report must have and may lack, when its root is closed. */
#include "base/clock.h"
#include "build.h"
#include "model/domain.h"

static void note_absent(struct builder *b, sv value, enum note note)
{
    if (value.n == 0)
        reading_note(b->rd, note);
}

static void finish_dates(struct builder *b)
{
    const struct report *r = &b->report;
    int64_t begin, end;
    if (!r->has_begin && !r->has_end) {
        reading_refuse(b->rd, REJECT_no_usable_date, "%s", "neither begin nor end can be read");
        return;
    }
    if (!r->has_begin)
        reading_note(b->rd, NOTE_begin_absent);
    if (!r->has_end)
        reading_note(b->rd, NOTE_end_absent);
    if (r->has_begin && r->has_end && r->begin > r->end)
        reading_note(b->rd, NOTE_range_reversed);
    report_period(r, &begin, &end);
    if ((uint64_t)(end - begin) > b->rd->limits->report_days * (uint64_t)DAY_SECONDS)
        reading_note(b->rd, NOTE_range_long);
}

static void finish_domain(struct builder *b)
{
    struct report *r = &b->report;
    bool odd = false;
    r->domain = r->policy.domain;
    if (r->domain.n == 0) {
        r->domain = b->from_differs ? SV_ABSENT : b->shared_from;
        reading_note(b->rd, NOTE_domain_inferred);
    }
    if (r->domain.n == 0) {
        reading_refuse(b->rd, REJECT_no_policy_domain, "%s", "");
        return;
    }
    (void)domain_fold(&b->head, r->domain, &odd);
    if (odd)
        reading_note(b->rd, NOTE_domain_odd);
}

static void finish_schema(struct builder *b)
{
    static const char *const namespaces[] = {
        [DIALECT_RFC7489] = "http://dmarc.org/dmarc-xml/0.1", [DIALECT_RFC9990] = RFC9990_NAMESPACE};
    struct report *r = &b->report;
    r->own_namespace = b->root_namespace && strcmp(b->root_namespace, namespaces[r->dialect]) == 0;
    if (r->dialect == DIALECT_RFC7489 && b->metadata_out_of_order)
        r->out_of_order = true;
}

void build_finish(struct builder *b)
{
    struct report *r = &b->report;
    if (((b->seen | b->seen_empty) >> PLACE_METADATA & 1) == 0) {
        reading_refuse(b->rd, REJECT_no_report_metadata, "%s", "");
        return;
    }
    note_absent(b, r->org_name, NOTE_org_name_absent);
    note_absent(b, r->email, NOTE_email_absent);
    note_absent(b, r->report_id, NOTE_report_id_absent);
    if (r->policy.p.v == POLICY_ABSENT)
        reading_note(b->rd, NOTE_policy_absent);
    if (r->records_raw == 0)
        reading_note(b->rd, NOTE_no_records);
    finish_dates(b);
    finish_domain(b);
    finish_schema(b);
    if (b->head.failed)
        reading_refuse(b->rd, REJECT_memory_limit, "%s", "");
    r->notes = b->rd->notes;
}
