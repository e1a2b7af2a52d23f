/* Base64 (RFC 4648). The decoder is the tolerant one that mail needs (RFC 2045 6.8). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"
#include "base/sv.h"

/* Appends the encoding without line breaks. */
void base64_encode(buf *out, sv in);

/* Appends the decoded octets. Octets outside the alphabet are skipped; '=' ends a group, and data after
 * it goes on as a new one. True when nothing odd was met (only line breaks and blanks were skipped, and
 * the last group was whole). */
bool base64_decode(buf *out, sv in);

#endif
