/* TLS and failure reports into the tables. Inside T1, in the savepoint of their mail. */
#ifndef STORE_OTHERS_H
#define STORE_OTHERS_H

#include "report.h"

/* New, or known by its facts, whatever mail it came in; counts in *put. */
bool tlsrpt_put(struct store *s, const struct arrival *how, const struct tlsrpt *r, struct store_put *put,
                struct err *e) NODISCARD;
bool failure_put(struct store *s, const struct arrival *how, const struct failure_report *f,
                 struct store_put *put, struct err *e) NODISCARD;

#endif
