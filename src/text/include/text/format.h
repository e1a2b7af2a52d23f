/* Numbers and times as people read them. The output is ours: safe in every channel. */
#ifndef TEXT_FORMAT_H
#define TEXT_FORMAT_H

#include <stdint.h>

#include "base/buf.h"
#include "text/catalogue.h"

/* 1204 is "1,204". */
void text_number(buf *out, uint64_t n);

/* A share in percent: "1.4%", "<0.1%", "100%" only when it is all, "0%" only when it is nothing. */
void text_percent(buf *out, uint64_t part, uint64_t whole);

/* The two largest units that say something: "3 d 4 h", "2 min", "0 s". */
void text_duration(buf *out, int64_t seconds);

/* Octets: "812 B", "1.4 KiB", "32 MiB". */
void text_size(buf *out, uint64_t octets);

/* Days since 1970: "20 Nov 2026", "20–21 Nov 2026", "30 Nov – 2 Dec 2026", "30 Dec 2026 – 2 Jan 2027".
 * Japanese: "2026年11月20日～21日". */
void text_day_range(buf *out, enum text_lang lang, int64_t first, int64_t last);

/* Unix seconds: "24 Nov 2026 02:24 UTC"; with a zone's name, which is ours, and how many seconds it is ahead
 * of UTC then: "24 Nov 2026 03:24 Europe/Berlin". */
void text_moment(buf *out, enum text_lang lang, int64_t unix_seconds, sv zone, int64_t ahead);

#endif
