/* Mails that lie in gzip or zip: gathered while their container is unpacked, and read when it has turned out
 * to be whole and all around it is done. A packed mbox is many of them. */
#ifndef WORKER_LETTERS_H
#define WORKER_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/rejects.h"

struct letter {
    char *member; /* the way to it, by malloc; NULL: it is all there is */
    buf octets;   /* a mail, or an mbox */
    unsigned level;
};

struct letters {
    const struct limits *limits;
    buf octets; /* of the one that comes in */
    bool too_much;
    struct letter *list;
    size_t n, at;
    uint64_t held; /* octets of those that wait: limits.document_size at most */
};

/* limits must outlive it. */
void letters_init(struct letters *l, const struct limits *limits);
void letters_free(struct letters *l);
/* Forgets all. */
void letters_reset(struct letters *l);

/* Whether octets begin like a mail or an mbox: with a field that every mail has some of. */
bool letters_look_like(sv head);

/* One comes in. push: false when no more of it can be kept; end says why. */
void letters_begin(struct letters *l);
bool letters_push(struct letters *l, sv chunk) NODISCARD;
/* It is whole. level: of mails around it, with itself. REJECT_NONE_, or why it is not kept. */
enum reject letters_end(struct letters *l, sv member, unsigned level) NODISCARD;

/* The next to be read, in the order they came, valid until the following call; NULL: none. */
const struct letter *letters_next(struct letters *l);

/* The next mail of an mbox off *rest; false at its end. */
bool letters_mbox_next(sv *rest, sv *mail) NODISCARD;

#endif
