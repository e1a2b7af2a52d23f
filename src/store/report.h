/* One aggregate report into the tables. Inside T1, in the savepoint of its mail. */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include "db.h"
#include "model/mail.h"
#include "store/mails.h"

/* How a report came in. */
struct arrival {
    int64_t mail;     /* row of the mail */
    int64_t received; /* Unix seconds */
};

/* The i-th document of docs, an aggregate report: a further delivery of a known one, or new. Counts in
 * *put. */
bool report_put(struct store *s, const struct arrival *how, struct store_documents *docs, size_t i,
                struct store_put *put, struct err *e) NODISCARD;

enum { NOTES_TEXT = 128 * 40 };

/* Codes with a blank between them. */
sv report_notes_text(const struct note_set *notes, char out[NOTES_TEXT]);

#endif
