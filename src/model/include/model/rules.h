/* The rules by name, severities, and the other small enums of judging and telling. Stored by name. */
#ifndef MODEL_RULES_H
#define MODEL_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"
#include "model/words.h"

/* clang-format off */
#define RULES(X) \
    X(known_sender_failing,  "one of our senders fails DMARC") \
    X(sender_leg_lost,       "one of our senders has lost DKIM or SPF, and passes by the other alone") \
    X(unknown_source,        "somebody unknown fails DMARC as us") \
    X(spoofed_under_none,    "strangers use a domain whose policy asks for nothing") \
    X(unlisted_own_server,   "a server in our networks that no sender lists fails DMARC") \
    X(new_source_passing,    "a network never seen before passes DMARC, and nobody listed it") \
    X(new_dkim_selector,     "a DKIM key never seen before passes, and nobody listed it") \
    X(foreign_passing,       "a sender that is not ours passes DMARC as us") \
    X(foreign_growing,       "a sender that is not ours fails DMARC as us ten times as often as before") \
    X(sender_expired,        "a sender sends on although its entry has expired") \
    X(volume_spike,          "far more messages fail in a day than usual") \
    X(pass_rate_drop,        "a smaller share of our own mail passes than usual") \
    X(new_subdomain,         "a name below the domain is used that was never seen before") \
    X(domain_parked_sending, "mail passes DMARC as a parked domain") \
    X(policy_weakened,       "the published policy is weaker than before, or than it must be") \
    X(policy_changed,        "the published policy has changed") \
    X(policy_not_applied,    "a receiver lets strangers through in spite of the policy") \
    X(no_reports,            "no reports come about a domain any more") \
    X(reporter_silent,       "a reporter that told of much of the mail has fallen silent") \
    X(report_untrusted,      "reports that are not from who they name") \
    X(tls_failure,           "senders could not start TLS with our mail servers, or not as our policy asks for") \
    X(tls_policy_changed,    "the TLS policy that senders see has changed") \
    X(failure_report,        "a receiver reports single mails that failed DMARC") \
    X(report_unusable,       "mails that cannot be read as reports come again and again") \
    X(unexpected_domain,     "reports come about a domain that the configuration does not know") \
    X(agent_mailbox,         "a mailbox cannot be read") \
    X(agent_channel,         "a channel takes no notices") \
    X(agent_disk,            "the disk of the database is nearly full") \
    X(agent_db,              "the database was damaged, and a new one was begun") \
    X(agent_clock,           "the clock of this machine is wrong") \
    X(agent_config,          "an included configuration file has errors and is turned off")

/* The numbers and words of a rule that a configuration may set; not every rule has each. */
#define RULE_KNOBS(X) X(min_messages) X(window) X(rate) X(factor) X(severity)

#define SEVERITIES(X) X(info) X(warning) X(critical)

/* Whose mail a row is. */
#define WHOS(X) X(unknown) X(known) X(forwarder) X(foreign)

/* What happened to it: let_through is no DMARC action, which is no proof of an inbox. */
#define FATES(X) X(let_through) X(quarantined) X(rejected)

#define INCIDENT_STATES(X) X(firing) X(resolved)

/* Why people are told of an incident now. */
#define NEWS(X) \
    X(first,      "new") \
    X(again,      "back") \
    X(worse,      "more severe than before") \
    X(fate,       "it is let through now") \
    X(tenfold,    "ten times as much as told before") \
    X(over,       "over") \
    X(repeat,     "it goes on") \
    X(explained,  "over, as the configuration explains it now")
/* clang-format on */

/* What a rule is about: mail of sources, the published policy, the absence of reports, the figures of a
 * domain as a whole, what TLS and failure reports say of one, the agent itself. */
enum rule_about { ABOUT_SOURCES, ABOUT_POLICY, ABOUT_REPORTS, ABOUT_DOMAIN, ABOUT_OTHERS, ABOUT_AGENT };

enum rule_id {
#define RULE_ITEM(id, sentence) RULE_##id,
    RULES(RULE_ITEM)
#undef RULE_ITEM
        RULE_END
};

enum rule_knob_id {
#define KNOB_ITEM(id) KNOB_##id,
    RULE_KNOBS(KNOB_ITEM)
#undef KNOB_ITEM
        KNOB_END
};

enum severity {
#define SEVERITY_ITEM(id) SEVERITY_##id,
    SEVERITIES(SEVERITY_ITEM)
#undef SEVERITY_ITEM
        SEVERITY_END
};

enum who {
#define WHO_ITEM(id) WHO_##id,
    WHOS(WHO_ITEM)
#undef WHO_ITEM
        WHO_END
};

enum fate {
#define FATE_ITEM(id) FATE_##id,
    FATES(FATE_ITEM)
#undef FATE_ITEM
        FATE_END
};

enum incident_state {
#define STATE_ITEM(id) INCIDENT_##id,
    INCIDENT_STATES(STATE_ITEM)
#undef STATE_ITEM
        INCIDENT_STATE_END
};

enum news {
    NEWS_none,
#define NEWS_ITEM(id, sentence) NEWS_##id,
    NEWS(NEWS_ITEM)
#undef NEWS_ITEM
        NEWS_END
};

enum rule_about rule_about(enum rule_id r);

/* The agent sees it by itself: no report needs to be verified for it. */
bool rule_is_own_word(enum rule_id r);

/* People mend what it tells of: it is told again while it goes on, and so is its end. The others are what
 * strangers do. */
bool rule_is_mended(enum rule_id r);

/* The messages that it counts all failed DMARC; with the others some or all of them passed. */
bool rule_counts_failures(enum rule_id r);

/* The incident is over, by time, by proof or by a change of the configuration. */
bool news_is_end(enum news n);

const char *rule_knob_name(enum rule_knob_id k);
const char *rule_name(enum rule_id r);
const char *rule_sentence(enum rule_id r);
const char *severity_name(enum severity s);
const char *who_name(enum who w);
const char *fate_name(enum fate f);
/* Absent and unknown ones count as let through. */
enum fate fate_of(struct word disposition);
const char *incident_state_name(enum incident_state s);
const char *news_name(enum news n);

/* False when no such name; *out is written only on success. */
bool rule_from_name(sv name, enum rule_id *out) NODISCARD;
bool severity_from_name(sv name, enum severity *out) NODISCARD;
bool fate_from_name(sv name, enum fate *out) NODISCARD;
bool incident_state_from_name(sv name, enum incident_state *out) NODISCARD;
bool news_from_name(sv name, enum news *out) NODISCARD;

#endif
