#include "tls.h"

#include "report/tlsrpt.h"

/* Texts are no longer than the JSON, and an entry of it costs a fraction of what its keys do. */
static size_t memory_for(const struct limits *limits)
{
    return MIB(1) + 2 * limits->json_size + limits->tls_policies * sizeof(struct tls_policy) +
           limits->tls_failures * sizeof(struct tls_failure);
}

void tls_document_init(struct tls_document *t, const struct limits *limits)
{
    t->limits = limits;
    /* One octet more tells that it is too large. */
    buf_init(&t->octets, limits->json_size + 1);
    arena_init(&t->memory, memory_for(limits));
}

void tls_document_free(struct tls_document *t)
{
    buf_free(&t->octets);
    arena_free(&t->memory);
}

void tls_document_start(struct tls_document *t)
{
    buf_reset(&t->octets);
    arena_reset(&t->memory);
}

bool tls_document_push(struct tls_document *t, sv chunk)
{
    uint64_t room = t->limits->json_size + 1 - t->octets.n;
    buf_sv(&t->octets, sv_first(chunk, room));
    return t->octets.n <= t->limits->json_size && !t->octets.failed;
}

void tls_document_end(struct tls_document *t, const struct note_set *notes, struct documents *d)
{
    struct tlsrpt report;
    sv detail = SV_ABSENT;
    enum reject why = t->octets.failed
                          ? REJECT_memory_limit
                          : tlsrpt_read(buf_view(&t->octets), t->limits, &t->memory, &report, &detail);
    if (why != REJECT_NONE_) {
        documents_reject(d, why, detail);
        return;
    }
    note_add_all(&report.notes, notes);
    documents_tlsrpt(d, &report);
}
