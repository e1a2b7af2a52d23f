/* Reports, rejects and the rest as JSON objects: the contract of `parse --format ndjson` and json. Values
 * stand exactly as the reporter wrote them; what is inferred stands under "inferred". */
#ifndef OUTPUT_REPORTS_JSON_H
#define OUTPUT_REPORTS_JSON_H

#include "format.h"
#include "json_writer.h"

void reports_json_aggregate(struct output *o, struct json *j, sv file, const struct document *d,
                            struct record_cursor *records);
/* With the reader's notes where options.notes asks for them. */
void reports_json_tlsrpt(struct output *o, struct json *j, sv file, const struct document *d);
void reports_json_failure(struct output *o, struct json *j, sv file, const struct document *d);
void reports_json_reject(struct json *j, sv file, sv member, enum reject reason, sv detail);
void reports_json_not_a_report(struct json *j, sv file, sv member, enum not_report reason);

/* For the files of these. */
void reports_json_open(struct json *j, const char *type, sv file);
void reports_json_notes(struct json *j, const struct note_set *notes);

#endif
