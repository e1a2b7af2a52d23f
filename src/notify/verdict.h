/* What the codes of far sides mean for a notice and its channel. */
#ifndef NOTIFY_VERDICT_H
#define NOTIFY_VERDICT_H

#include <stdbool.h>

#include "base/sv.h"
#include "notify/notify.h"

struct verdict {
    int from, to; /* codes, both included */
    enum answer_class cls;
    const char *what, *advice;
};

/* An HTTP status other than 2xx. */
const struct verdict *verdict_of_status(int status);

/* An SMTP reply of 400 and more. at_message: it answers the message itself, not the login, the sender or the
 * recipients. */
const struct verdict *verdict_of_reply(int code, bool at_message);

/* An exit code of a command other than 0 (sysexits.h). */
const struct verdict *verdict_of_exit(int code);

/* Whether the text of an answer may be quoted: a few words of letters in which no six letters or digits in a
 * row are those of a part of the URL, in either case and whatever stands between them: that is a secret, and
 * some servers repeat it, shortened or encoded. */
bool verdict_may_quote(sv text, sv url);

/* The address of "Name <address>", or all of it. */
sv verdict_bare_address(sv from);

/* Whether an address can stand in an SMTP command: nothing that ends a line or a path (RFC 5321 4.1.2). */
bool verdict_address_is_safe(sv address);

#endif
