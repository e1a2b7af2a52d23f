/* What rules look at beside the rows of aggregate reports. Inside T2 (decide.h). Rows go to a function; their
 * texts live until it returns, false ends the reading. It must not call the store. */
#ifndef STORE_WATCH_H
#define STORE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/failure.h"
#include "model/rules.h"
#include "model/tlsrpt.h"
#include "model/trust.h"
#include "store/store.h"

/* A mailbox that could not be read run after run. */
struct store_failing {
    sv name, error;
    uint32_t runs;
    int64_t since; /* start of the first of them, Unix seconds */
};
typedef bool store_failing_fn(void *ctx, const struct store_failing *f);
bool store_failing_mailboxes(struct store *s, store_failing_fn *fn, void *ctx, struct err *e) NODISCARD;

/* A channel that fails, or that needs a person. */
struct store_bad_channel {
    sv name, error;
    int64_t parked;       /* since when it needs a person; 0: it does not */
    int64_t gave_up;      /* when a notice to it was last given up; 0: never */
    int64_t failed_since; /* start of the first of the runs in a row in which it failed; 0: it worked last */
    uint64_t waiting;     /* notices */
};
typedef bool store_bad_channel_fn(void *ctx, const struct store_bad_channel *c);
bool store_bad_channels(struct store *s, store_bad_channel_fn *fn, void *ctx, struct err *e) NODISCARD;

/* When runs before this one began: the last of them, and the latest; 0: there was none. */
struct store_past_runs {
    int64_t last, latest;
};
bool store_past_runs(struct store *s, int64_t run, struct store_past_runs *out, struct err *e) NODISCARD;

/* How many verified reporters have told of a time later than `after`, up to 2 of them, and the latest time
 * that two agree to. */
bool store_ahead(struct store *s, int64_t after, arena *a, unsigned *reporters, int64_t *time,
                 struct err *e) NODISCARD;

/* A mail with something in it that could not be read. */
struct store_unread {
    sv from_domain;   /* of its From: field, as written; absent: nothing of the mail could be read */
    sv reason;        /* code of one of its rejects */
    int64_t since;    /* Unix seconds */
    enum trust trust; /* of the mail, for that domain */
};
typedef bool store_unread_fn(void *ctx, const struct store_unread *u);

/* Those since `from`, and if there are very many, the last of them; one that came twice (Message-ID) once. */
bool store_unread(struct store *s, int64_t from, store_unread_fn *fn, void *ctx, struct err *e) NODISCARD;

/* A failure report, without notes and the identity. */
struct store_failure {
    struct failure_report report;
    int64_t received;
    enum trust trust; /* of its mail, for the domain of its From: field */
};
typedef bool store_failure_fn(void *ctx, const struct store_failure *f);

/* Those that came in after `from`, and if there are very many, the last of them. */
bool store_failures(struct store *s, int64_t from, store_failure_fn *fn, void *ctx, struct err *e) NODISCARD;

/* What a TLS report says of one policy: how many sessions failed in one way, or that none did (then
 * result_type is absent). Several of the same report and policy follow each other. */
struct store_tls {
    int64_t report, policy; /* in which it stands */
    struct tls_policy of;   /* without its failures */
    sv reporter;            /* its name, or address */
    int64_t end, received, mail;
    sv result_type, mx;
    uint64_t sessions;
};
typedef bool store_tls_fn(void *ctx, const struct store_tls *t);

/* Those that came in after `from`, and if there are very many, the last of them. */
bool store_tls(struct store *s, int64_t from, store_tls_fn *fn, void *ctx, struct err *e) NODISCARD;

/* The same, of each policy once, without sessions that failed. */
bool store_tls_asked(struct store *s, int64_t from, store_tls_fn *fn, void *ctx, struct err *e) NODISCARD;

/* What reporters have last seen a domain ask for (tls_policy_asks), by reporter. */
struct store_tls_seen {
    sv reporter, policy;
    int64_t day;
};
bool store_load_tls_seen(struct store *s, sv domain, arena *a, struct store_tls_seen **out, size_t *n,
                         struct err *e) NODISCARD;
/* In place of what this reporter has seen before. Of very many reporters those of the latest days are kept.
 */
bool store_put_tls_seen(struct store *s, sv domain, const struct store_tls_seen *seen,
                        struct err *e) NODISCARD;

/* What is made of a mail, as one of its From: domain. One that is not there any more is unknown.
 * verified: the domain that it is verified of, in `a`; absent: it is not. */
bool store_mail_trust(struct store *s, int64_t mail, arena *a, enum trust *out, sv *verified,
                      struct err *e) NODISCARD;

/* Domains with an incident of the rule that fires, in bytewise order. */
bool store_firing_domains(struct store *s, enum rule_id rule, arena *a, sv **out, size_t *n,
                          struct err *e) NODISCARD;

#endif
