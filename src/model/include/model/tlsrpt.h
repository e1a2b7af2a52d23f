/* A TLS report (RFC 8460 4.4) as its reporter wrote it: nothing filled in, swapped or converted. Text
 * points into memory of whoever made the value. */
#ifndef MODEL_TLSRPT_H
#define MODEL_TLSRPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/notes.h"

/* Sessions that failed in one way. The entries of a policy may overlap (RFC 8460 4.4): their sum says
 * nothing about the policy's. */
struct tls_failure {
    sv result_type;
    bool has_sessions;
    uint64_t sessions;
    sv sending_mta_ip, receiving_mx_hostname, receiving_ip, failure_reason_code;
};

struct tls_policy {
    sv type, domain;     /* absent where the reporter named none */
    uint64_t ok, failed; /* sessions, each at most limits.row_count */
    struct tls_failure *failures;
    size_t n_failures;
};

struct tlsrpt {
    sv org_name, email, report_id; /* email: contact-info */
    bool has_begin, has_end;       /* one of them at least */
    int64_t begin, end;            /* Unix seconds UTC, as written; valid where has_… */
    struct tls_policy *policies;
    size_t n_policies;
    uint64_t ok, failed; /* saturating sums over the policies */
    struct note_set notes;
};

/* The word as RFC 8460 (4.2, 4.3) has it, found without case; absent when it has none. What it does not know
 * is kept as it is. */
sv tls_policy_type_known(sv type);
sv tls_result_type_known(sv type);

/* As report_period. */
void tlsrpt_period(const struct tlsrpt *r, int64_t *begin, int64_t *end);

#endif
