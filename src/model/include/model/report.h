/* An aggregate report as its reporter wrote it (RFC 7489 Appendix C, RFC 9990 3.1.1): nothing filled
 * in, swapped or converted. Absent and empty text differ only where a comment says so.
 * Text points into memory of whoever made the value: the arena of a mail, or a stage. */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/failure.h"
#include "model/ip.h"
#include "model/notes.h"
#include "model/rejects.h"
#include "model/tlsrpt.h"
#include "model/words.h"

struct dkim_auth {
    sv domain, selector;
    struct word result; /* DKIM_LIST */
    sv human_result;
};

struct spf_auth {
    sv domain;
    struct word scope;  /* SCOPE_LIST; absent means mfrom */
    struct word result; /* SPF_LIST */
    sv human_result;
};

struct reason {
    struct word type; /* REASON_LIST */
    sv comment;
};

struct record {
    struct ip source_ip;
    uint64_t count;          /* messages, 0 to limits.row_count */
    struct word disposition; /* DISPOSITION_LIST */
    struct word dkim, spf;   /* VERDICT_LIST: policy_evaluated, aligned */
    struct reason *reasons;
    size_t n_reasons;
    sv header_from;   /* absent when the reporter gave none */
    sv envelope_from; /* {p, 0} is the null reverse-path, absent is absent */
    sv envelope_to;
    struct dkim_auth *dkims;
    size_t n_dkims;
    struct spf_auth *spfs;
    size_t n_spfs;
};

enum dialect { DIALECT_RFC7489, DIALECT_RFC9990 };

struct policy_published {
    sv domain;
    struct word p, sp, np;   /* POLICY_LIST; an absent sp is not none */
    struct word adkim, aspf; /* ALIGNMENT_LIST */
    sv pct, fo;
    struct word testing;          /* TESTING_LIST */
    struct word discovery_method; /* DISCOVERY_LIST */
};

/* How a mail carries its report otherwise than the standards want. */
enum { DELIVERY_MEDIA_TYPE = 1, DELIVERY_FILE_NAME = 2, DELIVERY_SUBJECT = 4, DELIVERY_ALL = 7 };

struct report {
    enum dialect dialect;
    sv version; /* as written: it does not tell the dialect */
    sv org_name, email, extra_contact_info, report_id, generator;
    bool has_begin, has_end;
    int64_t begin, end; /* Unix seconds UTC, as written; valid where has_… */
    sv *errors;
    size_t n_errors;
    struct policy_published policy;
    sv domain; /* the policy domain in use; not policy.domain only where that is absent */
    struct note_set notes;
    bool own_namespace;   /* the root is in the namespace of the dialect's standard */
    bool out_of_order;    /* elements stand in another order than the dialect's schema has */
    uint8_t delivery;     /* DELIVERY_…: what is odd about how it came, for lint */
    uint64_t records;     /* with a readable source address */
    uint64_t records_raw; /* all */
    uint64_t messages, dmarc_fail_messages; /* saturating sums over records */
};

/* policy_evaluated says pass for an aligned DKIM or SPF identity (RFC 9989 5.3.5). Unknown is no pass. */
bool record_passes(const struct record *r);

/* The period for everything but output: begin < end always, the missing half is 24 hours away, reversed
 * ones are put in order, an end of …:59:59 is taken as the next full second (half-open). */
void report_period(const struct report *r, int64_t *begin, int64_t *end);

/* One document found in a mail or file. */
enum document_kind { DOCUMENT_AGGREGATE, DOCUMENT_TLSRPT, DOCUMENT_FAILURE, DOCUMENT_REJECT };

struct document {
    enum document_kind kind;
    sv member; /* the way inside, joined by " > "; absent when the input itself is the document */
    union {
        struct report report; /* DOCUMENT_AGGREGATE; its records come from a record_cursor */
        struct tlsrpt tlsrpt;
        struct failure_report failure;
        struct {
            enum reject reason;
            sv detail; /* may be absent */
        } reject;
    };
};

/* The records of one report, one after the other. next writes *out (valid until the following call)
 * and returns false at the end; rewind starts over. */
struct record_cursor {
    bool (*next)(struct record_cursor *self, struct record *out);
    void (*rewind)(struct record_cursor *self);
};

#endif
