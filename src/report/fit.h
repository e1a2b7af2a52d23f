/* Text of JSON and of header fields made fit for a report: what an XML parser does by itself. */
#ifndef REPORT_FIT_H
#define REPORT_FIT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/notes.h"

/* Appends s as UTF-8: octets that are none are windows-1252, and noted. */
void fit_utf8(buf *out, sv s, struct note_set *notes);

/* A copy in a: trimmed, at most limits.xml_leaf octets of UTF-8 without NUL. What was replaced or cut is
 * noted. Absent stays absent; absent also when the arena is used up. */
sv fit_text(sv text, const struct limits *limits, arena *a, struct note_set *notes);

#endif
