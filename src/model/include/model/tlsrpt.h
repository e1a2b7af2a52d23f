/* A TLS report (RFC 8460 4.4) as its reporter wrote it: nothing filled in, swapped or converted. Text
 * points into memory of whoever made the value. */
#ifndef MODEL_TLSRPT_H
#define MODEL_TLSRPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
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
    sv text;             /* policy-string, its lines joined by line ends; absent */
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

/* What becomes of a mail when TLS fails, by the policy that the reporter saw: MTA-STS has a mode (RFC
 * 8461 3.2), DANE is always enforced (RFC 7672 2.2). */
enum sts_mode { STS_MODE_UNKNOWN, STS_MODE_NONE, STS_MODE_TESTING, STS_MODE_ENFORCE };
enum sts_mode tls_policy_mode(const struct tls_policy *p);

/* What the policy asks for, in one form whoever reports it: "mode=enforce mx=*.example.com max_age=86400" of
 * MTA-STS; of the other types the type, as TLSA records change with each certificate. Absent: the reporter
 * does not say, or memory is used up. In `a`, which gives no more than that; valid UTF-8, not
 * longer than TLS_POLICY_TEXT. */
enum { TLS_POLICY_TEXT = 400 };
sv tls_policy_asks(const struct tls_policy *p, arena *a);

/* As report_period. */
void tlsrpt_period(const struct tlsrpt *r, int64_t *begin, int64_t *end);

#endif
