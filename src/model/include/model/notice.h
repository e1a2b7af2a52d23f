/* One message about one domain: what is frozen when it is decided, and rendered when it is sent. It holds
 * everything that a text needs, so that rendering is a pure function of it. */
#ifndef MODEL_NOTICE_H
#define MODEL_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/incident.h"
#include "model/ip.h"
#include "model/lang.h"
#include "model/rules.h"
#include "model/verdict.h"
#include "model/words.h"

struct notice_source {
    struct ip ip;
    struct counts counts;
};

struct notice_reporter {
    sv name;
    uint64_t messages; /* failed ones; of the policy: reports */
    bool verified;     /* its mails come from who they name, */
    sv through;        /* which is this domain, where it is not the reporter's own; absent */
};

struct notice_spf {
    sv domain;
    struct word result; /* SPF_LIST */
    bool ours;          /* a name of the policy domain's organisation */
    uint64_t messages;  /* failed ones */
};

struct notice_dkim {
    sv domain, selector;
    struct word result; /* DKIM_LIST */
    bool ours;
    uint64_t messages;
};

struct notice_name {
    sv name;
    uint64_t messages;
};

/* What an item is about: an incident; the state of a domain; one of many lists of a digest; what else has
 * happened, of which only the domains are told. */
#define ITEM_KINDS(X) X(incident) X(domain) X(list) X(rest)

enum item_kind {
#define ITEM_KIND_ITEM(id) ITEM_##id,
    ITEM_KINDS(ITEM_KIND_ITEM)
#undef ITEM_KIND_ITEM
        ITEM_END
};

/* What the lines of a domain's state are about. */
#define LINE_KINDS(X) X(failing) X(going_on) X(info) X(source) X(sender) X(selector)

enum line_kind {
#define LINE_KIND_ITEM(id) LINE_##id,
    LINE_KINDS(LINE_KIND_ITEM)
#undef LINE_KIND_ITEM
        LINE_END
};

struct notice_line {
    enum line_kind kind;
    sv name;                /* of a sender, "SELECTOR._domainkey.DOMAIN", a network, an incident's subject */
    sv detail;              /* of incidents the rule; else absent */
    uint64_t n;             /* messages; of ITEM_rest, what there is to tell of the domain */
    enum severity severity; /* of the domains of an incident, and of ITEM_rest */
};

/* ITEM_domain: counts is of all its mail of so many days; what is known to be ours, and would be lost under a
 * stricter policy. ITEM_list, the week of the agent: reports and domains, what was told, what goes on. */
struct notice_state {
    uint64_t passed, ours, ours_failed;
    uint32_t days;                           /* with reports */
    uint64_t reports, domains, told, firing; /* ITEM_list */
};

enum { NOTICE_WAITING = 3 /* reporters that are named of those that have not told yet */ };

struct notice_item {
    enum item_kind kind; /* only ITEM_incident has a rule, and one domain unless it has lines */
    struct notice_line *lines;
    size_t n_lines, all_lines; /* of an incident: its domains, those with the most first; 0: it has one */
    struct notice_state state_of;
    uint8_t incident[INCIDENT_ID];
    enum rule_id rule;
    enum severity severity;
    enum incident_state state;
    enum news news;
    uint32_t episode;
    sv domain;
    sv subject;       /* sender name, network or domain; "*": networks beyond limits.domain_networks */
    sv before, after; /* as of the incident */
    sv via;           /* the service that shared evidence names, may be absent */
    sv owner, docs;   /* of the sender, may be absent */
    int64_t first_day, last_day; /* of the mail that it is about; all numbers are of these days */
    int64_t reported;            /* when the last report about it came in, Unix seconds */
    struct counts counts;
    uint64_t dkim[LEG_END], spf[LEG_END]; /* failed messages by what became of each leg */
    uint64_t dkim_passed, spf_passed;     /* of all its messages, those in which the leg passed */
    uint64_t unclear;                     /* failed only because the report does not say */
    uint64_t since_told;                  /* failed messages that were not in an earlier notice */
    struct notice_source *sources;        /* most failed first, at most limits.notice_sources */
    size_t n_sources, all_sources;
    struct notice_reporter *reporters; /* most first */
    size_t n_reporters, all_reporters;
    sv waiting[NOTICE_WAITING]; /* reporters that use to tell and have told nothing of last_day yet, those
                                   with the most mail first; in a notice of many domains: of none of them */
    size_t n_waiting, all_waiting;
    struct notice_spf *spfs; /* evidence of failed messages, most first */
    size_t n_spfs, all_spfs;
    struct notice_dkim *dkims;
    size_t n_dkims, all_dkims;
    struct notice_name *header_froms;
    size_t n_header_froms, all_header_froms;
    uint8_t p, sp; /* enum policy_word: published, by the newest report */
    bool testing;
    /* A verified report says so; of many domains, one does of each, or else of so many of them. */
    bool verified;
    size_t verified_lines;
    /* The number that is news, and what it uses to be: messages (volume_spike), shares in 1/100 percent
     * (sender_leg_lost, pass_rate_drop; of reporter_silent the second alone), networks (spoofed_under_none),
     * names (new_subdomain). */
    uint64_t much, usual;
    uint32_t usual_gap; /* days between reports, at most, until they stopped; 0: they have not */
};

/* What a notice is: news, the weekly text, what goes on after an import, or the state of things in a first
 * run. */
#define NOTICE_KINDS(X) X(alert) X(digest) X(imported) X(first)

enum notice_kind {
#define NOTICE_KIND_ITEM(id) NOTICE_##id,
    NOTICE_KINDS(NOTICE_KIND_ITEM)
#undef NOTICE_KIND_ITEM
        NOTICE_END
};

/* The subject of the incident of one of its lines: its own, but of rules that are named after a domain. */
sv notice_line_subject(const struct notice_item *item, size_t line);

struct notice {
    enum notice_kind kind;
    uint8_t id[INCIDENT_ID]; /* stable over every attempt and channel */
    int64_t created;         /* Unix seconds UTC, run clock */
    enum severity severity;  /* the highest of its items */
    sv tenant;               /* absent: none */
    sv title, tz;            /* of the tenant; may be absent */
    sv owner;                /* the mail address of an owner, who alone gets it; absent: not for one */
    int64_t ahead;           /* seconds that tz is ahead of UTC at `created` */
    enum lang lang;          /* of the tenant */
    sv domain;
    struct notice_item *items; /* most severe first */
    size_t n_items;
    size_t more;  /* incidents that were left out, above limits.notice_items */
    size_t known; /* incidents of the domain that go on and were told of before */
    bool test;    /* made up to try a channel; every text says so */
};

#endif
