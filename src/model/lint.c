#include "model/lint.h"

#include <string.h>

#include "base/attr.h"

static const struct {
    const char *code, *rfc7489, *rfc9990, *sentence;
} rules[] = {
#define LINT_ROW(code, rfc7489, rfc9990, sentence) {#code, rfc7489, rfc9990, sentence},
    LINTS(LINT_ROW)
#undef LINT_ROW
};

const char *lint_code(enum lint l)
{
    return l < LINT_END ? rules[l].code : "unknown";
}

const char *lint_sentence(enum lint l)
{
    return l < LINT_END ? rules[l].sentence : "unknown rule";
}

const char *lint_clause(enum lint l, enum dialect dialect)
{
    return l >= LINT_END ? "" : dialect == DIALECT_RFC9990 ? rules[l].rfc9990 : rules[l].rfc7489;
}

const char *lint_standard(enum dialect dialect)
{
    return dialect == DIALECT_RFC9990 ? "RFC 9990" : "RFC 7489";
}

struct look {
    const struct report *report;
    struct lint_set set;
};

/* Counts only where the standard has that rule. */
static void breaks_if(struct look *l, bool broken, enum lint rule)
{
    if (broken && lint_clause(rule, l->report->dialect)[0])
        l->set.bits |= UINT64_C(1) << rule;
}

/* What the reader put right breaks a rule. */
static const struct {
    enum note note;
    enum lint rule;
} of_notes[] = {
    {NOTE_leading_junk, LINT_xml_damaged},
    {NOTE_trailing_junk, LINT_xml_damaged},
    {NOTE_reports_joined, LINT_xml_damaged},
    {NOTE_prolog_ignored, LINT_xml_damaged},
    {NOTE_controls_replaced, LINT_xml_damaged},
    {NOTE_ampersand_escaped, LINT_xml_damaged},
    {NOTE_angle_escaped, LINT_xml_damaged},
    {NOTE_entity_replaced, LINT_xml_damaged},
    {NOTE_schema_ignored, LINT_xml_damaged},
    {NOTE_comment_hyphens, LINT_xml_damaged},
    {NOTE_wrapper_ignored, LINT_element_unknown},
    {NOTE_name_case, LINT_element_unknown},
    {NOTE_element_misplaced, LINT_element_unknown},
    {NOTE_prefix_undeclared, LINT_xml_damaged},
    {NOTE_end_tag_repaired, LINT_xml_damaged},
    {NOTE_start_tag_repaired, LINT_xml_damaged},
    {NOTE_end_tag_completed, LINT_xml_damaged},
    {NOTE_attributes_dropped, LINT_xml_damaged},
    {NOTE_encoding_ignored, LINT_encoding},
    {NOTE_not_utf8, LINT_encoding},
    {NOTE_octets_replaced, LINT_encoding},
    {NOTE_unknown_elements, LINT_element_unknown},
    {NOTE_name_alias, LINT_element_unknown},
    {NOTE_foreign_elements, LINT_element_foreign},
    {NOTE_element_repeated, LINT_element_repeated},
    {NOTE_stray_text, LINT_text_stray},
    {NOTE_date_form, LINT_date_form},
    {NOTE_date_milliseconds, LINT_date_form},
    {NOTE_range_reversed, LINT_dates_reversed},
    {NOTE_policy_form, LINT_policy_word},
    {NOTE_policy_unknown, LINT_policy_word},
    {NOTE_ip_unreadable, LINT_source_ip},
    {NOTE_ip_cleaned, LINT_source_ip},
    {NOTE_count_unreadable, LINT_count},
    {NOTE_reason_form, LINT_reason_type},
    {NOTE_auth_results_absent, LINT_auth_results_absent},
    {NOTE_result_form, LINT_dkim_result},
};

static bool is_atom_char(char c)
{
    char l = ascii_lower(c);
    return (l >= 'a' && l <= 'z') || ascii_is_digit(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* dot-atom-text of RFC 5322 3.2.3 */
static bool is_dot_atom(sv s)
{
    sv atom;
    bool any = false;
    if (s.n == 0 || s.p[s.n - 1] == '.')
        return false;
    while (sv_split(&s, '.', &atom)) {
        for (size_t i = 0; i < atom.n; i++)
            if (!is_atom_char(atom.p[i]))
                return false;
        if (atom.n == 0)
            return false;
        any = true;
    }
    return any;
}

/* RFC 9990 3.5.1: ridfmt, which may stand in angle brackets. */
static bool is_report_id(sv id)
{
    if (id.n >= 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
        id = sv_of(id.p + 1, id.n - 2);
    size_t at = sv_find_char(id, '@', 0);
    if (at == SIZE_MAX)
        return is_dot_atom(id);
    return is_dot_atom(sv_first(id, at)) && is_dot_atom(sv_skip(id, at + 1));
}

static void look_at_head(struct look *l)
{
    const struct report *r = l->report;
    const struct policy_published *p = &r->policy;
    for (size_t i = 0; i < COUNT_OF(of_notes); i++)
        breaks_if(l, note_has(&r->notes, of_notes[i].note), of_notes[i].rule);
    breaks_if(l, !r->own_namespace, LINT_namespace);
    breaks_if(l, r->out_of_order, LINT_order);
    breaks_if(l, r->version.n == 0, LINT_version_absent);
    breaks_if(l, r->version.n && !sv_eq(r->version, SV("1.0")), LINT_version_other);
    breaks_if(l, r->org_name.n == 0, LINT_org_name_absent);
    breaks_if(l, r->email.n == 0, LINT_email_absent);
    breaks_if(l, r->report_id.n == 0, LINT_report_id_absent);
    breaks_if(l, r->report_id.n && !is_report_id(r->report_id), LINT_report_id_form);
    breaks_if(l, r->n_errors > 1, LINT_error_several);
    breaks_if(l, !r->has_begin || !r->has_end, LINT_date_absent);
    breaks_if(l, p->domain.n == 0, LINT_policy_domain_absent);
    breaks_if(l, p->p.v == POLICY_ABSENT, LINT_policy_p_absent);
    breaks_if(l, p->sp.v == POLICY_ABSENT, LINT_policy_sp_absent);
    breaks_if(l, p->pct.n == 0, LINT_policy_pct_absent);
    breaks_if(l, p->pct.n > 0, LINT_policy_pct_removed);
    breaks_if(l, r->records_raw == 0, LINT_record_absent);
    breaks_if(l, r->delivery & DELIVERY_MEDIA_TYPE, LINT_media_type);
    breaks_if(l, r->delivery & DELIVERY_FILE_NAME, LINT_file_name);
    breaks_if(l, r->delivery & DELIVERY_SUBJECT, LINT_subject);
}

static bool is_below(sv name, sv domain)
{
    return name.n > domain.n && name.p[name.n - domain.n - 1] == '.' && sv_ends_nocase(name, domain);
}

/* What the published policy asks for a record that fails; POLICY_ABSENT: nobody can tell. */
static uint8_t asked_for(const struct report *r, const struct record *record)
{
    const struct policy_published *p = &r->policy;
    if (p->testing.v == TESTING_YES)
        return POLICY_ABSENT;
    if (sv_eq_nocase(record->header_from, r->domain))
        return p->p.v;
    return p->np.v == POLICY_ABSENT ? (p->sp.v == POLICY_ABSENT ? p->p.v : p->sp.v) : POLICY_ABSENT;
}

static bool is_as_asked(uint8_t policy, uint8_t disposition)
{
    switch (policy) {
    case POLICY_NONE:
        return disposition == DISPOSITION_NONE;
    case POLICY_QUARANTINE:
        return disposition == DISPOSITION_QUARANTINE;
    case POLICY_REJECT:
        return disposition == DISPOSITION_REJECT;
    default:
        return true;
    }
}

static void look_at_reasons(struct look *l, const struct record *r)
{
    for (size_t i = 0; i < r->n_reasons; i++) {
        uint8_t type = r->reasons[i].type.v;
        breaks_if(l, type <= REASON_UNKNOWN, LINT_reason_type);
        breaks_if(l, type == REASON_FORWARDED || type == REASON_SAMPLED_OUT, LINT_reason_removed);
    }
    breaks_if(l,
              r->n_reasons == 0 && !record_passes(r) && r->disposition.v > DISPOSITION_UNKNOWN &&
                  !is_as_asked(asked_for(l->report, r), r->disposition.v),
              LINT_reason_absent);
}

static void look_at_dkim(struct look *l, const struct record *r)
{
    for (size_t i = 0; i < r->n_dkims; i++) {
        const struct dkim_auth *d = &r->dkims[i];
        breaks_if(l, d->domain.n == 0, LINT_dkim_domain_absent);
        breaks_if(l, d->selector.n == 0, LINT_dkim_selector_absent);
        breaks_if(l, d->result.v <= DKIM_UNKNOWN, LINT_dkim_result);
        breaks_if(l, i > 0 && d->result.v == DKIM_PASS && r->dkims[i - 1].result.v != DKIM_PASS,
                  LINT_dkim_order);
    }
}

static void look_at_spf(struct look *l, const struct record *r)
{
    breaks_if(l, r->n_spfs == 0, LINT_spf_absent);
    breaks_if(l, r->n_spfs > 1, LINT_spf_several);
    for (size_t i = 0; i < r->n_spfs; i++) {
        const struct spf_auth *s = &r->spfs[i];
        bool helo = s->scope.v == SCOPE_HELO && l->report->dialect == DIALECT_RFC9990;
        breaks_if(l, s->domain.n == 0, LINT_spf_domain_absent);
        breaks_if(l, s->scope.v == SCOPE_ABSENT, LINT_spf_scope_absent);
        breaks_if(l, s->scope.v == SCOPE_UNKNOWN || helo, LINT_spf_scope);
        breaks_if(l, s->result.v <= SPF_UNKNOWN, LINT_spf_result);
    }
}

static void look_at_record(struct look *l, const struct record *r)
{
    bool from = r->header_from.n > 0;
    breaks_if(l, r->disposition.v <= DISPOSITION_UNKNOWN, LINT_disposition);
    breaks_if(l, r->dkim.v <= VERDICT_UNKNOWN || r->spf.v <= VERDICT_UNKNOWN, LINT_verdict);
    breaks_if(l, !from, LINT_header_from_absent);
    breaks_if(l,
              from && !sv_eq_nocase(r->header_from, l->report->domain) &&
                  !is_below(r->header_from, l->report->domain),
              LINT_header_from_outside);
    breaks_if(l, r->envelope_from.p == NULL, LINT_envelope_from_absent);
    look_at_reasons(l, r);
    look_at_dkim(l, r);
    look_at_spf(l, r);
}

struct lint_set lint_report(const struct report *r, struct record_cursor *records)
{
    struct look l = {.report = r};
    struct record record;
    look_at_head(&l);
    while (records->next(records, &record))
        look_at_record(&l, &record);
    records->rewind(records);
    return l.set;
}
