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

struct tls_end {
    struct documents *documents;
    sv member;
    const struct note_set *notes;
    bool too_many;
};

static bool on_found(void *self, enum reject why, const struct tlsrpt *found, sv detail)
{
    struct tls_end *end = self;
    struct documents *d = end->documents;
    if (!d->open && !documents_begin(d, end->member)) {
        end->too_many = true;
        return false;
    }
    if (why == REJECT_NONE_) {
        struct tlsrpt report = *found;
        note_add_all(&report.notes, end->notes);
        documents_tlsrpt(d, &report);
    } else {
        documents_reject(d, why, detail);
    }
    return true;
}

bool tls_document_end(struct tls_document *t, sv member, const struct note_set *notes, struct documents *d)
{
    struct tls_end end = {.documents = d, .member = member, .notes = notes};
    if (t->octets.failed)
        documents_reject(d, REJECT_memory_limit, SV_ABSENT);
    else
        tlsrpt_read(buf_view(&t->octets), t->limits, &t->memory, (struct tlsrpt_sink){&end, on_found});
    return !end.too_many;
}
