#include "put_result.h"

/* The documents of one result, as the store asks for them. */
struct documents {
    struct store_documents base; /* first: the store hands back a pointer to it */
    struct intake_result *result;
};

static const struct document *document(struct store_documents *self, size_t i)
{
    return intake_document(((struct documents *)self)->result, i);
}

static struct record_cursor *records(struct store_documents *self, size_t i)
{
    return intake_records(((struct documents *)self)->result, i);
}

static bool intact(struct store_documents *self, struct err *e)
{
    return intake_intact(((struct documents *)self)->result, e);
}

bool put_result(struct store *s, int64_t mailbox, struct intake_result *r, struct store_put *put,
                struct err *e)
{
    struct documents docs = {{document, records, intact}, r};
    return store_put_mail(s, mailbox, &r->mail, &r->outcome, &docs.base, put, e);
}
