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

/* octets: the whole document. REJECT_NONE_: *out is the report, in a. Else why it is none: document_too_large
 * (limits.json_size), too_many_tokens, too_deep, truncated, json_damaged, json_not_tlsrpt, no_usable_date,
 * too_many_rows (limits.tls_policies, tls_failures), memory_limit; *detail (in a) may be absent.
 * What the standard does not foresee and is read all the same leaves a note. */
enum reject tlsrpt_read(sv octets, const struct limits *limits, arena *a, struct tlsrpt *out,
                        sv *detail) NODISCARD;

#endif
