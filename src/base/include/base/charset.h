/* Character sets of one octet a character, and UTF-8, to UTF-8: by tables of our own, since iconv opens
 * files. The names are those of the IANA registry and the aliases that mail and XML use. */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

/* clang-format off */
#define CHARSETS(X) \
    X(UTF_8) X(US_ASCII) X(ISO_8859_1) X(ISO_8859_15) \
    X(WINDOWS_1250) X(WINDOWS_1251) X(WINDOWS_1252) X(WINDOWS_1253) X(WINDOWS_1254) \
    X(WINDOWS_1255) X(WINDOWS_1256) X(WINDOWS_1257) X(WINDOWS_1258)
/* clang-format on */

enum charset {
    CHARSET_UNKNOWN,
#define CHARSET_ITEM(name) CHARSET_##name,
    CHARSETS(CHARSET_ITEM)
#undef CHARSET_ITEM
        CHARSET_END
};

/* Without case; "utf8", "latin1", "cp1252", "ansi_x3.4-1968" and the like too. */
enum charset charset_of(sv name);

/* The code point of an octet in a set of one octet a character; UTF8_REPLACEMENT where it has none.
 * Octets above 0x7F of US-ASCII, UTF-8 and unknown sets have none. */
uint32_t charset_octet(enum charset set, unsigned char octet);

/* Appends `in` as UTF-8; what the set does not know becomes U+FFFD. False when that happened. */
bool charset_put(buf *out, enum charset set, sv in);

#endif
