/* The JSON of one TLS report, gathered piece by piece and read at its end. */
#ifndef WORKER_TLS_H
#define WORKER_TLS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "documents.h"

struct tls_document {
    const struct limits *limits;
    buf octets;
    arena memory;
};

/* limits must outlive it. */
void tls_document_init(struct tls_document *t, const struct limits *limits);
void tls_document_free(struct tls_document *t);

void tls_document_start(struct tls_document *t);

/* False: there is more than limits.json_size, and no more is of use. */
bool tls_document_push(struct tls_document *t, sv chunk) NODISCARD;

/* Ends the open document of d; notes are those of its container. */
void tls_document_end(struct tls_document *t, const struct note_set *notes, struct documents *d);

#endif
