/* What the escapers share. */
#ifndef TEXT_WALK_H
#define TEXT_WALK_H

#include "base/buf.h"
#include "base/sv.h"

/* ASCII sign -> what stands for it. */
struct text_swap {
    char sign;
    const char *with;
};

/* Appends s: the n signs of `swaps` replaced, unsafe characters and octets that are no UTF-8 shown, the
 * rest as it is. Tabs and line ends that have a swap are swapped, not shown. */
void text_swap(buf *out, sv s, const struct text_swap *swaps, size_t n);

/* Length of the leading part of printable ASCII without ", \ and the signs in `stop`. */
size_t text_plain(sv s, const char *stop);

/* "\x1b", "\u{202e}" */
void text_show(buf *out, uint32_t cp);

#endif
