/* Why something was not read. A reject is permanent for this program: the same octets give it again.
 * Codes are stored by name. Each has a sentence and, for the manual, an example. */
#ifndef MODEL_REJECTS_H
#define MODEL_REJECTS_H

#include <stdbool.h>

#include "base/sv.h"

/* clang-format off */
#define REJECTS(X) \
    /* containers */ \
    X(gzip_damaged,       "the gzip data is damaged", \
      "a wrong checksum") \
    X(zip_damaged,        "the zip data is damaged", \
      "an entry with a wrong checksum") \
    X(zip_encrypted,      "the zip entry is encrypted", \
      "a zip with a password") \
    X(zip_method,         "the zip entry is packed by a method that is not supported", \
      "Deflate64, LZMA") \
    X(zip_empty,          "the zip has no entry that can be read", \
      "a zip with a folder and nothing else") \
    X(container_unsupported, "packed in a way that is not supported", \
      "bzip2, xz, zstd, 7z, rar, a mail of Outlook (.msg)") \
    X(truncated,          "the data ends too early", \
      "no </feedback>") \
    X(too_deep,           "containers or elements are nested too deeply", \
      "gzip in gzip in zip in gzip") \
    /* limits */ \
    X(mail_too_large,     "the mail is too large", \
      "a mail above mail_size") \
    X(packed_too_large,   "the packed data is too large", \
      "an attachment above packed_size") \
    X(document_too_large, "the unpacked document is too large", \
      "a report above document_size") \
    X(mail_unpacked_too_large, "the mail's documents are too large together", \
      "a mail full of large reports") \
    X(ratio_too_high,     "the data unpacks to suspiciously much", \
      "1 KB that becomes 1 GB") \
    X(too_many_members,   "too many gzip members", \
      "thousands of gzip files joined") \
    X(too_many_entries,   "too many entries in a zip or tar", \
      "a zip with thousands of entries") \
    X(too_many_parts,     "too many MIME parts", \
      "a mail with thousands of parts") \
    X(too_many_headers,   "too many header lines", \
      "thousands of header lines") \
    X(header_too_large,   "a header that is larger than any mail needs", \
      "a header of megabytes") \
    X(too_many_reports,   "too many reports in one mail", \
      "a zip with more reports than mail_reports") \
    X(too_many_rows,      "too many records", \
      "more records than report_rows") \
    X(markup_too_long,    "markup that is longer than any report needs", \
      "an attribute of 10,000 octets") \
    X(too_many_attributes, "too many attributes", \
      "33 attributes in one tag") \
    X(too_many_unknown,   "too many unknown elements", \
      "thousands of different names") \
    X(too_many_tokens,    "more JSON than any report needs", \
      "{\"b\":1}, a million times") \
    X(cpu_limit,          "reading it took too much processor time", \
      "more than mail_cpu") \
    X(memory_limit,       "reading it took too much memory", \
      "more than the reader may have") \
    X(stage_full,         "the report is larger than can be staged", \
      "more than stage_disk") \
    /* documents */ \
    X(dtd,                "a document type definition is never read", \
      "<!DOCTYPE feedback [ <!ENTITY a \"b\"> ]>") \
    X(entity,             "a reference to an entity that no report may define", \
      "&company; behind a <!DOCTYPE>") \
    X(not_well_formed,    "the XML is not well-formed and cannot be repaired without guessing", \
      "<row> without </row>") \
    X(not_feedback,       "XML, but no DMARC report", \
      "<html>, <rss>") \
    X(no_report_metadata, "the report has no report_metadata", \
      "no <report_metadata>") \
    X(no_usable_date,     "the report has no readable date", \
      "neither <begin> nor <end>") \
    X(no_policy_domain,   "the report names no policy domain", \
      "no <domain>, and records of two domains") \
    X(empty_placeholder,  "a placeholder without a report", \
      "the one word “unused”") \
    X(json_damaged,       "the JSON is damaged", \
      "{\"policies\": [}") \
    X(json_not_tlsrpt,    "JSON, but no TLS report", \
      "JSON of another kind that has some of its words") \
    X(encrypted,          "encrypted mail cannot be read", \
      "S/MIME, PGP") \
    X(partial_mail,       "a part of a mail that was sent in pieces", \
      "message/partial") \
    X(tnef,               "packed as TNEF (winmail.dat)", \
      "winmail.dat") \
    /* the reader itself */ \
    X(worker_crash,       "the reader died over it", \
      "a defect of ours: please tell us") \
    X(worker_timeout,     "the reader made no progress with it", \
      "a defect of ours: please tell us") \
    X(worker_lied,        "the reader's answer did not pass the checks", \
      "a defect of ours, or an attack") \
    X(unfetchable,        "the server lists the mail but does not hand it over", \
      "a mail that vanishes when it is asked for") \
    X(store_refused,      "the database refused it", \
      "a text that SQLite does not take")

/* Why a mail without any report is none: not an error. */
#define NOT_REPORTS(X) \
    X(bounce,     "a bounce", \
      "“could not be delivered”") \
    X(auto_reply, "an automatic reply", \
      "“out of office”") \
    X(other,      "no report in it", \
      "an advertisement") \
    X(empty,      "empty", \
      "a mail of blanks")
/* clang-format on */

enum reject {
    REJECT_NONE_,
#define REJECT_ITEM(code, sentence, example) REJECT_##code,
    REJECTS(REJECT_ITEM)
#undef REJECT_ITEM
        REJECT_END
};

enum not_report {
#define NOT_REPORT_ITEM(code, sentence, example) NOT_REPORT_##code,
    NOT_REPORTS(NOT_REPORT_ITEM)
#undef NOT_REPORT_ITEM
        NOT_REPORT_END
};

/* There is nothing that could ever be read: it is told and counted, and nobody need look after it. */
bool reject_is_final(enum reject r);

const char *reject_code(enum reject r);
const char *reject_sentence(enum reject r);
const char *not_report_code(enum not_report r);
const char *not_report_sentence(enum not_report r);

#endif
