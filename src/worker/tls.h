/* The JSON of a TLS report, or of several, gathered piece by piece and read at its end. */
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

/* Ends the open document of d, which is at member; further reports in it are documents there too. notes are
 * those of its container. False: limits.mail_reports is reached. */
bool tls_document_end(struct tls_document *t, sv member, const struct note_set *notes,
                      struct documents *d) NODISCARD;

#endif
