/* From the judged rows of one policy domain to what is to be stored and told. Pure: clock, ids and rows
 * are handed in, and the same rows in any order give the same decision.
 *
 * One call decides one domain. It walks the rows once to count, and once more only when there is something
 * to tell, to collect the facts of the notice. Memory is bounded by limits.domain_networks and
 * limits.notice_facts, however many rows there are. */
#ifndef ALERT_ALERT_H
#define ALERT_ALERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/incident.h"
#include "model/notice.h"
#include "model/policy.h"
#include "model/rule.h"
#include "model/verdict.h"

enum {
    ALERT_WINDOW_DAYS = 7, /* the longer window of the rules */
    ALERT_BASELINE_DAYS = 28,
    ALERT_RESOLVE_DAYS = 7, /* of event time without a match, then an incident is over */
    ALERT_FORGET_DAYS = 30, /* or, of our own mail of which nobody proves that it passes again, forgotten */
    ALERT_TENFOLD = 10,
    ALERT_BOTNET = 20 /* networks that begin in one run; more of them are one incident */
};

/* The rows of one domain. walk calls fn(sink, row, verdict) for each row with row.day >= the day that
 * alert_first_day gave, in any order, the same ones each time; row and verdict need to live only for the
 * call. False (with *e): alert_decide returns false, too. */
typedef void alert_row_fn(void *sink, const struct row *row, const struct verdict *verdict);
struct alert_rows {
    bool (*walk)(void *ctx, alert_row_fn *fn, void *sink, struct err *e);
    void *ctx;
};

/* What was seen of a domain before the rows at hand, and since which day: kept by the store between
 * decisions, so that a rule can say that a thing is new. */
enum alert_known_kind {
    KNOWN_data /* anything at all; its key is "" */,
    KNOWN_selector,
    KNOWN_name,
    KNOWN_network
};

struct alert_known {
    enum alert_known_kind kind;
    sv key;
    int64_t first_day;
};

struct alert_case {
    const struct config *config;
    sv domain;                        /* policy domain, folded */
    size_t entry;                     /* judge_domain of it: index into config.domains, or SIZE_MAX */
    const struct incident *incidents; /* all of the domain, firing and resolved */
    size_t n_incidents;
    bool reconfigured;               /* another configuration than that of the last decision */
    int64_t now;                     /* run clock, Unix seconds */
    int64_t event_clock;             /* of the domain, Unix seconds */
    uint8_t published;               /* enum policy_word: p of the newest report that counts */
    const struct alert_known *known; /* by kind and key */
    size_t n_known;
    const struct silence_cfg *silences; /* in force, of the configuration and others */
    size_t n_silences;
    bool learning; /* too few days of data yet: what is new is no news */
    void (*make_id)(void *ctx, uint8_t id[INCIDENT_ID]);
    void *make_id_ctx;
};

/* The channels that hear of a notice: those that the routes choose for any of its items that goes on, and
 * those that were told of one that is over now. chosen has config.n_channels elements, false on entry. */
struct decision;
void alert_channels(const struct config *c, const struct decision *d, bool *chosen);

/* Of what these channels hear: a notice for each owner of a sender who is to get a mail of its own, with the
 * incidents of its senders alone. Items are those of `n`; memory is the arena's. False: none is left. */
struct owners_case {
    const struct config *config;
    const struct notice *notice;
    const bool *chosen; /* as of alert_channels */
    void (*make_id)(void *ctx, uint8_t id[INCIDENT_ID]);
    void *make_id_ctx;
};
bool alert_owners(const struct owners_case *c, arena *a, struct notice **out, size_t *n) NODISCARD;

struct decision {
    struct incident *incidents; /* to be written: new ones, and changed ones under their id */
    size_t n_incidents;
    struct alert_known *known; /* to be remembered: new ones, and earlier days of known ones */
    size_t n_known;
    int64_t due; /* to be decided again then, even if nothing comes in: a day's reports are waited for no
                    longer. Unix seconds; 0: no need */
    bool tells;  /* there is a notice */
    struct notice notice; /* its id is new */
};

/* The first day whose rows the decision needs, when rows of `dirty_day` and later are new: windows reach
 * back (further where a foreign sender may have grown), and the numbers of an incident that goes on are of
 * its whole episode. */
int64_t alert_first_day(const struct config *c, const struct incident *incidents, size_t n,
                        int64_t dirty_day);

/* Decides. What *out points to is in `a` or in *c. False: no memory (ERR_MEMORY), or what walk said.
 *
 * Passed over: rows of reports that failed authentication (TRUST_failed); of domains that are not configured
 * or not watched; rows whose report came in more than
 * max_age after its period's end; rows of reports that end more than limits.future_slack after they came in.
 *
 * An incident that would be over at once is opened only where max_age is longer than ALERT_RESOLVE_DAYS and
 * still covers it: history is no news. Networks above limits.domain_networks are one incident with the
 * subject "*"; which ones these are depends on the set of networks alone.
 *
 * Told: an incident of a severity that some route carries, when it is new, back after it was over, more
 * severe, harmful where it was not, or ten times as large as told; what people mend also when it goes on
 * after the configuration's `repeat`, and when it is over. Of the domain's changes, those that are no more
 * severe than what its channels know wait for the end of the cool-down. Everything else is silence. */
bool alert_decide(const struct alert_case *c, const struct alert_rows *rows, arena *a, struct decision *out,
                  struct err *e) NODISCARD;

/* A domain of which no report came for some days. */
struct alert_quiet {
    sv domain;
    size_t entry;                     /* as in struct alert_case */
    const struct incident *incidents; /* as in struct alert_case */
    size_t n_incidents;
    const int64_t
        *days; /* the days, since 1970, on which its reports of the last ALERT_QUIET_DAYS end; ascending */
    size_t n_days;
};

enum {
    ALERT_QUIET_DAYS = 60, /* from which the usual gap is learnt; a longer silence is no news any more */
    ALERT_QUIET_KNOWN = 4, /* so many days with reports must be known */
    ALERT_QUIET_LEAST = 3, /* days without reports that are never news */
    ALERT_QUIET_SLACK = 2, /* and so many beyond the longest gap */
    ALERT_QUIET_MANY = 3   /* domains of one tenant that fall silent together are one notice */
};

struct alert_quiet_case {
    const struct config *config;
    const struct alert_quiet *domains;
    size_t n_domains;
    int64_t now;                        /* run clock */
    const struct silence_cfg *silences; /* as in struct alert_case */
    size_t n_silences;
    void (*make_id)(void *ctx, uint8_t id[INCIDENT_ID]);
    void *make_id_ctx;
};

/* Which of them have been silent for longer than they use to. One decision a domain that is told of, or one
 * where ALERT_QUIET_MANY or more are of the same tenant and for the same channels: its notice has no domain.
 * To be called only after every mailbox was read to its end. Memory is the arena's. False: ERR_MEMORY. */
bool alert_decide_quiet(const struct alert_quiet_case *c, arena *a, struct decision **out, size_t *n,
                        struct err *e) NODISCARD;

#endif
