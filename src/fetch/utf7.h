/* Mailbox names on the wire: modified UTF-7 (RFC 3501 5.1.3). */
#ifndef FETCH_UTF7_H
#define FETCH_UTF7_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"

/* Appends the wire form of a UTF-8 name. False when it is empty, no UTF-8, or has control characters. */
bool utf7_put(buf *out, sv name) NODISCARD;

/* Appends a quoted string (RFC 9051 4.3). s has no CR, LF or NUL. */
void imap_put_quoted(buf *out, sv s);

#endif
