/* What rules look at that no row of an aggregate report shows: the agent itself, and what mails tell of it.
 */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "alert/plain.h"
#include "judge/judge.h"
#include "run.h"

/* What there is to say of one domain ("": the agent itself). incidents are the caller's to fill in. */
typedef bool watch_fn(void *ctx, const struct alert_plain_case *c, struct err *e);

/* Who is called. */
struct watch_to {
    watch_fn *fn;
    void *ctx;
    const bool *waits; /* after a call: nothing of it was written, it is to be said again */
};

/* All of them: inside T2, with a store that was told whom to ask for trust. `a` holds what the calls are
 * given. False: *e, also of fn. */

/* Mailboxes, the disk, the clock, included files: one call. */
bool watch_agent(struct run *r, arena *a, const struct watch_to *to, struct err *e) NODISCARD;

/* Channels, after the last delivery. broken: config.n_channels, set for those that take nothing. */
bool watch_channels(struct run *r, arena *a, bool *broken, const struct watch_to *to,
                    struct err *e) NODISCARD;

/* Mails that cannot be read: one call. */
bool watch_unread(struct run *r, arena *a, const struct watch_to *to, struct err *e) NODISCARD;

/* Those that go through many domains: what they read of all is in `all`; `one` is reset for each domain. */
struct watch_memory {
    arena *all, *one;
};

/* Failure reports: a call for each domain that has any, or that had some before. */
bool watch_failures(struct run *r, const struct judge *judge, const struct watch_memory *m,
                    const struct watch_to *to, struct err *e) NODISCARD;

/* TLS reports: a call for each domain that has any, or that had some before. */
bool watch_tls(struct run *r, const struct judge *judge, const struct watch_memory *m,
               const struct watch_to *to, struct err *e) NODISCARD;

/* What TLS reports say that domains ask for: a call for each domain that asks for something else now. */
bool watch_tls_policy(struct run *r, const struct judge *judge, const struct watch_memory *m,
                      const struct watch_to *to, struct err *e) NODISCARD;

/* A domain that no entry of the configuration covers, and of which reports came that did not fail
 * authentication. */
struct watch_stranger {
    sv domain;
    int64_t clock; /* its event clock */
    bool verified; /* the report that this is of */
};

/* Those of this run: one call, if there is anything to say. more: so many that are not listed. reconfigured:
 * others may be known now. */
struct watch_strangers {
    const struct watch_stranger *p;
    size_t n, more;
    bool reconfigured;
};
bool watch_strangers(struct run *r, const struct judge *judge, const struct watch_strangers *s, arena *a,
                     const struct watch_to *to, struct err *e) NODISCARD;

#endif
