/* What is owed to the mails of a mailbox on its server. A debt is written in the transaction that stores the
 * mail's report (T1) and says only which key of the configuration asks for it: what that is, the
 * configuration in force says when the debt is paid. So nothing is deleted that a later configuration keeps.
 */
#ifndef STORE_DEBTS_H
#define STORE_DEBTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

enum store_debt { STORE_DEBT_AFTER, STORE_DEBT_ON_ERROR, STORE_DEBT_END };

struct store_debts {
    uint32_t *uids; /* ascending */
    size_t n;
};

/* Inside T1, after store_put_mail of this mail. internaldate as in raw_mail. */
bool store_put_debt(struct store *s, int64_t mailbox, enum store_debt debt, uint32_t uid,
                    int64_t internaldate, struct err *e) NODISCARD;

/* What is owed to mails that arrived at `upto` or before; at most limits.mailbox_list, those with the lowest
 * UIDs. UIDs are those of the mailbox's present UIDVALIDITY. */
bool store_debts(struct store *s, int64_t mailbox, enum store_debt debt, int64_t upto, arena *a,
                 struct store_debts *out, struct err *e) NODISCARD;

/* They are paid. A transaction of its own. */
bool store_settle_debts(struct store *s, int64_t mailbox, enum store_debt debt, const uint32_t *uids,
                        size_t n, struct err *e) NODISCARD;

/* The configuration asks for it no more. A transaction of its own. */
bool store_forget_debts(struct store *s, int64_t mailbox, enum store_debt debt, struct err *e) NODISCARD;

#endif
