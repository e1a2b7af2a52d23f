/* The body of a multipart (RFC 2046 5.1.1). */
#ifndef MAIL_MULTIPART_H
#define MAIL_MULTIPART_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

struct multipart {
    sv body, delimiter; /* "--" and the boundary */
    size_t at;          /* behind a delimiter line; where the next part starts */
    bool closed;        /* that line was a close delimiter */
    bool guessed;       /* the delimiter is not the declared one */
};

/* Finds the first delimiter line. delimiter may be absent or wrong: then the first line is taken that looks
 * like one and has a Content field behind it. False: this is no multipart. */
bool multipart_start(struct multipart *m, sv body, sv delimiter);

/* The next part; a missing close delimiter ends at the end of the body. Parts behind a close delimiter
 * are given too: gateways append their disclaimer there. */
bool multipart_next(struct multipart *m, sv *part);

/* The body has such a line. */
bool multipart_has(sv body, sv delimiter);

#endif
