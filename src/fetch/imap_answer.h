/* Status responses: "OK [CODE arguments] text" (RFC 9051 7.1). */
#ifndef FETCH_IMAP_ANSWER_H
#define FETCH_IMAP_ANSWER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/sv.h"

enum imap_status { IMAP_OTHER, IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE };

struct imap_answer {
    enum imap_status status;
    sv code, arguments; /* absent: there is none */
    sv text;            /* for people, without the code */
    sv whole;           /* from the status word on */
};

/* line: what stands behind the tag or the star. */
struct imap_answer imap_answer_of(sv line);

/* Whether the same may work later without anybody's doing: the server is busy, throttles, or is out of order.
 */
bool imap_answer_transient(const struct imap_answer *a) NODISCARD;

#endif
