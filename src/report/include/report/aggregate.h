/* Reads an aggregate report (RFC 7489 Appendix C, RFC 9990 3.1.1) out of the octets of its XML, in
 * pieces of any size and in memory that does not grow with the number of records.
 *
 * A document is read strictly first. When that fails it is read again with cleaned bytes, and then once
 * more with targeted repairs; each of these readings is strict again, and everything that was cleaned,
 * repaired or inferred leaves a note in the report. What is still damaged then is a reject.
 *
 *     aggregate_start(r);
 *     do {
 *         rewind the source;
 *         while (there is a chunk && aggregate_push(r, chunk)) {}
 *         answer = aggregate_end(r);
 *     } while (answer == AGGREGATE_AGAIN);
 *
 * One reader reads any number of documents, one after the other. It opens no file, calls no iconv,
 * prints nothing. */
#ifndef REPORT_AGGREGATE_H
#define REPORT_AGGREGATE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/rejects.h"
#include "model/report.h"

struct aggregate_reader;

/* Where the records of a document go, in their order, each as soon as it is complete. A document that is
 * not AGGREGATE_DONE in the end has no records: the sink keeps them aside until then. Either function
 * returns false to give up (AGGREGATE_STOPPED). */
struct aggregate_sink {
    void *self;
    /* Another reading of the same document begins: what came of it so far is void. */
    bool (*reset)(void *self);
    /* r and its text are valid until the call returns. */
    bool (*record)(void *self, const struct record *r);
};

enum aggregate_answer {
    AGGREGATE_DONE,    /* aggregate_report has it */
    AGGREGATE_AGAIN,   /* push the same octets once more from the start, then ask again */
    AGGREGATE_REJECT,  /* aggregate_reject says why */
    AGGREGATE_STOPPED, /* the sink gave up */
};

/* Once a process and before it confines itself: libxml2 does its first-time work and is silenced. */
void aggregate_library_init(void);

/* The limits xml_*, report_* and row_* hold for every document. NULL when memory is short.
 * limits must outlive the reader. */
struct aggregate_reader *aggregate_new(const struct limits *limits, struct aggregate_sink sink) NODISCARD;
void aggregate_free(struct aggregate_reader *r);

/* Begins a document and forgets the one before, whatever its state. */
void aggregate_start(struct aggregate_reader *r);

/* False when this reading needs no more octets: go on to aggregate_end. */
bool aggregate_push(struct aggregate_reader *r, sv chunk) NODISCARD;

/* The root is closed: what is pushed now is no part of the report. */
bool aggregate_is_complete(const struct aggregate_reader *r);

/* The octets are at their end (or push said false). */
enum aggregate_answer aggregate_end(struct aggregate_reader *r) NODISCARD;

/* After AGGREGATE_DONE, until the next start: the report without its records. The caller may add notes
 * of its own (the container's) to a copy. */
const struct report *aggregate_report(const struct aggregate_reader *r);

/* After AGGREGATE_REJECT: the reason, and in *detail one line for people ("line 12: …"), absent when
 * there is nothing to add. The detail may hold text of the document. Valid until the next start. */
enum reject aggregate_reject(const struct aggregate_reader *r, sv *detail);

/* The octets (the first 4 KiB are enough) may be an aggregate report: XML in any encoding, also behind
 * leading junk, or the placeholder "unused" that some reporters send instead of one. HTML is not. */
bool aggregate_looks_like(sv head);

/* A start tag of the root of a report stands somewhere in the octets, in whatever encoding and prefix. */
bool aggregate_has_root(sv head);

#endif
