/* The configuration in force: what config/ fills and everything else reads. Plain data in one arena;
 * names are folded (domains) or exact (the rest); indexes point into the arrays beside them. */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/ip.h"
#include "model/lang.h"
#include "model/limits.h"
#include "model/rules.h"
#include "model/silence.h"
#include "model/words.h"

enum tls_mode { TLS_IMPLICIT, TLS_STARTTLS, TLS_NONE /* loopback only */ };

/* How an access token is got (RFC 6749). OAUTH_NONE: user and password. */
enum oauth_grant {
    OAUTH_NONE,
    OAUTH_CLIENT_SECRET,    /* client_credentials with client_secret */
    OAUTH_CLIENT_ASSERTION, /* client_credentials with a JWT signed by the key of a certificate (RFC 7523) */
    OAUTH_REFRESH_TOKEN,    /* a token kept in the state folder, or given once; rotated ones are kept */
    OAUTH_DEVICE,           /* the same after `dmarcwarn login` (RFC 8628) */
    OAUTH_SERVICE_ACCOUNT,  /* a JWT of a Google service account, acting for the user */
    OAUTH_COMMAND           /* a program prints it */
};

enum oauth_mechanism { OAUTH_XOAUTH2, OAUTH_BEARER /* RFC 7628 */ };

struct oauth_cfg {
    enum oauth_grant grant;
    enum oauth_mechanism mechanism;
    sv token_url, device_url, client_id, scope;
    sv client_secret, refresh_token; /* secrets */
    sv private_key;                  /* PEM, a secret: of the certificate, or of the service account, whose
                                        JSON key file may stand here as it is */
    sv certificate;                  /* PEM: its thumbprint names the key */
    sv issuer;                       /* of a service account: its e-mail address */
    sv *command;                     /* argv */
    size_t n_command;
    sv ca_file; /* of the token server; absent: the system's */
};

enum mailbox_kind { MAILBOX_IMAP, MAILBOX_MAILDIR, MAILBOX_FOLDER };

/* What is done to a mail on the server once its report is stored. */
enum after_kind { AFTER_KEEP, AFTER_SEEN, AFTER_MOVE, AFTER_DELETE };

/* Whose word on the authenticity of report mails is believed. */
enum trust_in { TRUST_IN_NOBODY, TRUST_IN_ID, TRUST_IN_EXCHANGE_ONLINE, TRUST_IN_GOOGLE };

#define TRUST_HOPS_UNSET UINT64_MAX

struct trust_cfg {
    enum trust_in in;
    sv authserv_id; /* TRUST_IN_ID, lower case */
    uint64_t hops;  /* how many Received fields may stand above; TRUST_HOPS_UNSET: by the names of hosts */
};

struct mailbox_cfg {
    sv name;
    enum mailbox_kind kind;
    sv path; /* MAILBOX_MAILDIR, MAILBOX_FOLDER; of the fields below they have none */
    sv host; /* without brackets */
    uint16_t port;
    enum tls_mode tls;
    sv user, password; /* password: raw secret, never printed */
    struct oauth_cfg oauth;
    sv ca_file; /* absent: the system's */
    sv folder;  /* UTF-8 */
    enum after_kind after;
    sv after_folder;      /* AFTER_MOVE, UTF-8 */
    int64_t delete_after; /* AFTER_DELETE: age by INTERNALDATE, seconds */
    sv on_error_folder;   /* where mails go whose report could not be read; absent: they stay */
    int64_t since;        /* first run only: mails of the last so many seconds; 0: all */
    struct trust_cfg trust;
};

enum sender_kind { SENDER_OURS, SENDER_FORWARDER, SENDER_FOREIGN };

struct dkim_identity {
    sv domain;
    sv *selectors;
    size_t n_selectors; /* 0: any */
};

struct sender_cfg {
    sv name;
    enum sender_kind kind;
    struct cidr *ips;
    size_t n_ips;
    struct dkim_identity *dkims; /* aligned passes that prove the sender */
    size_t n_dkims;
    sv *spfs; /* envelope domains of aligned passes; a leading dot means any subdomain */
    size_t n_spfs;
    sv *signs_as; /* d= of passes that are not aligned */
    size_t n_signs_as;
    sv *bounces_as; /* SPF domains of passes that are not aligned */
    size_t n_bounces_as;
    struct cidr *networks; /* our own address space: a failing source in it is a server nobody listed */
    size_t n_networks;
    bool shared; /* its evidence can be made by any customer of a platform */
    sv owner, docs;
    bool has_address; /* owner is a mail address */
    int64_t expires;  /* Unix seconds of the first moment after it; 0: never */
};

struct policy_cfg {
    uint8_t p, sp, np; /* enum policy_word; POLICY_ABSENT: not configured */
};

/* The knobs of a rule as configured; 0 and SEVERITY_END: as the rule's table says, and for a domain as the
 * knobs of all domains say. */
struct rule_cfg {
    bool off, on; /* on: of a domain, where the rule is off for all */
    uint64_t min_messages;
    uint32_t share_bp; /* 1/100 percent */
    uint32_t window_days;
    uint32_t factor;
    enum severity severity;
};

struct domain_cfg {
    sv name;       /* without "*." */
    bool wildcard; /* "*.name": every name below; "*" is a wildcard with an empty name */
    size_t *senders;
    size_t n_senders;
    struct policy_cfg policy;
    bool parked;
    bool unwatched;        /* stored and counted, never told */
    uint64_t min_messages; /* a floor under which no rule counts a source */
    sv tenant;
    struct rule_cfg *rules; /* RULE_END of them, or NULL: none is set */
};

/* clang-format off */
#define CHANNEL_TYPES(X) \
    X(SLACK, "slack") X(EMAIL, "email") X(WEBHOOK, "webhook") X(STDOUT, "stdout") X(COMMAND, "command") \
    X(DISCORD, "discord") X(MATTERMOST, "mattermost") X(TEAMS, "teams") X(GOOGLE_CHAT, "google_chat") \
    X(TELEGRAM, "telegram") X(NTFY, "ntfy") X(PAGERDUTY, "pagerduty") X(ALERTMANAGER, "alertmanager") \
    X(SYSLOG, "syslog")
/* clang-format on */

enum channel_type {
#define CHANNEL_TYPE_ITEM(id, word) CHANNEL_##id,
    CHANNEL_TYPES(CHANNEL_TYPE_ITEM)
#undef CHANNEL_TYPE_ITEM
        CHANNEL_TYPE_END
};

/* What a webhook is sent. */
enum webhook_format { FORMAT_NATIVE, FORMAT_ALERTMANAGER };

/* Days of the week as configured, in order. */
#define WEEKDAYS(X) X(mon) X(tue) X(wed) X(thu) X(fri) X(sat) X(sun)

enum weekday {
#define WEEKDAY_ITEM(id) WEEKDAY_##id,
    WEEKDAYS(WEEKDAY_ITEM)
#undef WEEKDAY_ITEM
        WEEKDAY_END
};

/* A span of the day in minutes from midnight; one that ends before it begins goes on after midnight. */
struct span_cfg {
    uint16_t from, to;
};

/* When nothing is told that can wait. */
struct quiet_cfg {
    struct span_cfg *times;
    size_t n_times;
    uint8_t days; /* bit (1 << weekday): quiet as a whole */
    sv tz;        /* of the time zone database; absent: the tenant's, or UTC */
};

struct channel_cfg {
    sv name;
    enum channel_type type;
    enum lang lang;
    sv url;            /* of those that HTTP leads to: often a secret */
    sv ca_file;        /* absent: the system's */
    bool deny_private; /* not to an address that is no public one (ip_is_private) */
    sv secret; /* webhook: signs the body (Standard Webhooks 1.0); absent: unsigned. The key's octets */
    enum webhook_format format;
    sv token;       /* telegram, ntfy (absent: none), pagerduty: lets us in; a secret */
    sv room;        /* telegram: the chat; ntfy: the topic */
    sv socket_path; /* syslog */
    struct quiet_cfg quiet;
    /* email */
    sv smtp_host;
    uint16_t smtp_port;
    enum tls_mode smtp_tls;
    sv user, password;
    struct oauth_cfg oauth;
    sv from; /* as configured; an address, or a name and <address> */
    sv *to;
    size_t n_to;
    bool to_owner; /* and the owner of the sender that an incident is about, in a mail of its own */
    /* command: argv, no shell; the notice comes as JSON on its standard input */
    sv *command;
    size_t n_command;
};

/* Empty lists match everything. */
struct route_match {
    uint8_t severities; /* bit (1 << severity); 0: any */
    uint64_t rules;     /* bit (1 << rule); 0: any */
    sv *tenants;
    size_t n_tenants;
    sv *domains; /* policy domains, folded; a leading "*." for everything below */
    size_t n_domains;
};

/* In a list of channels: those of the tenant of the domain. */
#define TO_TENANT SIZE_MAX

struct route_cfg {
    struct route_match match;
    size_t *channels; /* or TO_TENANT */
    size_t n_channels;
    bool go_on; /* later routes are looked at too */
};

/* How often people are told again of what goes on: first after `first` seconds, then after twice as many each
 * time, up to `most`. 0: never. */
struct repeat_cfg {
    int64_t first, most;
};

/* The weekly text about the state of all domains. */
struct digest_cfg {
    enum weekday day;
    uint64_t hour;    /* in tz, or the tenant's */
    sv tz;            /* of the time zone database; absent: UTC */
    size_t *channels; /* index into config.channels; none: no digest but those of tenants */
    size_t n_channels;
};

/* A customer or department: who hears of its domains, and how. */
struct tenant_cfg {
    sv name;
    size_t *channels; /* that routes mean by TO_TENANT: index into config.channels */
    size_t n_channels;
    size_t *digest; /* that get its digest, beside those of digest_cfg */
    size_t n_digest;
    sv tz;                  /* of the times in its notices; absent: UTC */
    struct quiet_cfg quiet; /* on channels that have none of their own */
    enum lang lang;         /* of its notices, where a channel has none of its own */
    sv title;               /* as its notices call it */
};

struct config {
    uint64_t version; /* of the form of the file; 0: not said */
    bool allowlist;   /* only senders and domains are asked of the file: set before it is loaded */
    struct mailbox_cfg *mailboxes;
    size_t n_mailboxes;
    struct sender_cfg *senders;
    size_t n_senders;
    struct domain_cfg *domains;
    size_t n_domains;
    struct channel_cfg *channels;
    size_t n_channels;
    struct route_cfg *routes; /* config/ fills in the default: warning and critical to all channels but those
                                 of tenants, which hear of theirs alone */
    size_t n_routes;
    struct tenant_cfg *tenants;
    size_t n_tenants;
    struct rule_cfg rules[RULE_END];
    sv state_path;                 /* of the database; its folder is the state folder */
    int64_t keep_rows, keep_daily; /* seconds: reports row by row, and then as daily sums */
    int64_t max_age;               /* seconds */
    int64_t
        cool_down; /* seconds between two notices about changes of what a domain's channel knows already */
    struct repeat_cfg repeat;
    struct quiet_cfg quiet; /* where neither channel nor tenant has any */
    struct digest_cfg digest;
    int64_t learn;        /* seconds of data during which new sources and volumes of a domain are no news */
    uint64_t max_per_run; /* notices of a tenant to a channel in a run; the rest becomes one */
    struct silence_cfg *silences;
    size_t n_silences;
    bool best_effort; /* readers that cannot confine themselves wholly are used all the same */
    uint8_t hash[32]; /* over everything that changes judging: another hash re-evaluates all domains */
    struct limits limits;
};

#endif
