/* A report read whole into memory by the reader under test, for tests that compare. */
#ifndef TESTS_READ_REPORT_H
#define TESTS_READ_REPORT_H

#include "output/output.h"
#include "report/aggregate.h"

struct report_reading;

struct report_reading *report_reading_new(const struct limits *limits) NODISCARD;
void report_reading_free(struct report_reading *r);

/* Reads text in pieces of `piece` octets, in as many readings as it takes. */
enum aggregate_answer report_reading_feed(struct report_reading *r, sv text, size_t piece);

/* The answer of the last feed, in the words of the format. */
void report_reading_print(struct report_reading *r, sv file, struct output *out);

/* After AGGREGATE_DONE. */
const struct report *report_reading_report(const struct report_reading *r);
const struct record *report_reading_record(const struct report_reading *r, size_t i);

/* After AGGREGATE_REJECT. */
enum reject report_reading_reject(const struct report_reading *r);

/* How often the text was read. */
unsigned report_reading_count(const struct report_reading *r);

#endif
