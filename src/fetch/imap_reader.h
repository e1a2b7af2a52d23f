/* The octets of an IMAP server cut into responses (RFC 9051 7). Literals are counted, never looked into; only
 * FETCH responses are taken apart, their attributes in any order. No I/O; works with any split of the
 * octets. */
#ifndef FETCH_IMAP_READER_H
#define FETCH_IMAP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"

enum imap_item {
    IMAP_MORE,   /* the octets are used up */
    IMAP_LINE,   /* a response other than FETCH is whole: reader.text, without its line end */
    IMAP_BODY,   /* BODY[] of body_size octets begins; imap_reader_keep, else it is drained */
    IMAP_FETCH,  /* a FETCH response is whole: reader.fetch */
    IMAP_BROKEN, /* nothing after this can be told apart: a line above its limit, a literal whose size cannot
                    be, an answer that goes wrong around a literal */
};

enum imap_attribute { ATTR_NONE, ATTR_UID, ATTR_SIZE, ATTR_DATE, ATTR_BODY, ATTR_OTHER };

/* What a FETCH response said so far. */
struct imap_fetch {
    uint32_t uid; /* 0: not said */
    uint32_t size;
    bool has_size;
    int64_t internaldate;
    bool has_date;
    bool has_body; /* as literal or quoted string; NIL is none */
    bool damaged;  /* not by the grammar: what it says is not to be used */
    bool has_literal;
};

struct imap_reader {
    buf line;
    sv text;
    uint64_t body_size;
    struct imap_fetch fetch;
    bool literals; /* false until the stream is in step: a line's end is then no literal */

    /* inside */
    enum { AT_START, AT_LINE, AT_SCAN, AT_QUOTED, AT_LITERAL } at;
    enum { OF_NOTHING, OF_FETCH, OF_OTHER } of; /* what the line goes on with */
    size_t pos;                                 /* in text, of the scan */
    sv quoted;                                  /* the raw inside of a quoted body */
    bool literal_next;                          /* a literal follows text */
    uint64_t literal_left;
    buf *sink;
    size_t depth; /* of parentheses */
    enum imap_attribute attribute;
    bool want_value;
};

void imap_reader_init(struct imap_reader *r, uint64_t max_line);
void imap_reader_free(struct imap_reader *r);

/* Takes octets off *in until there is something to tell. text and fetch hold until the next call. */
enum imap_item imap_reader_next(struct imap_reader *r, sv *in) NODISCARD;

/* After IMAP_BODY: the body is appended to sink as it comes. */
void imap_reader_keep(struct imap_reader *r, buf *sink);

/* Takes a token up to the next blank off *s. */
sv imap_word(sv *s);

#endif
