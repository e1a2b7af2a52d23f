/* What could not be read, as people deal with it. Mails go in by store_put_mail (mails.h), and out when they
 * are read after all, dropped, or older than limits.quarantine_days. */
#ifndef STORE_QUARANTINE_PUBLIC_H
#define STORE_QUARANTINE_PUBLIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/mails.h"
#include "store/store.h"

/* One thing in a mail that could not be read. Raw text. */
struct store_unread {
    int64_t document; /* which one of the mail, from 0; -1: the mail itself */
    sv member;        /* the way to it inside the mail */
    sv reason;        /* a code of model/rejects.h, also one of an older program */
    sv detail;
};

struct store_quarantined {
    int64_t id; /* of the mail */
    int64_t since;
    int64_t mailbox; /* its row */
    struct store_mailbox_key key;
    bool current; /* its UIDVALIDITY is still that of the mailbox */
    uint32_t uidvalidity, uid;
    int64_t internaldate;
    uint64_t size; /* of the mail */
    bool kept;     /* a copy of it */
    struct store_unread *unread;
    size_t n_unread; /* at least 1 */
};

/* All mails in quarantine, or with id > 0 that one, in the order of their ids. ERR_MEMORY also when `a` is
 * full. */
bool store_quarantine(struct store *s, int64_t id, arena *a, struct store_quarantined **out, size_t *n,
                      struct err *e) NODISCARD;

/* Appends the mail's copy; *kept false: there is none. ERR_LIMIT: it is larger than out's maximum. */
bool store_quarantine_bytes(struct store *s, int64_t id, buf *out, bool *kept, struct err *e) NODISCARD;

/* Forgets it and its copy; the mail stays done. *known false: it is not there. A transaction of its own. */
bool store_quarantine_drop(struct store *s, int64_t id, bool *known, struct err *e) NODISCARD;

/* A mail without a copy is asked for again at its server, alone, in the next run. It stays in quarantine
 * until it has come. *asked false: limits.mailbox_gaps is reached. Inside T1. */
bool store_quarantine_ask(struct store *s, const struct store_quarantined *q, bool *asked,
                          struct err *e) NODISCARD;

/* Forgets what is older than limits.quarantine_days at `now`. Transactions of its own. */
bool store_quarantine_expire(struct store *s, int64_t now, struct err *e) NODISCARD;

#endif
