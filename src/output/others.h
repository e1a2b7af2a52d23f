/* TLS and failure reports for the table: one row a policy or report, printed behind the aggregate
 * reports. */
#ifndef OUTPUT_OTHERS_H
#define OUTPUT_OTHERS_H

#include "base/arena.h"
#include "format.h"

enum { OTHERS_CELLS = 9 };

struct others_row {
    sv cells[OTHERS_CELLS];
    bool bad;
    struct others_row *next;
};

struct others_list {
    struct others_row *first, **end;
};

struct others {
    struct others_list tls, failures;
};

void others_init(struct others *x);

/* Rows and texts are made in a. False: no memory. */
bool others_add_tlsrpt(const struct output *o, struct others *x, arena *a, const struct tlsrpt *r) NODISCARD;
bool others_add_failure(const struct output *o, struct others *x, arena *a,
                        const struct failure_report *f) NODISCARD;

/* A section for each kind that there is. */
void others_print(struct output *o, const struct others *x);

#endif
