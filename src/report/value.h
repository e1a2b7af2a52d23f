/* Texts of leaves to values. */
#ifndef REPORT_VALUE_H
#define REPORT_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"
#include "model/notes.h"
#include "model/words.h"

/* Without the blanks around; also those of Unicode (no-break space, byte order mark and the like), noted. */
sv value_trim(sv s, struct note_set *notes);

/* Unix seconds UTC out of the forms seen: seconds, also with a fraction or an exponent; milli- and
 * microseconds; ISO dates with 'T' or blank, zone or none; RFC 5322 and ctime(3) dates. Digits beyond int64
 * are clamped. Notes are added to *notes for all but plain seconds. */
bool value_date(sv text, int64_t *out, struct note_set *notes) NODISCARD;

/* A word, where stray punctuation around it ("r;", "\"none\"") may be dropped: *cleaned. */
struct word value_policy_word(enum word_list list, sv text, bool *cleaned);

#endif
