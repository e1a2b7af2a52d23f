/* Targeted repairs of markup, for a document that cannot be read as it is: what has one reading only and
 * loses no text is put right, with a note. Everything else goes on as it is and fails in the parser: a
 * damaged container is never guessed. UTF-8 in, UTF-8 out, in bounded memory. */
#ifndef REPORT_REPAIR_H
#define REPORT_REPAIR_H

#include "base/buf.h"
#include "fields.h"
#include "reading.h"

struct repairer {
    struct reading *rd;
    struct outlet out;
};

void repair_init(struct repairer *r, const struct limits *limits);
void repair_free(struct repairer *r);
void repair_start(struct repairer *r, struct reading *rd, struct outlet out);
void repair_push(struct repairer *r, sv text);
/* Hands on what was held back, and completes a last end tag that was cut. */
void repair_end(struct repairer *r);

#endif
