/* Looks at every <…> before libxml2 does, which is quadratic in attributes before 2.12 and tells too
 * little about a document type declaration. Passes everything on unchanged, but for long CDATA sections,
 * which become several. */
#ifndef REPORT_GUARD_H
#define REPORT_GUARD_H

#include "reading.h"

/* Between the parts of a long CDATA section. */
#define GUARD_CDATA_BREAK "]]><![CDATA["

enum { GUARD_DOCTYPE = 256, GUARD_SPECIAL = 3 };

struct guard {
    struct reading *rd;
    struct outlet out;
    uint8_t state;
    uint8_t ending;           /* how much of "-->", "]]>" or "?>" was just seen */
    uint64_t length;          /* of the markup that is open */
    uint64_t equals;          /* '=' outside quotes in it */
    char head[GUARD_DOCTYPE]; /* of a markup that begins with "<!" */
    size_t n_head;
    size_t next_special[GUARD_SPECIAL]; /* in the chunk: the next '=', '!', '?' */
    sv chunk;                           /* being looked at */
    size_t opened_at, passed;           /* in it: the last '<', and how much went on already */
};

void guard_start(struct guard *g, struct reading *rd, struct outlet out);
void guard_push(struct guard *g, sv octets);

/* What stands between '<' and '>' is "!DOCTYPE name" and nothing more. */
bool guard_doctype_is_bare(sv inside);

#endif
