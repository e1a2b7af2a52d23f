#include "reports_json.h"

#include "base/num.h"

static void word(struct json *j, const char *key, enum word_list list, struct word w)
{
    json_text(j, key, word_text(list, w));
}

static void write_policy(struct json *j, const struct policy_published *p)
{
    json_open(j, "policy_published", '{');
    json_text(j, "domain", p->domain);
    word(j, "p", POLICY_LIST, p->p);
    word(j, "sp", POLICY_LIST, p->sp);
    word(j, "np", POLICY_LIST, p->np);
    word(j, "adkim", ALIGNMENT_LIST, p->adkim);
    word(j, "aspf", ALIGNMENT_LIST, p->aspf);
    json_text(j, "pct", p->pct);
    json_text(j, "fo", p->fo);
    word(j, "testing", TESTING_LIST, p->testing);
    word(j, "discovery_method", DISCOVERY_LIST, p->discovery_method);
    json_close(j, '}');
}

static void write_auth_results(struct json *j, const struct record *r)
{
    json_open(j, "auth_results", '{');
    json_open(j, "dkim", '[');
    for (size_t i = 0; i < r->n_dkims; i++) {
        json_open(j, NULL, '{');
        json_text(j, "domain", r->dkims[i].domain);
        json_text(j, "selector", r->dkims[i].selector);
        word(j, "result", DKIM_LIST, r->dkims[i].result);
        json_text(j, "human_result", r->dkims[i].human_result);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_open(j, "spf", '[');
    for (size_t i = 0; i < r->n_spfs; i++) {
        json_open(j, NULL, '{');
        json_text(j, "domain", r->spfs[i].domain);
        word(j, "scope", SCOPE_LIST, r->spfs[i].scope);
        word(j, "result", SPF_LIST, r->spfs[i].result);
        json_text(j, "human_result", r->spfs[i].human_result);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void write_record(struct json *j, const struct record *r)
{
    char ip[IP_TEXT];
    json_open(j, NULL, '{');
    json_text(j, "source_ip", sv_c(ip_text(&r->source_ip, ip)));
    json_number(j, "count", r->count);
    word(j, "disposition", DISPOSITION_LIST, r->disposition);
    word(j, "dkim", VERDICT_LIST, r->dkim);
    word(j, "spf", VERDICT_LIST, r->spf);
    json_open(j, "reasons", '[');
    for (size_t i = 0; i < r->n_reasons; i++) {
        json_open(j, NULL, '{');
        word(j, "type", REASON_LIST, r->reasons[i].type);
        json_text(j, "comment", r->reasons[i].comment);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_text(j, "header_from", r->header_from);
    json_text(j, "envelope_from", r->envelope_from);
    json_text(j, "envelope_to", r->envelope_to);
    write_auth_results(j, r);
    json_close(j, '}');
}

static void write_inferred(struct json *j, const struct report *r)
{
    int64_t begin, end;
    report_period(r, &begin, &end);
    json_open(j, "inferred", '{');
    if (note_has(&r->notes, NOTE_domain_inferred))
        json_text(j, "domain", r->domain);
    if (!r->has_begin)
        json_time(j, "begin", true, begin);
    if (!r->has_end)
        json_time(j, "end", true, end);
    json_close(j, '}');
}

void reports_json_notes(struct json *j, const struct note_set *notes)
{
    json_open(j, "notes", '[');
    for (unsigned n = 0; n < NOTE_END; n++)
        if (note_has(notes, (enum note)n))
            json_text(j, NULL, sv_c(note_code((enum note)n)));
    json_close(j, ']');
}

static void write_lint(struct json *j, struct lint_set set, enum dialect dialect)
{
    char clause[64];
    json_open(j, "lint", '[');
    for (unsigned l = 0; l < LINT_END; l++) {
        if (!lint_has(set, (enum lint)l))
            continue;
        (void)snprintf(clause, sizeof clause, "%s %s", lint_standard(dialect),
                       lint_clause((enum lint)l, dialect));
        json_open(j, NULL, '{');
        json_text(j, "rule", sv_c(lint_code((enum lint)l)));
        json_text(j, "clause", sv_c(clause));
        json_text(j, "sentence", sv_c(lint_sentence((enum lint)l)));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void write_head(struct json *j, const struct report *r)
{
    json_text(j, "dialect", r->dialect == DIALECT_RFC9990 ? SV("rfc9990") : SV("rfc7489"));
    json_text(j, "org_name", r->org_name);
    json_text(j, "email", r->email);
    json_text(j, "extra_contact_info", r->extra_contact_info);
    json_text(j, "report_id", r->report_id);
    json_time(j, "begin", r->has_begin, r->begin);
    json_time(j, "end", r->has_end, r->end);
    json_open(j, "errors", '[');
    for (size_t i = 0; i < r->n_errors; i++)
        json_text(j, NULL, r->errors[i]);
    json_close(j, ']');
    json_text(j, "generator", r->generator);
    json_text(j, "domain", r->domain);
    write_policy(j, &r->policy);
}

void reports_json_open(struct json *j, const char *type, sv file)
{
    json_open(j, NULL, '{');
    json_text(j, "type", sv_c(type));
    json_text(j, "file", file);
}

/* The sums are of the records written here, which a filter may have thinned out. */
struct sums {
    uint64_t messages, failed;
};

static struct sums write_records(struct output *o, struct json *j, struct record_cursor *records)
{
    struct sums s = {0, 0};
    struct record r;
    json_open(j, "records", '[');
    while (records->next(records, &r)) {
        write_record(j, &r);
        s.messages = sat_add(s.messages, r.count);
        if (!record_passes(&r))
            s.failed = sat_add(s.failed, r.count);
        output_step(o);
    }
    json_close(j, ']');
    return s;
}

void reports_json_aggregate(struct output *o, struct json *j, sv file, const struct document *d,
                            struct record_cursor *records)
{
    reports_json_open(j, "aggregate", file);
    json_text(j, "member", d->member);
    write_head(j, &d->report);
    struct sums s = write_records(o, j, records);
    json_number(j, "messages", s.messages);
    json_number(j, "dmarc_fail_messages", s.failed);
    write_inferred(j, &d->report);
    reports_json_notes(j, &d->report.notes);
    if (o->options.lint)
        write_lint(j, o->lint, d->report.dialect);
    json_close(j, '}');
}

void reports_json_reject(struct json *j, sv file, sv member, enum reject reason, sv detail)
{
    reports_json_open(j, "reject", file);
    json_text(j, "member", member);
    json_text(j, "reason", sv_c(reject_code(reason)));
    json_text(j, "detail", detail.n ? detail : sv_c(reject_sentence(reason)));
    json_close(j, '}');
}

void reports_json_not_a_report(struct json *j, sv file, sv member, enum not_report reason)
{
    reports_json_open(j, "not_a_report", file);
    if (member.p)
        json_text(j, "member", member);
    json_text(j, "reason", sv_c(not_report_code(reason)));
    json_close(j, '}');
}
