/* Reads a TLS report (RFC 8460 4.4) out of the octets of its JSON. It opens no file and prints nothing. */
#ifndef REPORT_TLSRPT_H
#define REPORT_TLSRPT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/rejects.h"
#include "model/tlsrpt.h"

/* Once a process, before its sandbox closes: the seed of jansson's hash tables needs random octets. */
void tlsrpt_library_init(void);

/* Whether a JSON document that begins so is worth the reading: one of a report's own keys stands there. */
bool tlsrpt_looks_like(sv head);

/* What a document holds, one report or reject after the other: why is REJECT_NONE_ for a report, else why
 * there is none; detail may be absent. All are valid until the call returns. False: no more is wanted. */
struct tlsrpt_sink {
    void *self;
    bool (*found)(void *self, enum reject why, const struct tlsrpt *report, sv detail);
};

/* octets: the whole document. It is one report, as a rule; several may be joined or stand in a list. The sink
 * is called once at least. Rejects: document_too_large (limits.json_size), too_many_tokens, too_deep,
 * truncated, json_damaged, json_not_tlsrpt, no_usable_date, too_many_rows (limits.tls_policies,
 * tls_failures), memory_limit. What the standard does not foresee and is read all the same leaves a note. a
 * is for the texts of one report and is reset. */
void tlsrpt_read(sv octets, const struct limits *limits, arena *a, struct tlsrpt_sink sink);

#endif
