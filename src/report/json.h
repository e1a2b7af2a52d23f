/* JSON (RFC 8259) of strangers into a tree, which costs memory for each token: so octets, tokens and depth
 * are counted by ourselves before jansson sees them. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <jansson.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/notes.h"
#include "model/rejects.h"

/* Appends octets to out as UTF-8 within limits.json_size. UTF-16 and stray octets are converted.
 * document_too_large, memory_limit. */
enum reject json_convert(sv octets, const struct limits *limits, buf *out, struct note_set *notes) NODISCARD;

/* Goes over such a text, one value after the other, and counts the tokens of all of them. */
struct json_scan {
    const struct limits *limits;
    char *p; /* the text */
    size_t n, at;
    size_t gap,
        moved; /* octets left out of the value at hand; up to where its text has been moved over them */
    uint64_t tokens, depth;
};

/* text and limits must outlive the scan. */
void json_scan_start(struct json_scan *s, buf *text, const struct limits *limits);

/* The object or list that stands next, within limits.json_tokens and json_depth; control characters in its
 * strings become blanks, and a string is cut (at a character, or an escape) that is longer than six times
 * limits.xml_leaf: more than that is taken from none. json_not_tlsrpt (something else stands there),
 * too_many_tokens, too_deep, truncated, json_damaged (also a number above limits.json_word). */
enum reject json_scan_value(struct json_scan *s, sv *value, struct note_set *notes) NODISCARD;

/* What follows, without the blanks, NULs and marks that stand between two values; *odd: there were others
 * than blanks. */
sv json_scan_rest(struct json_scan *s, bool *odd);

enum { JSON_DETAIL = 192 };

/* The tree of one value. Of keys that stand more than once the last one counts. json_damaged
 * with a detail in jansson's words, memory_limit. */
enum reject json_tree(sv text, json_t **tree, struct note_set *notes, char detail[JSON_DETAIL]) NODISCARD;

void json_cleanup(json_t **tree);

#endif
