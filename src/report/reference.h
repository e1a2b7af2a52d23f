/* References in text: &amp; &#38; and what should have been one. */
#ifndef REPORT_REFERENCE_H
#define REPORT_REFERENCE_H

#include "base/buf.h"
#include "reading.h"

enum { REFERENCE_MAX = 40 }; /* longer than any reference that means something */

/* s begins with '&'. Appends what an XML parser takes for it: the reference itself, the character of an
 * HTML entity, U+FFFD for a character that XML has not, or "&amp;". Octets of s that were used; 0: its end
 * is not there yet (never when `last`). entities_may_be: the document has a document type, so that an
 * unknown name is no text; that is refused. */
size_t reference_put(struct reading *rd, buf *out, sv s, bool last, bool entities_may_be);

#endif
