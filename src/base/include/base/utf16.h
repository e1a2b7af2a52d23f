/* Whether octets are UTF-16, in the order of their two octets. */
#ifndef BASE_UTF16_H
#define BASE_UTF16_H

#include <stddef.h>

#include "base/sv.h"

enum utf16 { UTF16_NONE, UTF16_LE, UTF16_BE };

/* By the byte order mark (*mark: its octets), or because the first two characters are ASCII, as those of XML
 * and JSON are: of each pair the octet on the same side is 0. A single NUL makes none. */
enum utf16 utf16_of(sv head, size_t *mark);

#endif
