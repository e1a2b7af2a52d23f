/* Splits an mbox at its "From " lines as it streams (RFC 4155 and its looser kin). Nothing is unquoted. */
#ifndef FETCH_MBOX_H
#define FETCH_MBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"

enum mbox_result {
    MBOX_MORE, /* the octets are used up, but for what is left in *in: come again with more behind it */
    MBOX_MAIL, /* mbox.mail is whole (or too_large); the caller takes it, or leaves it to be overwritten */
};

struct mbox {
    buf mail;       /* born with the largest mail that is held */
    bool too_large; /* the mail in hand was: its octets are dropped */
    bool started;   /* a "From " line was seen */
    size_t max_line;

    bool in_line; /* in the middle of a line */
    bool after_blank;
    bool fresh; /* the mail was handed over: begin anew */
};

void mbox_init(struct mbox *m, size_t max_mail, size_t max_line);
void mbox_free(struct mbox *m);

/* Takes octets off *in. end: nothing comes after *in, so that it is used up and the last mail comes whole;
 * then MBOX_MORE is the end. */
enum mbox_result mbox_next(struct mbox *m, sv *in, bool end) NODISCARD;

#endif
