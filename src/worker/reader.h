/* One mail, or a file that is itself a report or a container of some, to documents. */
#ifndef WORKER_READER_H
#define WORKER_READER_H

#include "base/attr.h"
#include "base/sv.h"
#include "documents.h"
#include "model/limits.h"
#include "parent.h"

struct reader;

/* NULL: no memory. limits and parent must outlive it. */
struct reader *reader_new(const struct limits *limits, struct parent *parent) NODISCARD;
void reader_free(struct reader *r);

/* Reads the mail and says everything about it, up to and with DONE. */
void reader_mail(struct reader *r, sv mail);

/* The mail could not even be taken in. */
void reader_refuse(struct reader *r, enum reject reason);

/* Of the last mail. */
const struct documents *reader_documents(const struct reader *r);

#endif
