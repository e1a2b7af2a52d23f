/* Header fields (RFC 5322 2.2), their parameters (RFC 2045 5.1, RFC 2231) and encoded words (RFC 2047).
 * The readers are cursors over the octets of a header block; nothing is allocated but results. */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"

struct header_field {
    sv name;
    sv raw; /* behind the colon, with folds, without the last line end */
};

/* Takes the next field off *rest. Lines that are no field are passed over; a parameter that lost its
 * fold ("name=…" at the start of a line) belongs to the field before it. False at the end of the block. */
bool header_next(sv *rest, struct header_field *f) NODISCARD;

/* The first field of that name, without case; false when there is none. */
bool header_find(sv block, sv name, struct header_field *f) NODISCARD;

/* The value on one line, trimmed. Points into raw where nothing was folded. */
sv header_unfold(sv raw, arena *a);

/* The value with its encoded words as UTF-8, trimmed. Words of an unknown charset stay as they are, and
 * octets that are not UTF-8 become U+FFFD. */
sv header_text(sv raw, arena *a);

/* The value before the first ';' without comments and blanks, in lower case: "text/xml", "base64". */
sv header_token(sv raw, arena *a);

/* A parameter of Content-Type or Content-Disposition as UTF-8: sections of RFC 2231 joined in number
 * order, its charset and encoded words decoded. max_params bounds the search. Absent when not there. */
sv header_param(sv raw, sv name, size_t max_params, arena *a);

/* The domain of the first address of a From field (RFC 5322 3.4), lower case; absent when there is none. */
sv header_domain(sv raw, arena *a);
/* The same as it is written, inside raw. */
sv header_domain_raw(sv raw);

/* The header block at the start of a mail or part (or absent), and in *body what follows the empty line. */
sv header_split(sv mail, sv *body);

#endif
