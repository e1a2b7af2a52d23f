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

/* Appends the one object that octets hold to out, as UTF-8 within limits.json_size, json_tokens and
 * json_depth. UTF-16 and stray octets are converted, control characters in strings become blanks; what may
 * stand behind the object are blanks and NULs. document_too_large, too_many_tokens, too_deep, truncated,
 * json_damaged (something else stands behind), json_not_tlsrpt (it is no object), memory_limit; *detail is
 * absent or static. */
enum reject json_clean(sv octets, const struct limits *limits, buf *out, struct note_set *notes,
                       sv *detail) NODISCARD;

enum { JSON_DETAIL = 192 };

/* The tree of what json_clean gave. Of keys that stand more than once the last one counts. json_damaged
 * with a detail in jansson's words, memory_limit. */
enum reject json_tree(sv text, json_t **tree, struct note_set *notes, char detail[JSON_DETAIL]) NODISCARD;

void json_cleanup(json_t **tree);

#endif
