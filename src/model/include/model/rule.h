/* The table of rules: what each looks at, its numbers, its severity, and which of these a configuration may
 * set. Names and sentences stand in rules.h, words for people in the catalogue of text/. */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/policy.h"
#include "model/rules.h"

/* What an incident of the rule is named after. */
#define RULE_SUBJECTS(X) X(sender) X(network) X(domain) X(selector) X(name) X(reporter) X(object)

/* cumulative: it matches as soon as what has come in is enough, and late reports only add. comparative: it
 * holds a day against earlier ones, and waits until the day's reports are in. */
#define RULE_EVIDENCES(X) X(cumulative) X(comparative)

enum rule_subject {
#define SUBJECT_ITEM(id) SUBJECT_##id,
    RULE_SUBJECTS(SUBJECT_ITEM)
#undef SUBJECT_ITEM
        SUBJECT_END
};

enum rule_evidence {
#define EVIDENCE_ITEM(id) EVIDENCE_##id,
    RULE_EVIDENCES(EVIDENCE_ITEM)
#undef EVIDENCE_ITEM
        EVIDENCE_END
};

/* A number that a configuration may set, between min and max; max 0: the rule has none. */
struct rule_knob {
    uint64_t def, min, max;
};

/* One rule. A row counts for one rule about sources at most; a source is a sender or a network. The messages
 * that count are the failed ones, or for some rules those that passed: they stand in counts.failed all the
 * same. Messages of known senders that failed inconclusively (RFC 9989 5.3.6) count as neither failed nor
 * passed: they may be the reporter's trouble alone. A stranger's count as failed: he can cause such errors at
 * will. */
struct rule {
    enum rule_about about;
    enum rule_subject subject;
    enum rule_evidence evidence;
    bool off;               /* by the configuration */
    uint64_t messages;      /* so many messages of a source in so many days, */
    uint32_t window_days;   /* … */
    uint32_t share_bp;      /* which are at least this share of all of them, in 1/100 percent, */
    uint32_t growth;        /* and so many times the most of any of the days before; 0: any; */
    uint64_t week_messages; /* or at so many of the last 7 days; 0: no such window */
    uint64_t
        small_messages; /* or when so many on 2 days all failed, while before nine in ten did not; 0: no */
    uint64_t harm_messages; /* so many in 7 days with a fate that harms make it `harm`, else it is `mild`, */
    uint32_t harm_share_bp; /* if they are at least this share of all of them, in 1/100 percent */
    enum severity mild, harm; /* critical is a warning, unless what verified reports say is enough for it */
    uint8_t harmful;          /* fates that harm, bit (1 << fate) */
};

/* The rule as it is without a configuration. */
const struct rule *rule_standard(enum rule_id id);

/* The bounds of one of its numbers. */
struct rule_knob rule_knob(enum rule_id id, enum rule_knob_id knob);

/* The rule in force: with the knobs of the configuration, and on top of them those of the domain's entry
 * (index into config.domains; SIZE_MAX: none). min_messages takes the place of both numbers of messages,
 * severity that of mild and harm. */
struct rule rule_in_force(const struct config *c, size_t entry, enum rule_id id);

bool rule_is_off(const struct config *c, size_t entry, enum rule_id id);
bool rule_sets_severity(const struct config *c, size_t entry, enum rule_id id);

/* Appends the numbers in a line: "5 messages in 1d, 2.00% of the source's; warning, critical when 5 did
 * harm". */
void rule_put_numbers(buf *out, const struct rule *r);

/* Appends its knobs with their standards and bounds: "min_messages 5, 1 to 1000000000; …". */
void rule_put_knobs(buf *out, enum rule_id id);

const char *rule_subject_name(enum rule_subject s);

/* The same subject of several domains is the same thing: a network, a sender, a selector, a reporter. */
bool rule_folds(enum rule_id id);
const char *rule_evidence_name(enum rule_evidence e);

#endif
