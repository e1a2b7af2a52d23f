/* Where a report breaks the standard that it follows: RFC 9990, or RFC 7489 (Appendix C) for one of the old
 * form. It is for those who write reports; it never rejects one. */
#ifndef MODEL_LINT_H
#define MODEL_LINT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/report.h"

/* code; clause of RFC 7489; clause of RFC 9990; sentence. An empty clause: that standard has no such rule. */
/* clang-format off */
#define LINTS(X) \
    X(xml_damaged,          "Appendix C", "3.1.1",    "the XML is not well-formed") \
    X(encoding,             "Appendix C", "3.1.1",    "the octets are not in the encoding that the XML declares") \
    X(namespace,            "Appendix C", "3.1.1.1",  "the root element is not in the standard's namespace") \
    X(order,                "Appendix C", "Appendix A", "elements are not in the order of the schema") \
    X(element_unknown,      "Appendix C", "Appendix A", "an element that the schema does not have there") \
    X(element_foreign,      "Appendix C", "",         "an element of another namespace") \
    X(element_repeated,     "Appendix C", "Appendix A", "an element stands more than once") \
    X(text_stray,           "Appendix C", "Appendix A", "text where only elements may stand") \
    X(version_absent,       "Appendix C", "",         "no version") \
    X(version_other,        "Appendix C", "3.1.1.2",  "the version is not 1.0") \
    X(org_name_absent,      "Appendix C", "3.1.1.3",  "no org_name") \
    X(email_absent,         "Appendix C", "3.1.1.3",  "no email") \
    X(report_id_absent,     "Appendix C", "3.1.1.3",  "no report_id") \
    X(report_id_form,       "",           "3.5.1",    "the report_id is no dot-atom, nor two of them around an @") \
    X(error_several,        "",           "3.1.1.3",  "more than one error") \
    X(date_absent,          "Appendix C", "3.1.1.4",  "begin or end is missing") \
    X(date_form,            "Appendix C", "3.1.1.4",  "a date is not in whole seconds since 1970") \
    X(dates_reversed,       "7.2",        "3.1.1.4",  "the period ends before it begins") \
    X(policy_domain_absent, "Appendix C", "3.1.1.5",  "no domain in policy_published") \
    X(policy_p_absent,      "Appendix C", "3.1.1.5",  "no p in policy_published") \
    X(policy_sp_absent,     "Appendix C", "",         "no sp in policy_published") \
    X(policy_pct_absent,    "Appendix C", "",         "no pct in policy_published") \
    X(policy_pct_removed,   "",           "3.1.1.5",  "pct, which the standard no longer has") \
    X(policy_word,          "Appendix C", "3.1.1.5",  "a word in policy_published that the standard does not have") \
    X(record_absent,        "Appendix C", "3.1.1.7",  "no record") \
    X(source_ip,            "Appendix C", "3.1.1.8",  "a source_ip that is no IP address") \
    X(count,                "Appendix C", "3.1.1.8",  "a count that is missing or no number") \
    X(disposition,          "Appendix C", "3.1.1.9",  "a disposition that is missing or not the standard's") \
    X(verdict,              "Appendix C", "3.1.1.9",  "a dkim or spf in policy_evaluated that is neither pass nor fail") \
    X(reason_type,          "Appendix C", "3.1.1.14", "a reason whose type is missing or not the standard's") \
    X(reason_removed,       "",           "3.1.6",    "a reason type that the standard no longer has") \
    X(reason_absent,        "",           "3.1.1.9",  "a failing record was treated otherwise than the policy asks, and no reason says why") \
    X(header_from_absent,   "Appendix C", "3.1.1.10", "no header_from") \
    X(header_from_outside,  "",           "3.1.2",    "a header_from that is not the policy domain nor below it") \
    X(envelope_from_absent, "Appendix C", "",         "no envelope_from") \
    X(auth_results_absent,  "Appendix C", "3.1.1.11", "no auth_results") \
    X(dkim_domain_absent,   "Appendix C", "3.1.1.12", "a DKIM result without domain") \
    X(dkim_selector_absent, "",           "3.1.1.12", "a DKIM result without selector") \
    X(dkim_result,          "Appendix C", "3.1.1.12", "a DKIM result that is missing or not the standard's") \
    X(dkim_order,           "",           "3.1.3",    "a DKIM signature that passes stands behind one that does not") \
    X(spf_absent,           "Appendix C", "",         "no SPF result") \
    X(spf_several,          "",           "3.1.1.11", "more than one SPF result") \
    X(spf_domain_absent,    "Appendix C", "3.1.1.13", "an SPF result without domain") \
    X(spf_scope_absent,     "Appendix C", "",         "an SPF result without scope") \
    X(spf_scope,            "Appendix C", "3.1.1.13", "an SPF scope that the standard does not have") \
    X(spf_result,           "Appendix C", "3.1.1.13", "an SPF result that is missing or not the standard's") \
    X(media_type,           "7.2.1.1",    "3.5.2",    "the part of the mail is not application/gzip with gzip in it, nor text/xml") \
    X(file_name,            "7.2.1.1",    "3.5.2",    "the name is not receiver!domain!begin!end.xml or .xml.gz, with the report's own values") \
    X(subject,              "7.2.1.1",    "3.5.2",    "the subject is not “Report Domain: … Submitter: … Report-ID: …”, with the report's own domain")
/* clang-format on */

enum lint {
#define LINT_ITEM(code, rfc7489, rfc9990, sentence) LINT_##code,
    LINTS(LINT_ITEM)
#undef LINT_ITEM
        LINT_END
};

struct lint_set {
    uint64_t bits;
};

_Static_assert(LINT_END <= 64, "lint_set is too small");

static inline bool lint_has(struct lint_set s, enum lint l)
{
    return (s.bits >> l & 1) != 0;
}

/* What the report breaks of its dialect's standard; records are read to their end and rewound. */
struct lint_set lint_report(const struct report *r, struct record_cursor *records);

const char *lint_code(enum lint l);
const char *lint_sentence(enum lint l);
/* Empty: that standard has no such rule. */
const char *lint_clause(enum lint l, enum dialect dialect);
/* "RFC 9990". */
const char *lint_standard(enum dialect dialect);

#endif
