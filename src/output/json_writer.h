/* JSON as it is written: commas and nesting here, escaping in text/. Nothing is held in memory but the
 * buffer, so that a report of a million records needs no tree. */
#ifndef OUTPUT_JSON_WRITER_H
#define OUTPUT_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

struct json {
    buf *out;
    bool comma; /* something stands before the next item of this object or array */
};

/* key NULL: an item of an array, or the top. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);

/* Absent or empty text is null. */
void json_text(struct json *j, const char *key, sv text);
void json_number(struct json *j, const char *key, uint64_t value);
/* null unless `present`. */
void json_time(struct json *j, const char *key, bool present, int64_t value);

#endif
