#include "put_result.h"

#include <stdlib.h>

/* The documents of one result, as the store asks for them. */
struct documents {
    struct store_documents base; /* first: the store hands back a pointer to it */
    struct intake_result *result;
    const size_t *chosen; /* which documents of the result these are; NULL: all */
};

static size_t place_of(const struct store_documents *self, size_t i)
{
    const struct documents *d = (const struct documents *)self;
    return d->chosen ? d->chosen[i] : i;
}

static const struct document *document(struct store_documents *self, size_t i)
{
    return intake_document(((struct documents *)self)->result, place_of(self, i));
}

static struct record_cursor *records(struct store_documents *self, size_t i)
{
    return intake_records(((struct documents *)self)->result, place_of(self, i));
}

static bool intact(struct store_documents *self, struct err *e)
{
    return intake_intact(((struct documents *)self)->result, e);
}

bool put_result(struct store *s, int64_t mailbox, struct intake_result *r, struct store_put *put,
                struct err *e)
{
    struct documents docs = {{document, records, intact}, r, NULL};
    return store_put_mail(s, mailbox, &r->mail, &r->outcome, &docs.base, put, e);
}

bool put_reports(struct store *s, int64_t mailbox, struct intake_result *r, struct store_put *put,
                 struct err *e)
{
    struct mail_outcome outcome = r->outcome;
    size_t *chosen = calloc(outcome.n_documents + 1, sizeof *chosen);
    if (chosen == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    outcome.n_documents = 0;
    for (size_t i = 0; i < r->outcome.n_documents; i++)
        if (intake_document(r, i)->kind != DOCUMENT_REJECT)
            chosen[outcome.n_documents++] = i;
    struct documents docs = {{document, records, intact}, r, chosen};
    bool ok = outcome.n_documents == 0 || store_put_mail(s, mailbox, &r->mail, &outcome, &docs.base, put, e);
    free(chosen);
    return ok;
}
