/* The configuration in force: what config/ fills and everything else reads. Plain data in one arena;
 * names are folded (domains) or exact (the rest); indexes point into the arrays beside them. */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/ip.h"
#include "model/limits.h"
#include "model/rules.h"
#include "model/words.h"

enum tls_mode { TLS_IMPLICIT, TLS_STARTTLS, TLS_NONE /* loopback only */ };

struct mailbox_cfg {
    sv name;
    sv host; /* without brackets */
    uint16_t port;
    enum tls_mode tls;
    sv user, password; /* password: raw secret, never printed */
    sv ca_file;        /* absent: the system's */
    sv folder;         /* UTF-8 */
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
    bool shared; /* its evidence can be made by any customer of a platform */
    sv owner, docs;
    int64_t expires; /* Unix seconds of the first moment after it; 0: never */
};

struct policy_cfg {
    uint8_t p, sp, np; /* enum policy_word; POLICY_ABSENT: not configured */
};

struct domain_cfg {
    sv name;       /* without "*." */
    bool wildcard; /* "*.name": every name below; "*" is a wildcard with an empty name */
    size_t *senders;
    size_t n_senders;
    struct policy_cfg policy;
    bool parked;
    uint64_t min_messages; /* a floor under which no rule counts a source */
    sv tenant;
};

enum channel_type { CHANNEL_SLACK, CHANNEL_EMAIL, CHANNEL_TYPE_END };

struct channel_cfg {
    sv name;
    enum channel_type type;
    sv url;     /* slack: a secret */
    sv ca_file; /* absent: the system's */
    /* email */
    sv smtp_host;
    uint16_t smtp_port;
    enum tls_mode smtp_tls;
    sv user, password;
    sv from; /* as configured; an address, or a name and <address> */
    sv *to;
    size_t n_to;
};

struct route_cfg {
    uint8_t severities; /* bit (1 << severity) */
    size_t *channels;
    size_t n_channels;
    bool go_on; /* later routes are looked at too */
};

struct config {
    struct mailbox_cfg *mailboxes;
    size_t n_mailboxes;
    struct sender_cfg *senders;
    size_t n_senders;
    struct domain_cfg *domains;
    size_t n_domains;
    struct channel_cfg *channels;
    size_t n_channels;
    struct route_cfg *routes; /* config/ fills in the default: warning and critical to all channels */
    size_t n_routes;
    sv state_path;    /* of the database; its folder is the state folder */
    int64_t max_age;  /* seconds */
    uint8_t hash[32]; /* over everything that changes judging: another hash re-evaluates all domains */
    struct limits limits;
};

#endif
