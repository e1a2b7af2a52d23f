/* What was made in memory goes out whole, or an error says why not. */
#ifndef OUTPUT_WHOLE_H
#define OUTPUT_WHOLE_H

#include <stdio.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/* ERR_MEMORY when the text became too large, ERR_DISK when it cannot be written. */
bool write_whole(const buf *text, FILE *to, struct err *e) NODISCARD;

#endif
