/* Targeted repairs of markup, for a document that cannot be read as it is: what has one reading only and
 * loses no text is put right, with a note. Everything else goes on as it is and fails in the parser: a
 * damaged container is never guessed. UTF-8 in, UTF-8 out, in bounded memory. */
#ifndef REPORT_REPAIR_H
#define REPORT_REPAIR_H

#include "base/buf.h"
#include "fields.h"
#include "reading.h"

enum { REPAIR_DEPTH = 64, REPAIR_NAME = 128 };

struct repair_open {
    char name[REPAIR_NAME]; /* as its start tag has it, with the prefix */
    size_t n;
    enum place place;
};

struct repairer {
    struct reading *rd;
    struct outlet out;
    buf in;   /* not yet understood */
    buf made; /* not yet handed on */
    uint8_t state;
    bool in_root, has_doctype;
    bool root_begins; /* the octets end in the start tag of the root */
    unsigned prologs;
    struct repair_open stack[REPAIR_DEPTH];
    size_t depth;
    struct repair_open closed; /* the element behind which nothing but blanks has come yet; n is 0: none */
    /* The innermost element, while it has nothing but text: what is known of it may still change. */
    bool holding;
    buf held;               /* its text */
    uint64_t text_n;        /* octets of text since the last tag, from one on that is no blank */
    buf text;               /* of one step */
    buf kept;               /* " xmlns…" attributes of the start tag at hand */
    uint64_t skipped;       /* octets of the comment, instruction or tag that is being passed over */
    struct repair_open tag; /* the start tag whose attributes are being read */
};

void repair_init(struct repairer *r, const struct limits *limits);
void repair_free(struct repairer *r);
void repair_start(struct repairer *r, struct reading *rd, struct outlet out);
void repair_push(struct repairer *r, sv text);
/* Hands on what was held back, and completes a last end tag that was cut. */
void repair_end(struct repairer *r);

#endif
