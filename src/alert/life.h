/* An incident's next state, and whether people are told. */
#ifndef ALERT_LIFE_H
#define ALERT_LIFE_H

#include "explain.h"
#include "groups.h"
#include "proof.h"

struct finding;

struct outcome {
    const struct finding *finding; /* NULL: of no rule about a domain as a whole */
    const struct group *group;     /* NULL: the incident's sources sent nothing that failed */
    struct incident incident;      /* valid when `exists` */
    bool exists;                   /* false: no rule matched, and no incident was there */
    bool changed;                  /* to be written */
    bool is_new;                   /* the id is still to be made */
    struct counts counts;          /* of the episode */
    enum news news;
    /* Of rules that are not about sources; group is NULL. */
    struct notice_reporter *reporters; /* most reports first */
    size_t n_reporters, all_reporters;
    int64_t reported;            /* when the newest report came in, Unix seconds */
    uint8_t policy_p, policy_sp; /* enum policy_word: published now */
};

/* What becomes of a group of sources. */
struct outcome life_of_group(const struct alert_case *c, const struct group *g, const struct proofs *p,
                             arena *a);

/* What becomes of an incident whose sources are silent. */
struct outcome life_of_silence(const struct alert_case *c, const struct incident *was,
                               const struct explanations *x);

/* What becomes of one about absent reports, now that the domain has some of a later day. */
struct outcome life_of_absence(const struct alert_case *c, const struct incident *was);

/* Reports whose authentication nobody checked tell a warning at most. */
enum severity life_severity(enum severity s);

/* The silence that covers it, or NULL. */
const struct silence_cfg *life_silence(const struct alert_case *c, const struct incident *i);

/* Some route carries it to a channel, and no silence covers it. */
bool life_is_carried(const struct alert_case *c, const struct incident *i);

/* It goes on of a sender that the configuration no longer has for the domain. */
bool life_is_orphan(const struct alert_case *c, const struct incident *i);

/* Resolved when ALERT_RESOLVE_DAYS, or ALERT_FORGET_DAYS of mail of ours, have passed in the domain's reports
 * without a match. */
void life_close_if_over(const struct alert_case *c, struct outcome *o);

/* Notes that people are told of it now. */
void life_tell(const struct alert_case *c, struct outcome *o);

#endif
