/* The keys of the configuration: one table that validates, fills, prints and documents. */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

/* What a value is: name, words for the reference. Each has a reader in read*.c and a printer in print.c. */
/* clang-format off */
#define KINDS(X) \
    X(group,        "map") \
    X(entries,      "map of names") \
    X(text,         "text") \
    X(path,         "path") \
    X(readable,     "path") \
    X(secret,       "secret") \
    X(signing_key,  "secret") \
    X(argv,         "list of texts") \
    X(webhook_url,  "URL, secret") \
    X(mailbox_url,  "URL") \
    X(after,        "keep, seen, {move: FOLDER} or {delete: {older_than: DURATION}}") \
    X(on_error,     "{move: FOLDER}") \
    X(trust,        "map, exchange-online or google") \
    X(authserv_id,  "name") \
    X(hops,         "number") \
    X(smtp_url,     "URL") \
    X(oauth2,       "map") \
    X(https_url,    "URL") \
    X(pem,          "secret, of several lines") \
    X(account,      "secret, of several lines") \
    X(mechanism,    "xoauth2 or oauthbearer") \
    X(service_url,  "URL") \
    X(lang,         "en or ja") \
    X(webhook_format, "native or alertmanager") \
    X(channel_type, "slack, email, webhook, stdout, command, discord, mattermost, teams, google_chat, telegram, ntfy, pagerduty, alertmanager or syslog") \
    X(from,         "address") \
    X(addresses,    "list of addresses, and owner") \
    X(networks,     "list of addresses and networks") \
    X(senders,      "list of names of senders") \
    X(channels,     "list of names of channels") \
    X(recipients,   "list of names of channels, and tenant") \
    X(zone,         "name of a time zone") \
    X(include,      "list of patterns") \
    X(items,        "list of maps") \
    X(domain,       "domain name") \
    X(names,        "list of domain names") \
    X(patterns,     "list of domain names") \
    X(selectors,    "list of selectors") \
    X(tenants,      "list of names of tenants") \
    X(severities,   "list of severities") \
    X(rule_names,   "list of names of rules") \
    X(rules,        "map of rules") \
    X(domain_rules, "map of rules") \
    X(sender_kind,  "ours, forwarder or foreign") \
    X(policy_word,  "none, quarantine or reject") \
    X(severity,     "info, warning or critical") \
    X(flag,         "true or false") \
    X(unflag,       "true or false") \
    X(date,         "date") \
    X(share,        "share") \
    X(days,         "duration") \
    X(factor,       "number") \
    X(duration,     "duration") \
    X(number,       "number") \
    X(silenced_rules, "list of names of rules") \
    X(one_pattern,  "domain name") \
    X(repeat,       "diminishing, daily, never or a duration") \
    X(text_channels, "list of names of channels") \
    X(spans,        "list of times, like 19:00-07:00") \
    X(weekdays,     "list of mon, tue, wed, thu, fri, sat, sun") \
    X(weekday,      "mon, tue, wed, thu, fri, sat or sun") \
    X(sandbox,      "full or best-effort") \
    X(limits,       "map of limits")
/* clang-format on */

enum kind {
#define KIND_ITEM(name, words) KIND_##name,
    KINDS(KIND_ITEM)
#undef KIND_ITEM
        KIND_END
};

struct loader;
struct node;

struct key {
    const char *path; /* '*' stands for a name that the user chose, '#' for a place in a list */
    enum kind kind;
    size_t at;        /* where the value goes: in struct config, or in the structure of the entry */
    size_t count_at;  /* lists and entries: where their number goes */
    size_t size;      /* entries, items: octets of one structure; that of an entry begins with its name */
    bool is_domain;   /* entries of struct domain_cfg: names are domain names, compared folded */
    bool one_will_do; /* lists: one value stands for a list of it */
    bool required;
    bool of_run;   /* not read where the file is only an allowlist; at the top */
    unsigned only; /* bits (1 << enum channel_type, or enum mailbox_kind): of these alone; 0: of all */
    const char *def;
    int64_t min, max; /* numbers; durations in seconds */
    const char
        *too_little; /* what less than min of a duration would be too little for; NULL: nothing to say */
    /* Entries: what a structure is before its keys are read, and what its keys must be together. */
    void (*start)(const struct node *node, void *entry);
    void (*check)(struct loader *l, const struct node *node, sv path, const void *entry);
    const char *help;
};

/* In the order in which values are read. *n: the number of rows. */
const struct key *schema(size_t *n);

/* The rows directly inside `parent` ("" for the top level), in order: NULL for the first, the last one
 * returned for the next; NULL at the end. *leaf: the last part of its path. */
const struct key *schema_next(const char *parent, const struct key *last, sv *leaf);

/* The row of a key inside parent, or NULL. */
const struct key *schema_find(const char *parent, sv leaf);

/* Whether the row counts for an entry: `entry` is a struct channel_cfg or mailbox_cfg where the row has
 * `only`. */
bool schema_applies(const struct key *key, const void *entry);

/* Appends a path for people: NAME for a name that the user chooses, [N] for a place in a list. */
void schema_put_path(buf *out, sv path);

/* The type, one of `only`, as people write it. "": there is none yet. */
const char *schema_type_word(const struct key *key, unsigned type);
/* What the type of an entry is. */
unsigned schema_type(const struct key *key, const void *entry);

/* A key that is documented for a later version and does nothing in this one. */
bool schema_is_later(const char *parent, sv leaf);

#endif
