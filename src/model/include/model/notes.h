/* What the reader normalised, repaired or inferred: a code and a sentence each. A repair without a note
 * is a defect. Codes are stored by name; the order here may change. */
#ifndef MODEL_NOTES_H
#define MODEL_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* clang-format off */
#define NOTES(X) \
    X(doctype_ignored,       "a bare document type declaration was passed over") \
    X(leading_junk,          "octets before the report were dropped") \
    X(trailing_junk,         "octets after the report were dropped") \
    X(reports_joined,        "several reports stood in one document, one behind the other") \
    X(encoding_ignored,      "the declared character encoding was not the real one and was ignored") \
    X(prolog_ignored,        "a damaged or repeated XML declaration was ignored") \
    X(not_utf8,              "octets that are not UTF-8 were read as windows-1252") \
    X(octets_replaced,       "octets that the declared encoding does not have were replaced") \
    X(controls_replaced,     "control characters were replaced") \
    X(ampersand_escaped,     "a bare ampersand was read as text") \
    X(angle_escaped,         "an angle bracket inside a value was read as text") \
    X(entity_replaced,       "an HTML entity was replaced by its character") \
    X(schema_ignored,        "a stray schema wrapper was passed over") \
    X(prefix_undeclared,     "an undeclared namespace prefix was ignored") \
    X(end_tag_repaired,      "a misspelt end tag of a value was repaired") \
    X(start_tag_repaired,    "a misspelt start tag of a value was repaired") \
    X(end_tag_completed,     "the last end tag was cut and was completed") \
    X(attributes_dropped,    "attributes, which mean nothing in a report, were dropped in a repair") \
    X(comment_dropped,       "a comment or instruction beyond the limit was ignored") \
    X(stray_text,            "text between elements was ignored") \
    X(gzip_trailer_missing,  "the gzip data lacked its trailer") \
    X(gzip_members,          "the gzip data had several members") \
    X(zip_inconsistent,      "the zip directory was inconsistent") \
    X(foreign_elements,      "elements of a foreign namespace were ignored") \
    X(unknown_elements,      "unknown elements were ignored") \
    X(text_cut,              "a value above the limit of a leaf was cut") \
    X(name_alias,            "a misspelt element name was read as the one meant") \
    X(element_repeated,      "an element stood more than once; the first one counts") \
    X(org_name_absent,       "no org_name") \
    X(email_absent,          "no email") \
    X(report_id_absent,      "no report_id") \
    X(begin_absent,          "no readable begin; 24 hours were assumed") \
    X(end_absent,            "no readable end; 24 hours were assumed") \
    X(date_form,             "a date was written in an odd form") \
    X(date_milliseconds,     "a date was in milliseconds or microseconds") \
    X(date_implausible,      "a date is implausible") \
    X(range_reversed,        "the period ends before it begins") \
    X(range_future,          "the period ends in the future") \
    X(range_long,            "the period is longer than a report may count for") \
    X(domain_inferred,       "no policy domain; the one header_from of all records was taken") \
    X(domain_odd,            "a domain name that no DNS name can be") \
    X(policy_absent,         "no published policy") \
    X(policy_form,           "a word of the published policy in an odd form") \
    X(policy_unknown,        "an unknown word in the published policy") \
    X(no_records,            "a report without records") \
    X(ip_unreadable,         "a record without readable source address was skipped") \
    X(ip_cleaned,            "a source address was written in an odd form") \
    X(count_unreadable,      "a count that cannot be read counts as 1") \
    X(header_from_inferred,  "no header_from; the policy domain was taken") \
    X(verdict_absent,        "a DMARC verdict is missing; it counts as fail") \
    X(verdict_unknown,       "a DMARC verdict is neither pass nor fail; it counts as fail") \
    X(disposition_unknown,   "an unknown disposition") \
    X(disposition_absent,    "no disposition") \
    X(result_unknown,        "an unknown DKIM or SPF result") \
    X(result_form,           "a DKIM or SPF result in an odd form") \
    X(result_empty,          "an empty DKIM or SPF result was passed over") \
    X(reason_form,           "an override reason in an odd form") \
    X(auth_results_absent,   "a record without auth_results") \
    X(list_cut,              "more override reasons or errors than the limit") \
    X(auth_results_cut,      "a record with more results than the limit") \
    /* TLS reports */ \
    X(json_encoding,         "JSON that is not UTF-8 was converted") \
    X(json_form,             "a JSON value of another type than the standard's was read as the one meant") \
    X(json_key_repeated,     "a JSON key stood more than once; the last one counts") \
    X(date_zone_absent,      "a date without time zone was read as UTC") \
    X(sessions_unreadable,   "a session count that cannot be read counts as 0") \
    X(tls_policies_absent,   "a TLS report without policies") \
    X(tls_policy_absent,     "TLS results without the policy they are about") \
    X(tls_policy_unknown,    "an unknown TLS policy type") \
    X(tls_result_unknown,    "an unknown TLS result type") \
    /* failure reports */ \
    X(feedback_absent,       "a failure report without its machine-readable part") \
    X(feedback_plain_text,   "a failure report in plain text") \
    X(feedback_type_absent,  "a failure report that does not say its type") \
    X(feedback_in_header,    "fields of a failure report stood in the header of its part") \
    X(source_ip_unreadable,  "a failure report without readable source address") \
    X(date_unreadable,       "a date that cannot be read") \
    X(original_absent,       "a failure report without the header of the mail it is about")
/* clang-format on */

enum note {
#define NOTE_ITEM(code, sentence) NOTE_##code,
    NOTES(NOTE_ITEM)
#undef NOTE_ITEM
        NOTE_END
};

struct note_set {
    uint64_t bits[2];
};

_Static_assert(NOTE_END <= 128, "note_set is too small");

static inline void note_add(struct note_set *s, enum note n)
{
    s->bits[n / 64] |= UINT64_C(1) << (n % 64);
}

static inline void note_remove(struct note_set *s, enum note n)
{
    s->bits[n / 64] &= ~(UINT64_C(1) << (n % 64));
}

static inline bool note_has(const struct note_set *s, enum note n)
{
    return (s->bits[n / 64] >> (n % 64) & 1) != 0;
}

static inline void note_add_all(struct note_set *s, const struct note_set *more)
{
    s->bits[0] |= more->bits[0];
    s->bits[1] |= more->bits[1];
}

const char *note_code(enum note n);
const char *note_sentence(enum note n);

#endif
