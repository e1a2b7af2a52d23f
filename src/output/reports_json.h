/* Reports, rejects and the rest as JSON objects: the contract of `parse --format ndjson` and json. Values
 * stand exactly as the reporter wrote them; what is inferred stands under "inferred". */
#ifndef OUTPUT_REPORTS_JSON_H
#define OUTPUT_REPORTS_JSON_H

#include "format.h"
#include "json_writer.h"

void reports_json_aggregate(struct output *o, struct json *j, sv file, const struct document *d,
                            struct record_cursor *records);
void reports_json_reject(struct json *j, sv file, sv member, enum reject reason, sv detail);
void reports_json_not_a_report(struct json *j, sv file, enum not_report reason);

#endif
