/* What the reader normalised, repaired or inferred: a code, a sentence and, for the manual, an example each.
 * A repair without a note is a defect. Codes are stored by name; the order here may change. */
#ifndef MODEL_NOTES_H
#define MODEL_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* clang-format off */
#define NOTES(X) \
    X(doctype_ignored,       "a bare document type declaration was passed over", \
      "<!DOCTYPE feedback>") \
    X(leading_junk,          "octets before the report were dropped", \
      "text before <?xml") \
    X(trailing_junk,         "octets after the report were dropped", \
      "a second </feedback>") \
    X(reports_joined,        "several reports stood in one document, one behind the other", \
      "</feedback><?xml version=\"1.0\"?><feedback>") \
    X(encoding_ignored,      "the declared character encoding was not the real one and was ignored", \
      "encoding=\"x-unknown-8bit\"") \
    X(prolog_ignored,        "a damaged or repeated XML declaration was ignored", \
      "<?xml version=\"1.0\" encoding=UTF-8?>") \
    X(not_utf8,              "octets that are not UTF-8 were read as windows-1252", \
      "the octet 0x92 where UTF-8 is declared") \
    X(octets_replaced,       "octets that the declared encoding does not have were replaced", \
      "the octet 0x81 in windows-1252") \
    X(controls_replaced,     "control characters were replaced", \
      "&#7; in a comment") \
    X(ampersand_escaped,     "a bare ampersand was read as text", \
      "<org_name>A & B</org_name>") \
    X(angle_escaped,         "an angle bracket inside a value was read as text", \
      "<email>Org <dmarc@example.net></email>") \
    X(entity_replaced,       "an HTML entity was replaced by its character", \
      "&nbsp;") \
    X(schema_ignored,        "a stray schema wrapper was passed over", \
      "<xs:schema> before <feedback>") \
    X(wrapper_ignored,       "elements around the report, or around parts of it, were passed over", \
      "<reports><feedback>, <records><record>") \
    X(prefix_undeclared,     "an undeclared namespace prefix was ignored", \
      "<ns2:feedback> without xmlns:ns2") \
    X(end_tag_repaired,      "a misspelt end tag of a value was repaired", \
      "<count>3</cuont>") \
    X(start_tag_repaired,    "a misspelt start tag of a value was repaired", \
      "<cuont>3</count>") \
    X(end_tag_completed,     "the last end tag was cut and was completed", \
      "</feedb at the end") \
    X(attributes_dropped,    "attributes, which mean nothing in a report, were dropped in a repair", \
      "<row id=1>") \
    X(comment_dropped,       "a comment or instruction beyond the limit was ignored", \
      "a comment of 10,000 octets") \
    X(comment_hyphens,       "a comment with two hyphens in it, which XML does not allow, was ignored", \
      "<!-- a -- b -->") \
    X(stray_text,            "text between elements was ignored", \
      "<row>text<count>") \
    X(gzip_trailer_missing,  "the gzip data lacked its trailer", \
      "the last 8 octets of the gzip are cut off") \
    X(gzip_members,          "the gzip data had several members", \
      "two gzip files joined") \
    X(zip_inconsistent,      "the zip directory was inconsistent", \
      "a size in the directory is wrong") \
    X(foreign_elements,      "elements of a foreign namespace were ignored", \
      "<x:score xmlns:x=\"urn:x\">") \
    X(unknown_elements,      "unknown elements were ignored", \
      "<rf>afrf</rf>") \
    X(text_cut,              "a value above the limit of a leaf was cut", \
      "a comment of 5,000 octets") \
    X(name_alias,            "a misspelt element name was read as the one meant", \
      "<data_range>") \
    X(name_case,             "an element name was written in another case", \
      "<Feedback>") \
    X(element_misplaced,     "an element stood elsewhere than the standard has it", \
      "<begin> in <report_metadata>, without <date_range>") \
    X(element_repeated,      "an element stood more than once; the first one counts", \
      "two <org_name>") \
    X(org_name_absent,       "no org_name", \
      "<org_name/>") \
    X(email_absent,          "no email", \
      "no <email>") \
    X(report_id_absent,      "no report_id", \
      "no <report_id>") \
    X(begin_absent,          "no readable begin; 24 hours were assumed", \
      "<begin>n/a</begin>") \
    X(end_absent,            "no readable end; 24 hours were assumed", \
      "no <end>") \
    X(date_form,             "a date was written in an odd form", \
      "<begin>2026-11-24 00:00:00</begin>") \
    X(date_milliseconds,     "a date was in milliseconds or microseconds", \
      "<begin>1795478400000</begin>") \
    X(date_implausible,      "a date is implausible", \
      "<begin>0</begin>") \
    X(range_reversed,        "the period ends before it begins", \
      "begin 1795478400, end 1795392000") \
    X(range_future,          "the period ends in the future", \
      "a report of next week") \
    X(range_long,            "the period is longer than a report may count for", \
      "a report over a year") \
    X(domain_inferred,       "no policy domain; the one header_from of all records was taken", \
      "no <domain>, every header_from is example.com") \
    X(domain_odd,            "a domain name that no DNS name can be", \
      "<domain>exa mple.com</domain>") \
    X(invisible_dropped,     "blanks of other scripts or invisible characters around a value were dropped", \
      "a no-break space before a count") \
    X(word_case,             "a word of the standard was written in another case", \
      "<p>Reject</p>") \
    X(policy_absent,         "no published policy", \
      "no <p>") \
    X(policy_form,           "a word of the published policy in an odd form", \
      "<aspf>r;</aspf>") \
    X(policy_unknown,        "an unknown word in the published policy", \
      "<sp>nil</sp>") \
    X(no_records,            "a report without records", \
      "no <record>") \
    X(ip_unreadable,         "a record without readable source address was skipped", \
      "<source_ip></source_ip>") \
    X(ip_cleaned,            "a source address was written in an odd form", \
      "<source_ip>[192.0.2.1]</source_ip>") \
    X(ip_mapped,             "an IPv4 address in IPv6 form was read as the IPv4 address", \
      "<source_ip>::ffff:192.0.2.1</source_ip>") \
    X(count_unreadable,      "a count that cannot be read counts as 1", \
      "<count>-1</count>") \
    X(header_from_inferred,  "no header_from; the policy domain was taken", \
      "no <identifiers>") \
    X(verdict_absent,        "a DMARC verdict is missing; it counts as fail", \
      "<spf></spf> in policy_evaluated") \
    X(verdict_unknown,       "a DMARC verdict is neither pass nor fail; it counts as fail", \
      "<spf>softfail</spf> in policy_evaluated") \
    X(verdict_contradicted,  "no readable DMARC verdict, which counts as fail, though the results show an aligned pass", \
      "<dkim></dkim> in policy_evaluated, and a DKIM pass of the header_from") \
    X(disposition_unknown,   "an unknown disposition", \
      "<disposition>15</disposition>") \
    X(disposition_absent,    "no disposition", \
      "no <disposition>") \
    X(result_unknown,        "an unknown DKIM or SPF result", \
      "<result>hardfail</result>") \
    X(result_form,           "a DKIM or SPF result in an odd form", \
      "<dkim>pass</dkim> in auth_results") \
    X(result_empty,          "an empty DKIM or SPF result was passed over", \
      "<dkim></dkim> in auth_results") \
    X(reason_form,           "an override reason in an odd form", \
      "<reason>sampled_out</reason>") \
    X(auth_results_absent,   "a record without auth_results", \
      "no <auth_results>") \
    X(list_cut,              "more override reasons or errors than the limit", \
      "101 <reason> in a record") \
    X(auth_results_cut,      "a record with more results than the limit", \
      "101 <dkim> in a record") \
    /* TLS reports */ \
    X(json_encoding,         "JSON that is not UTF-8 was converted", \
      "a TLS report in UTF-16") \
    X(json_form,             "a JSON value of another type than the standard's was read as the one meant", \
      "\"policies\": {…} without a list") \
    X(json_key_repeated,     "a JSON key stood more than once; the last one counts", \
      "\"report-id\" twice") \
    X(date_zone_absent,      "a date without time zone was read as UTC", \
      "\"2026-11-24T00:00:00\"") \
    X(sessions_unreadable,   "a session count that cannot be read counts as 0", \
      "\"total-failure-session-count\": -1") \
    X(tls_policies_absent,   "a TLS report without policies", \
      "\"policies\": []") \
    X(tls_policy_absent,     "TLS results without the policy they are about", \
      "a summary without \"policy\"") \
    X(tls_policy_unknown,    "an unknown TLS policy type", \
      "\"policy-type\": \"other\"") \
    X(tls_result_unknown,    "an unknown TLS result type", \
      "\"result-type\": \"unheard-of\"") \
    /* failure reports */ \
    X(feedback_absent,       "a failure report without its machine-readable part", \
      "multipart/report without message/feedback-report") \
    X(feedback_plain_text,   "a failure report in plain text", \
      "“Sender IP Address: 192.0.2.1” in the text") \
    X(feedback_type_absent,  "a failure report that does not say its type", \
      "no Feedback-Type") \
    X(feedback_in_header,    "fields of a failure report stood in the header of its part", \
      "Feedback-Type beside Content-Type") \
    X(feedback_in_pieces,    "an empty line stood between the fields of a failure report", \
      "an empty line behind Feedback-Type") \
    X(source_ip_unreadable,  "a failure report without readable source address", \
      "Source-IP: unknown") \
    X(date_unreadable,       "a date that cannot be read", \
      "Arrival-Date: today") \
    X(original_absent,       "a failure report without the header of the mail it is about", \
      "no message/rfc822 part") \
    /* the mail around a report */ \
    X(part_type_ignored,     "the octets of a part of the mail decided, against its type", \
      "gzip as message/rfc822") \
    X(mail_field_misspelt,   "a misspelt field in the header of the mail or part was read as the one meant", \
      "ContentType: application/gzip") \
    X(boundary_undeclared,   "the parts of the mail stood at another boundary than the declared one", \
      "boundary=\"a\" over lines of \"--b\"") \
    X(transfer_encoding_ignored, "the declared transfer encoding was not the real one", \
      "7bit over lines of base64") \
    X(base64_odd,            "what is no base64 was dropped from between base64", \
      "“> ” before each line") \
    X(blanks_before_data,    "blanks before the data were dropped", \
      "an empty line before a gzip") \
    X(found_in_text,         "it stood in the middle of a text", \
      "“begin 644 r.xml.gz”, or a report that was pasted")
/* clang-format on */

enum note {
#define NOTE_ITEM(code, sentence, example) NOTE_##code,
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
