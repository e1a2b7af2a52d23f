/* What a leaf holds: transfer decoding (RFC 2045 6), uuencode, and what was packed into plain text. */
#ifndef MAIL_CONTENTS_H
#define MAIL_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/magic.h"
#include "base/sv.h"
#include "mail/mail.h"

/* Octets beyond those of the body that decoding needs room for. */
enum { MAIL_DECODE_MORE = 64 };

/* Undoes the transfer encoding, tolerant of everything seen in mail: blanks, missing padding and text
 * behind base64; lower-case hex, stray '=' and trailing blanks in quoted-printable. The result is the
 * body itself or lies in scratch (which is reset); it is never longer than the body. Absent when scratch
 * failed. */
sv mail_decode(const struct mail_leaf *leaf, buf *scratch) NODISCARD;

/* What the octets of a leaf are, decoded or as they stand: a container, XML or JSON, which decides against
 * every type and name. MAGIC_NONE: none of them. Looks at the first 8 KiB. */
enum magic mail_magic(const struct mail_leaf *leaf) NODISCARD;

/* One leaf after the other; the buffers are reused. */
struct mail_contents {
    const struct mail_leaf *leaf;
    buf decoded, inner;
    sv whole;  /* the decoded leaf */
    sv text;   /* where is searched: in it, then in the body as it stands */
    sv rest;   /* of text */
    sv behind; /* of a uuencoded body, behind the file that is `whole` */
    enum { CONTENTS_WHOLE, CONTENTS_UUENCODED, CONTENTS_BASE64, CONTENTS_LEFT, CONTENTS_END } state;
    bool found;
    struct note_set of_leaf; /* its own, and transfer_encoding_ignored where no field tells of its encoding */
    struct note_set notes;   /* of the last candidate: those of the leaf, and transfer_encoding_ignored,
                                base64_odd, blanks_before_data, found_in_text */
};

/* max: the most octets that decoding may give (limits.mail_size). */
void mail_contents_init(struct mail_contents *c, size_t max);
void mail_contents_free(struct mail_contents *c);
void mail_contents_start(struct mail_contents *c, const struct mail_leaf *leaf);

/* The next candidate for a document, valid until the following call; false at the end. Every leaf gives
 * at least one. When the decoded leaf is a container, XML or JSON by its first octets, it is the only
 * one (XML and JSON not in text/plain and text/html, where '<' may be the start of anything). Else what
 * the headers did not tell is looked for: the body as it stands, uuencoded files, lines of base64 of a
 * gzip, zip or XML, a report in the middle of text; and when there is nothing, the decoded leaf is given
 * as it is. An `original` and a `no_mail` leaf are only decoded. *bytes is absent when memory failed. */
bool mail_contents_next(struct mail_contents *c, sv *bytes) NODISCARD;

#endif
