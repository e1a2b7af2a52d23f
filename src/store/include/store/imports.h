/* Reports that a person brings by `import`. What they alone would raise is told as one notice; that an import
 * has stored something which is not decided yet is a mark in the database, so that it holds also when the
 * import is killed. */
#ifndef STORE_IMPORTS_H
#define STORE_IMPORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/mails.h"

/* Where imported mails belong: no mailbox of a configuration has this key. Their UIDVALIDITY and UID are of
 * their octets, so that a mail that is imported again is the same one. */
struct store_mailbox_key store_import_key(void);

/* Inside T1, with the first mail. */
bool store_mark_import(struct store *s, struct err *e) NODISCARD;

/* Inside T2: whether there is a mark, and its end. */
bool store_import_marked(struct store *s, bool *marked, struct err *e) NODISCARD;
bool store_clear_import(struct store *s, struct err *e) NODISCARD;

/* Whether some report of the domain whose clock is later than `from` came by anything else than imports. */
bool store_is_delivered(struct store *s, sv domain, int64_t from, bool *yes, struct err *e) NODISCARD;

#endif
