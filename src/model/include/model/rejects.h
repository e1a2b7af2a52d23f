/* Why something was not read. A reject is permanent for this program: the same octets give it again.
 * Codes are stored by name. */
#ifndef MODEL_REJECTS_H
#define MODEL_REJECTS_H

#include <stdbool.h>

#include "base/sv.h"

/* clang-format off */
#define REJECTS(X) \
    /* containers */ \
    X(gzip_damaged,       "the gzip data is damaged") \
    X(zip_damaged,        "the zip data is damaged") \
    X(zip_encrypted,      "the zip entry is encrypted") \
    X(zip_method,         "the zip entry is packed by a method that is not supported") \
    X(zip_empty,          "the zip has no entry that can be read") \
    X(container_unsupported, "packed in a way that is not supported") \
    X(truncated,          "the data ends too early") \
    X(too_deep,           "containers or elements are nested too deeply") \
    /* limits */ \
    X(mail_too_large,     "the mail is too large") \
    X(packed_too_large,   "the packed data is too large") \
    X(document_too_large, "the unpacked document is too large") \
    X(mail_unpacked_too_large, "the mail's documents are too large together") \
    X(ratio_too_high,     "the data unpacks to suspiciously much") \
    X(too_many_members,   "too many gzip members") \
    X(too_many_entries,   "too many zip entries") \
    X(too_many_parts,     "too many MIME parts") \
    X(too_many_headers,   "too many header lines") \
    X(header_too_large,   "a header that is larger than any mail needs") \
    X(too_many_reports,   "too many reports in one mail") \
    X(too_many_rows,      "too many records") \
    X(markup_too_long,    "markup that is longer than any report needs") \
    X(too_many_attributes, "too many attributes") \
    X(too_many_unknown,   "too many unknown elements") \
    X(too_many_tokens,    "more JSON than any report needs") \
    X(cpu_limit,          "reading it took too much processor time") \
    X(memory_limit,       "reading it took too much memory") \
    X(stage_full,         "the report is larger than can be staged") \
    /* documents */ \
    X(dtd,                "a document type definition is never read") \
    X(entity,             "a reference to an entity that no report may define") \
    X(not_well_formed,    "the XML is not well-formed and cannot be repaired without guessing") \
    X(not_feedback,       "XML, but no DMARC report") \
    X(no_report_metadata, "the report has no report_metadata") \
    X(no_usable_date,     "the report has no readable date") \
    X(no_policy_domain,   "the report names no policy domain") \
    X(empty_placeholder,  "a placeholder without a report") \
    X(json_damaged,       "the JSON is damaged") \
    X(json_not_tlsrpt,    "JSON, but no TLS report") \
    X(encrypted,          "encrypted mail cannot be read") \
    X(partial_mail,       "a part of a mail that was sent in pieces") \
    X(tnef,               "packed as TNEF (winmail.dat)") \
    /* the reader itself */ \
    X(worker_crash,       "the reader died over it") \
    X(worker_timeout,     "the reader made no progress with it") \
    X(worker_lied,        "the reader's answer did not pass the checks") \
    X(unfetchable,        "the server lists the mail but does not hand it over") \
    X(store_refused,      "the database refused it")

/* Why a mail without any report is none: not an error. */
#define NOT_REPORTS(X) \
    X(bounce,     "a bounce") \
    X(auto_reply, "an automatic reply") \
    X(other,      "no report in it") \
    X(empty,      "empty")
/* clang-format on */

enum reject {
    REJECT_NONE_,
#define REJECT_ITEM(code, sentence) REJECT_##code,
    REJECTS(REJECT_ITEM)
#undef REJECT_ITEM
        REJECT_END
};

enum not_report {
#define NOT_REPORT_ITEM(code, sentence) NOT_REPORT_##code,
    NOT_REPORTS(NOT_REPORT_ITEM)
#undef NOT_REPORT_ITEM
        NOT_REPORT_END
};

const char *reject_code(enum reject r);
const char *reject_sentence(enum reject r);
const char *not_report_code(enum not_report r);
const char *not_report_sentence(enum not_report r);

#endif
