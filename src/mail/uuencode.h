#ifndef MAIL_UUENCODE_H
#define MAIL_UUENCODE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/sv.h"

/* Finds the next "begin 644 name" line in *rest, appends what stands between it and "end", never more than
 * it was encoded, and moves *rest behind it. False when there is none. */
bool uuencode_next(sv *rest, buf *out);

#endif
