#ifndef MAIL_PARAM_H
#define MAIL_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/sv.h"

/* Appends the octets of a parameter, sections joined, backslashes and percent signs undone, no charset
 * applied: the exact form that a boundary needs. *charset is the one that it names itself, or absent. max:
 * parameters looked at. False when there is none. */
bool param_octets(sv raw, sv name, size_t max, buf *out, sv *charset);

#endif
