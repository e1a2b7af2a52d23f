#include "schema.h"

#include "base/attr.h"
#include "load.h"

enum { SLACK = 1U << CHANNEL_SLACK, EMAIL = 1U << CHANNEL_EMAIL };
enum { IMAP = 1U << MAILBOX_IMAP, MAILDIR = 1U << MAILBOX_MAILDIR, FOLDER = 1U << MAILBOX_FOLDER };

#define ENTRIES_OF(field, type)                                                                              \
    .kind = KIND_entries, .at = offsetof(struct config, field),                                              \
    .count_at = offsetof(struct config, n_##field), .size = sizeof(struct type)
#define IN_CONFIG(field)  .at = offsetof(struct config, field)
#define IN_MAILBOX(field) .at = offsetof(struct mailbox_cfg, field)
#define IN_CHANNEL(field) .at = offsetof(struct channel_cfg, field)

/* Readers of entries write the name to the start of each structure. */
_Static_assert(offsetof(struct mailbox_cfg, name) == 0 && offsetof(struct sender_cfg, name) == 0 &&
                   offsetof(struct domain_cfg, name) == 0 && offsetof(struct channel_cfg, name) == 0,
               "a structure begins with its name");

/* Senders stand before domains, which refer to them; type stands before the keys that depend on it. */
static const struct key keys[] = {
    {"mailboxes", ENTRIES_OF(mailboxes, mailbox_cfg), .required = true, .start = start_mailbox,
     .check = check_mailbox,
     .help = "The mailboxes that receive the reports (the rua= address of the DMARC record): at an IMAP "
             "server (url), or on this machine (maildir, folder)."},
    {"mailboxes.*.url", .kind = KIND_mailbox_url, .required = true, .only = IMAP,
     .help = "imaps://HOST[:PORT] for TLS, or imap://HOST[:PORT] for STARTTLS, which is then demanded. "
             "The folder has its own key, and so have user and password."},
    {"mailboxes.*.user", .kind = KIND_text, IN_MAILBOX(user), .required = true, .only = IMAP,
     .help = "The login name."},
    {"mailboxes.*.password", .kind = KIND_secret, IN_MAILBOX(password), .required = true, .only = IMAP,
     .help = "The password; see SECRETS."},
    {"mailboxes.*.ca_file", .kind = KIND_readable, IN_MAILBOX(ca_file), .only = IMAP,
     .help = "Certificates (PEM) to trust instead of the system's."},
    {"mailboxes.*.folder", .kind = KIND_text, IN_MAILBOX(folder), .def = "INBOX", .only = IMAP,
     .help = "The folder to read, as a mail program shows it."},
    {"mailboxes.*.after", .kind = KIND_after, .def = "keep",
     .help = "What is done to a mail on its server once its report is stored. delete counts the age by the "
             "server's date of arrival. Mails without a report, and those that could not be read, stay."},
    {"mailboxes.*.on_error", .kind = KIND_on_error, .only = IMAP,
     .help = "Where mails go that could not be read. Without it they stay."},
    {"mailboxes.*.since", .kind = KIND_duration, IN_MAILBOX(since), .only = IMAP, .min = 3600,
     .max = 36500 * INT64_C(86400),
     .help = "As long as nothing of the mailbox has been read: only mails that arrived in so much time "
             "before the run. Without it all are read."},
    {"mailboxes.*.maildir", .kind = KIND_path, IN_MAILBOX(path), .required = true, .only = MAILDIR,
     .help = "Instead of url: a Maildir on this machine. Its new mails are read, and nothing is changed."},
    {"mailboxes.*.folder", .kind = KIND_path, IN_MAILBOX(path), .required = true, .only = FOLDER,
     .help = "Without url: a folder on this machine, with all below it: mails, mboxes, reports. What is new "
             "or has changed is read, and nothing is changed."},

    {"senders", ENTRIES_OF(senders, sender_cfg),
     .help = "Who may send as us: our servers and the services that send for us. Domains refer to them."},
    {"senders.*.ip", .kind = KIND_networks, .at = offsetof(struct sender_cfg, ips),
     .count_at = offsetof(struct sender_cfg, n_ips), .required = true,
     .help = "Addresses and networks, like 192.0.2.10, 198.51.100.0/28, \"2001:db8:25::/64\"."},

    {"domains", ENTRIES_OF(domains, domain_cfg), .is_domain = true, .required = true,
     .help = "The domains to watch. U-labels and A-labels are the same name."},
    {"domains.*.senders", .kind = KIND_senders, .at = offsetof(struct domain_cfg, senders),
     .count_at = offsetof(struct domain_cfg, n_senders),
     .help = "The senders that may send as this domain. The first one that matches a source names it."},

    {"channels", ENTRIES_OF(channels, channel_cfg), .required = true, .start = start_channel,
     .check = check_channel, .help = "Where notices go. Every channel gets severities warning and critical."},
    {"channels.*.type", .kind = KIND_channel_type, IN_CHANNEL(type), .required = true,
     .help = "What the channel is; the other keys depend on it."},
    {"channels.*.url", .kind = KIND_webhook_url, IN_CHANNEL(url), .required = true, .only = SLACK,
     .help = "The incoming webhook, https://…; http:// is taken only to an address of this machine. Its "
             "path lets anybody write there, so it is a secret."},
    {"channels.*.smtp", .kind = KIND_smtp_url, .required = true, .only = EMAIL,
     .help = "smtp://HOST[:PORT] (25) for STARTTLS, which is then demanded; to a loopback address it means "
             "no encryption. smtps://HOST[:PORT] (465) for TLS."},
    {"channels.*.user", .kind = KIND_text, IN_CHANNEL(user), .only = EMAIL,
     .help = "The login name, where the server wants one."},
    {"channels.*.password", .kind = KIND_secret, IN_CHANNEL(password), .only = EMAIL,
     .help = "The password; see SECRETS."},
    {"channels.*.from", .kind = KIND_from, IN_CHANNEL(from), .required = true, .only = EMAIL,
     .help = "The sender of the notices: an address, or Name <address>."},
    {"channels.*.to", .kind = KIND_addresses, IN_CHANNEL(to), .count_at = offsetof(struct channel_cfg, n_to),
     .required = true, .only = EMAIL, .help = "The addresses that get the notices."},
    {"channels.*.ca_file", .kind = KIND_readable, IN_CHANNEL(ca_file),
     .help = "Certificates (PEM) to trust instead of the system's."},

    {"state", .kind = KIND_group, .help = "What the program remembers between runs."},
    {"state.path", .kind = KIND_path, IN_CONFIG(state_path), .def = "/var/lib/dmarcwarn/state.db",
     .help = "The database. Its folder is made when it is not there, and holds the lock as well."},

    {"alerting", .kind = KIND_group, .help = "When to tell."},
    {"alerting.max_age", .kind = KIND_duration, IN_CONFIG(max_age), .def = "7d", .min = 3600,
     .max = 3650 * INT64_C(86400),
     .help = "A report whose period ended longer ago than this when it was received is stored and never "
             "told, so that reading an old mailbox for the first time stays quiet."},

    {"workers", .kind = KIND_number, IN_CONFIG(limits.workers), .min = 1, .max = 8,
     .help = "Reader processes. 2 unless set."},
    {"parallel", .kind = KIND_number, IN_CONFIG(limits.parallel), .min = 1, .max = 200,
     .help = "Mailboxes that are read at the same time. 16 unless set."},
    {"per_host", .kind = KIND_number, IN_CONFIG(limits.per_host), .min = 1, .max = 50,
     .help = "Of these, at one server. 4 unless set; providers refuse more than 10 to 20."},
    {"limits", .kind = KIND_limits,
     .help = "Other values for the limits listed under LIMITS, by their names: "
             "numbers, with KiB or MiB where they count octets."},
};

/* Documented for later versions: keys inside a path, or words that are the value there. */
static const struct {
    const char *parent;
    const char *leaves; /* blanks between */
} later[] = {
    {"", "version include rules routes digest outputs heartbeat"},
    {"mailboxes.*", "trust oauth2"},
    {"senders.*",
     "dkim spf signs_as bounces_as spf_include ptr asn owner docs expires use kind shared networks"},
    {"domains", "defaults"},
    {"domains.*", "tenant policy parked monitor min_messages rules"},
    {"channels.*", "format secret argv"},
    {"channels.*.type", "webhook alertmanager stdout command teams discord"},
    {"alerting", "learn group_by repeat resolve_after max_per_run quiet"},
    {"state", "keep_rows keep_daily"},
    {"secret", "credential command"},
};

const struct key *schema(size_t *n)
{
    *n = COUNT_OF(keys);
    return keys;
}

/* path is parent.leaf, or a leaf alone at the top level. */
static bool is_child(sv path, sv parent, sv *leaf)
{
    *leaf = path;
    if (parent.n) {
        if (!sv_starts(path, parent) || path.n <= parent.n || path.p[parent.n] != '.')
            return false;
        *leaf = sv_skip(path, parent.n + 1);
    }
    return sv_find_char(*leaf, '.', 0) == SIZE_MAX;
}

const struct key *schema_next(const char *parent, const struct key *last, sv *leaf)
{
    for (const struct key *k = last ? last + 1 : keys; k < keys + COUNT_OF(keys); k++)
        if (is_child(sv_c(k->path), sv_c(parent), leaf))
            return k;
    return NULL;
}

const struct key *schema_find(const char *parent, sv leaf)
{
    sv name;
    const struct key *k = NULL;
    while ((k = schema_next(parent, k, &name)))
        if (sv_eq(name, leaf))
            return k;
    return NULL;
}

static bool is_of_mailbox(const struct key *key)
{
    return sv_starts(sv_c(key->path), SV("mailboxes."));
}

unsigned schema_type(const struct key *key, const void *entry)
{
    return is_of_mailbox(key) ? (unsigned)((const struct mailbox_cfg *)entry)->kind
                              : (unsigned)((const struct channel_cfg *)entry)->type;
}

const char *schema_type_word(const struct key *key, unsigned type)
{
    return is_of_mailbox(key) ? mailbox_kind_word((enum mailbox_kind)type)
                              : channel_type_word((enum channel_type)type);
}

bool schema_applies(const struct key *key, const void *entry)
{
    return key->only == 0 || key->only >> schema_type(key, entry) & 1;
}

bool schema_is_later(const char *parent, sv leaf)
{
    for (size_t i = 0; i < COUNT_OF(later); i++) {
        sv word, rest = sv_c(later[i].leaves);
        if (strcmp(later[i].parent, parent) != 0)
            continue;
        while (sv_split(&rest, ' ', &word))
            if (sv_eq(word, leaf))
                return true;
    }
    return false;
}
