/* How a report came in: the facts of the mail that brought it, and what is made of them by who knows the
 * configuration. */
#ifndef STORE_DELIVERY_H
#define STORE_DELIVERY_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "db.h"
#include "model/auth.h"
#include "model/trust.h"

/* The stored form of what a header says of a mail's authenticity. */
void delivery_write_auth(buf *out, const struct mail_auth *m);
/* Arrays and texts are in a. False: damaged, or no memory. */
bool delivery_read_auth(sv octets, arena *a, struct mail_auth *m) NODISCARD;

/* What the one who was named to store_ask_trust makes of the mail in the first columns of the row: its
 * mailbox, the domain of its From: field, what its header says. reporter: the domain of whom it names, or
 * absent: that of From:. The text of *out lives until the next call. */
bool delivery_row_trust(struct store *s, struct query *q, sv reporter, struct trust_verdict *out,
                        struct err *e) NODISCARD;

/* The best of the deliveries of a report, by the one who was named to store_ask_trust. reporter: the domain
 * of its address. The text of *out is in a. */
bool delivery_trust(struct store *s, int64_t report, sv reporter, arena *a, struct trust_verdict *out,
                    struct err *e) NODISCARD;

/* The report that counts of a conflict set: the most trusted, of equals the one received first. Below 0: one
 * did that has become daily sums since, and so none of the others ever will. */
bool delivery_winner(struct store *s, sv set_id, sv reporter, int64_t *report, struct err *e) NODISCARD;

#endif
