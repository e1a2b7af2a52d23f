/* UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Decodes the character at s: its length in octets (1 to 4) and *cp; 0 when s is empty or the octets
 * there are no valid character. */
size_t utf8_decode(sv s, uint32_t *cp);

bool utf8_valid(sv s);

/* Appends a code point as UTF-8. Surrogates and values above U+10FFFF become U+FFFD. */
void utf8_put(buf *b, uint32_t cp);

/* At most max octets of s, cut at a character border. */
sv utf8_cut(sv s, size_t max);

/* Characters, and UTF-16 units, which some count instead; an octet that is no UTF-8 counts as one. */
size_t utf8_count(sv s);
size_t utf8_units(sv s);

/* Appends s with each invalid octet replaced by U+FFFD; true when nothing was replaced. */
bool utf8_put_clean(buf *b, sv s);

#endif
