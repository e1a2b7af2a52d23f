#include "schema.h"

#include "base/attr.h"
#include "load.h"

enum { MESSAGES_MAX = 1000000000 };
enum {
#define CHANNEL_TYPE_BIT(id, word) id = 1U << CHANNEL_##id,
    CHANNEL_TYPES(CHANNEL_TYPE_BIT)
#undef CHANNEL_TYPE_BIT
    /* Those whose URL lets anybody write there, those whose URL names a service, and both. */
    SECRET_URL = SLACK | WEBHOOK | DISCORD | MATTERMOST | TEAMS | GOOGLE_CHAT,
    OPEN_URL = NTFY | ALERTMANAGER,
    BY_HTTP = SECRET_URL | OPEN_URL | TELEGRAM | PAGERDUTY
};
enum { IMAP = 1U << MAILBOX_IMAP, MAILDIR = 1U << MAILBOX_MAILDIR, FOLDER = 1U << MAILBOX_FOLDER };

#define ENTRIES_OF(field, type)                                                                              \
    .kind = KIND_entries, .at = offsetof(struct config, field),                                              \
    .count_at = offsetof(struct config, n_##field), .size = sizeof(struct type)
#define LIST_OF(type, field)      .at = offsetof(struct type, field), .count_at = offsetof(struct type, n_##field)
#define ITEMS_OF(type, field, of) .kind = KIND_items, LIST_OF(type, field), .size = sizeof(struct of)
#define IN(type, field)           .at = offsetof(struct type, field)
#define IN_CONFIG(field)          .at = offsetof(struct config, field)
#define IN_MAILBOX(field)         .at = offsetof(struct mailbox_cfg, field)
#define IN_CHANNEL(field)         .at = offsetof(struct channel_cfg, field)

/* Readers of entries write the name to the start of each structure. */
_Static_assert(offsetof(struct mailbox_cfg, name) == 0 && offsetof(struct sender_cfg, name) == 0 &&
                   offsetof(struct domain_cfg, name) == 0 && offsetof(struct channel_cfg, name) == 0 &&
                   offsetof(struct tenant_cfg, name) == 0,
               "a structure begins with its name");

/* Senders stand before domains, and channels before tenants and routes, which refer to them; type stands
 * before the keys that depend on it. */
static const struct key keys[] = {
    {"version", .kind = KIND_number, IN_CONFIG(version), .min = 1, .max = 1,
     .help = "Of this form of configuration: 1, and need not be said."},
    {"include", .kind = KIND_include,
     .help =
         "Further files, like conf.d/*.yml, each a part of the configuration: maps are united, and "
         "what stands twice is an error. The files of a pattern are read in the order of their names. An "
         "error in one turns off that file alone: what it last held without errors stays in force, unless "
         "it held a secret itself. include and state belong into the main file."},
    {"mailboxes", ENTRIES_OF(mailboxes, mailbox_cfg), .required = true, .of_run = true,
     .start = start_mailbox, .check = check_mailbox,
     .help = "The mailboxes that receive the reports (the rua= address of the DMARC record): at an IMAP "
             "server (url), or on this machine (maildir, folder)."},
    {"mailboxes.*.url", .kind = KIND_mailbox_url, .required = true, .only = IMAP,
     .help = "imaps://HOST[:PORT] for TLS, or imap://HOST[:PORT] for STARTTLS, which is then demanded. "
             "The folder has its own key, and so have user and password."},
    {"mailboxes.*.user", .kind = KIND_text, IN_MAILBOX(user), .required = true, .only = IMAP,
     .help = "The login name."},
    {"mailboxes.*.password", .kind = KIND_secret, IN_MAILBOX(password), .only = IMAP,
     .help = "The password; see SECRETS. Either this or oauth2 is needed."},
    {"mailboxes.*.oauth2", .kind = KIND_oauth2, IN_MAILBOX(oauth), .only = IMAP,
     .help = "How to get an access token instead, as Microsoft 365 demands; the keys begin with oauth2. "
             "below."},
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
    {"mailboxes.*.trust", .kind = KIND_trust, IN_MAILBOX(trust),
     .help = "Which server is believed when it says that a report's mail is from who it names (RFC 8601), "
             "so that forged reports tell nobody anything and true ones may be told as critical. "
             "exchange-online and google are these services; else it is a map. Without it notices say that "
             "nothing is verified. It may be set at any time: what is stored is judged again."},
    {"mailboxes.*.trust.authserv_id", .kind = KIND_authserv_id, IN(trust_cfg, authserv_id), .required = true,
     .help = "The name at the start of the Authentication-Results that your own receiving server writes; "
             "names below it fit too."},
    {"mailboxes.*.trust.hops", .kind = KIND_hops, IN(trust_cfg, hops), .max = 16,
     .help = "How many Received fields (0 to 16) stand above that Authentication-Results, at most: those of "
             "your own "
             "servers. What stands further below may be anybody's. Unless set, the uppermost "
             "Authentication-Results of that name counts, if all hosts that received the mail above it are "
             "of the same domain."},
    {"mailboxes.*.maildir", .kind = KIND_path, IN_MAILBOX(path), .required = true, .only = MAILDIR,
     .help = "Instead of url: a Maildir on this machine. Its new mails are read, and nothing is changed."},
    {"mailboxes.*.folder", .kind = KIND_path, IN_MAILBOX(path), .required = true, .only = FOLDER,
     .help = "Without url: a folder on this machine, with all below it: mails, mboxes, reports. What is new "
             "or has changed is read, and nothing is changed."},

    {"senders", ENTRIES_OF(senders, sender_cfg), .check = check_sender,
     .help = "Who may send as us: our servers and the services that send for us. Domains refer to them. "
             "Any of ip, dkim, spf, signs_as, bounces_as makes a row the sender's, in this order; only what "
             "the reporter saw pass counts, a failed check proves nothing."},
    {"senders.*.ip", .kind = KIND_networks, LIST_OF(sender_cfg, ips),
     .help = "Addresses and networks, like 192.0.2.10, 198.51.100.0/28, \"2001:db8:25::/64\"."},
    {"senders.*.dkim", ITEMS_OF(sender_cfg, dkims, dkim_identity),
     .help = "Signatures of the sender that align with the domain."},
    {"senders.*.dkim.#.domain", .kind = KIND_domain, IN(dkim_identity, domain), .required = true,
     .help = "The d= of the signature; with a dot before it, any name below."},
    {"senders.*.dkim.#.selector", .kind = KIND_selectors, LIST_OF(dkim_identity, selectors),
     .one_will_do = true, .help = "The s= of its keys; any unless set."},
    {"senders.*.spf", .kind = KIND_names, LIST_OF(sender_cfg, spfs),
     .help =
         "Envelope domains of the sender that align with the domain; with a dot before it, any name below."},
    {"senders.*.signs_as", .kind = KIND_names, LIST_OF(sender_cfg, signs_as),
     .help = "Names that the sender signs as and that do not align, like the tenant of a platform: "
             "contoso.onmicrosoft.com. Not for a name that other customers sign with, too; see shared."},
    {"senders.*.bounces_as", .kind = KIND_names, LIST_OF(sender_cfg, bounces_as),
     .help = "Envelope domains of the sender that do not align."},
    {"senders.*.shared", .kind = KIND_flag, IN(sender_cfg, shared),
     .help = "Any customer of the platform can produce this evidence: it names the service and never makes "
             "mail ours. An aligned dkim does all the same, as it needs a key in our DNS."},
    {"senders.*.kind", .kind = KIND_sender_kind, IN(sender_cfg, kind),
     .help = "Unless set the sender is ours. A forwarder passes mail on, which breaks SPF: no incident. "
             "A foreign one is known and not ours: quiet, unless its mail passes as ours or grows tenfold."},
    {"senders.*.networks", .kind = KIND_networks, LIST_OF(sender_cfg, networks),
     .help =
         "Address space of ours: a source in it that fails and that no sender explains is told as a server "
         "of ours that nobody listed."},
    {"senders.*.owner", .kind = KIND_text, IN(sender_cfg, owner),
     .help = "Whom to ask about it: said in notices. An address can get them, too: see channels.NAME.to."},
    {"senders.*.docs", .kind = KIND_text, IN(sender_cfg, docs),
     .help = "Where more is written about it: said in notices."},
    {"senders.*.expires", .kind = KIND_date, IN(sender_cfg, expires),
     .help = "The last day on which it may send, like 2027-06-30 (UTC). What it sends afterwards is told."},

    {"domains", ENTRIES_OF(domains, domain_cfg), .is_domain = true, .check = check_domain, .required = true,
     .help = "The domains to watch: a name, \"*.NAME\" for every name below it, or \"*\" for all others. "
             "U-labels "
             "and A-labels are the same name. The one that fits the From: domain most closely counts: the "
             "name itself, the longest \"*.NAME\", the same for the policy domain, \"*\". What stands under "
             "the name defaults is taken where a domain says nothing."},
    {"domains.*.senders", .kind = KIND_senders, LIST_OF(domain_cfg, senders),
     .help = "The senders that may send as this domain. The first one that matches a source names it."},
    {"domains.*.policy", .kind = KIND_group, .help = "What must be published."},
    {"domains.*.policy.p", .kind = KIND_policy_word, IN(domain_cfg, policy.p), .help = "For the domain."},
    {"domains.*.policy.sp", .kind = KIND_policy_word, IN(domain_cfg, policy.sp),
     .help = "For names below it."},
    {"domains.*.policy.np", .kind = KIND_policy_word, IN(domain_cfg, policy.np),
     .help = "For names below it that do not exist (RFC 9989)."},
    {"domains.*.parked", .kind = KIND_flag, IN(domain_cfg, parked),
     .help = "Nobody sends as this domain: mail that passes is critical, mail that fails is no news."},
    {"domains.*.min_messages", .kind = KIND_number, IN(domain_cfg, min_messages), .max = MESSAGES_MAX,
     .help = "No rule counts a network or sender with fewer messages in its window, whatever its own "
             "number."},
    {"domains.*.tenant", .kind = KIND_text, IN(domain_cfg, tenant),
     .help = "The customer or department it belongs to; routes may go by it."},
    {"domains.*.rules", .kind = KIND_domain_rules, IN(domain_cfg, rules),
     .help = "As rules below, for this domain: what stands here goes before it, key by key. A rule that "
             "stands here is on, also where it is off for all, unless it is off here."},
    {"domains.*.monitor", .kind = KIND_unflag, IN(domain_cfg, unwatched),
     .help = "false: reports on it are stored and counted, and never told."},

    {"rules", .kind = KIND_rules,
     .help = "What differs from the rules as they are; RULES lists these. off instead of a map turns a rule "
             "off."},
    {"rules.*.min_messages", .kind = KIND_number, IN(rule_cfg, min_messages), .min = 1, .max = MESSAGES_MAX,
     .help = "Messages of a source in the window that are needed; takes the place of both numbers of the "
             "rule."},
    {"rules.*.window", .kind = KIND_days, IN(rule_cfg, window_days), .min = 1, .max = 7,
     .help = "Whole days, 1d to 7d, over which messages are counted; 1d unless set."},
    {"rules.*.rate", .kind = KIND_share, IN(rule_cfg, share_bp),
     .help = "The share of the sender's mail that must fail, like 2% or 0.02."},
    {"rules.*.factor", .kind = KIND_factor, IN(rule_cfg, factor), .min = 2, .max = 1000,
     .help = "How many times the usual number it must be."},
    {"rules.*.severity", .kind = KIND_severity, IN(rule_cfg, severity),
     .help = "Whatever became of the mail. Without a verified report critical is told as warning."},

    {"channels", ENTRIES_OF(channels, channel_cfg), .required = true, .of_run = true, .start = start_channel,
     .check = check_channel, .help = "Where notices go. Every channel gets severities warning and critical."},
    {"channels.*.type", .kind = KIND_channel_type, IN_CHANNEL(type), .required = true,
     .help = "What the channel is; the other keys depend on it."},
    {"channels.*.lang", .kind = KIND_lang, IN_CHANNEL(lang),
     .help = "The language of its notices: English unless set."},
    {"channels.*.quiet", .kind = KIND_group,
     .help = "As alerting.quiet, for this channel, and instead of it."},
    {"channels.*.quiet.times", .kind = KIND_spans, .at = offsetof(struct channel_cfg, quiet.times),
     .count_at = offsetof(struct channel_cfg, quiet.n_times), .one_will_do = true,
     .help = "Hours of every day, like 19:00-07:00, also over midnight."},
    {"channels.*.quiet.days", .kind = KIND_weekdays, .at = offsetof(struct channel_cfg, quiet.days),
     .help = "Days that are quiet as a whole, like [sat, sun]."},
    {"channels.*.quiet.tz", .kind = KIND_zone, .at = offsetof(struct channel_cfg, quiet.tz),
     .help = "The time zone of these; unless set the tenant's, or UTC."},
    {"channels.*.url", .kind = KIND_webhook_url, IN_CHANNEL(url), .required = true, .only = SECRET_URL,
     .help =
         "The incoming webhook, https://…; http:// is taken only to an address of this machine. Its "
         "path lets anybody write there, so it is a secret. For teams it is that of a workflow that posts "
         "what a webhook receives: the Office 365 connectors (outlook.office.com/webhook, "
         "*.webhook.office.com) are retired."},
    {"channels.*.url", .kind = KIND_service_url, IN_CHANNEL(url), .required = true, .only = OPEN_URL,
     .help = "Where the server is, https://HOST[:PORT][/PATH]; http:// is taken only to an address of this "
             "machine."},
    {"channels.*.url", .kind = KIND_service_url, IN_CHANNEL(url), .def = "https://api.telegram.org",
     .only = TELEGRAM, .help = "The Bot API server."},
    {"channels.*.url", .kind = KIND_service_url, IN_CHANNEL(url),
     .def = "https://events.pagerduty.com/v2/enqueue", .only = PAGERDUTY,
     .help = "Where events are taken; in Europe https://events.eu.pagerduty.com/v2/enqueue."},
    {"channels.*.format", .kind = KIND_webhook_format, IN_CHANNEL(format), .only = WEBHOOK,
     .help = "native unless set. alertmanager is the JSON (version 4) that Prometheus Alertmanager sends to "
             "webhooks itself, for receivers that know it."},
    {"channels.*.token", .kind = KIND_secret, IN_CHANNEL(token), .required = true, .only = TELEGRAM,
     .help = "The bot's token; see SECRETS."},
    {"channels.*.token", .kind = KIND_secret, IN_CHANNEL(token), .only = NTFY,
     .help = "An access token, where the topic is protected; see SECRETS."},
    {"channels.*.key", .kind = KIND_secret, IN_CHANNEL(token), .required = true, .only = PAGERDUTY,
     .help = "The integration key (routing key) of an Events API v2 integration; see SECRETS."},
    {"channels.*.chat", .kind = KIND_text, IN_CHANNEL(room), .required = true, .only = TELEGRAM,
     .help = "The chat to write to: its number, or @NAME of a channel."},
    {"channels.*.topic", .kind = KIND_secret, IN_CHANNEL(room), .required = true, .only = NTFY,
     .help = "The topic. Whoever knows the name of an unprotected one can read it, so it is a secret."},
    {"channels.*.socket", .kind = KIND_path, IN_CHANNEL(socket_path), .def = "/dev/log", .only = SYSLOG,
     .help = "The socket that the syslog daemon listens on; messages are of RFC 5424, facility daemon."},
    {"channels.*.secret", .kind = KIND_signing_key, IN_CHANNEL(secret), .only = WEBHOOK,
     .help = "Signs what is sent, as Standard Webhooks 1.0 says: whsec_ and base64 of the key, or the key "
             "itself, of at least 16 octets; see SECRETS. Without it nothing is signed."},
    {"channels.*.argv", .kind = KIND_argv, IN_CHANNEL(command),
     .count_at = offsetof(struct channel_cfg, n_command), .required = true, .only = COMMAND,
     .help = "The program and its arguments, without a shell; dmarcwarn(1) tells what it is given and what "
             "its exit code means. Everybody on this machine can see arguments: no secrets in them."},
    {"channels.*.smtp", .kind = KIND_smtp_url, .required = true, .only = EMAIL,
     .help = "smtp://HOST[:PORT] (25) for STARTTLS, which is then demanded; to a loopback address it means "
             "no encryption. smtps://HOST[:PORT] (465) for TLS."},
    {"channels.*.user", .kind = KIND_text, IN_CHANNEL(user), .only = EMAIL,
     .help = "The login name, where the server wants one."},
    {"channels.*.password", .kind = KIND_secret, IN_CHANNEL(password), .only = EMAIL,
     .help = "The password; see SECRETS."},
    {"channels.*.oauth2", .kind = KIND_oauth2, IN_CHANNEL(oauth), .only = EMAIL,
     .help = "How to get an access token instead of a password; the keys begin with oauth2. below."},
    {"channels.*.from", .kind = KIND_from, IN_CHANNEL(from), .required = true, .only = EMAIL,
     .help = "The sender of the notices: an address, or Name <address>."},
    {"channels.*.to", .kind = KIND_addresses, IN_CHANNEL(to), .count_at = offsetof(struct channel_cfg, n_to),
     .required = true, .only = EMAIL,
     .help = "The addresses that get the notices. With the word owner among them, the owner of a sender, "
             "where it "
             "is an address, gets a mail of its own with the incidents of its senders alone."},
    {"channels.*.deny_private", .kind = KIND_flag, IN_CHANNEL(deny_private), .only = BY_HTTP,
     .help = "Connect to public addresses only: none that is private, loopback, link-local or carries such a "
             "one, "
             "whatever the DNS says at that moment, and through no proxy."},
    {"channels.*.ca_file", .kind = KIND_readable, IN_CHANNEL(ca_file), .only = EMAIL | BY_HTTP,
     .help = "Certificates (PEM) to trust instead of the system's."},

    {"tenants", ENTRIES_OF(tenants, tenant_cfg), .of_run = true,
     .help = "Customers or departments, by the names that domains give as their tenant: who hears of their "
             "domains, and how. Nothing of one tenant's domains stands in a notice of another's."},
    {"tenants.*.to", .kind = KIND_channels, LIST_OF(tenant_cfg, channels), .one_will_do = true,
     .help =
         "Its channels: a route means them by the word tenant. Where there are no routes they get warning "
         "and critical of its domains, and nothing else."},
    {"tenants.*.digest", .kind = KIND_text_channels, LIST_OF(tenant_cfg, digest), .one_will_do = true,
     .help = "Who gets its weekly digest, beside digest.to: channels that carry text."},
    {"tenants.*.tz", .kind = KIND_zone, IN(tenant_cfg, tz),
     .help = "The time zone of its digest's hour and of the times in its notices, like Europe/Berlin; UTC "
             "unless set. The days of reports are those of UTC all the same."},
    {"tenants.*.lang", .kind = KIND_lang, IN(tenant_cfg, lang),
     .help = "The language of its notices on channels that have no lang of their own."},
    {"tenants.*.quiet", .kind = KIND_group,
     .help = "As alerting.quiet, for notices of this tenant, and instead of it."},
    {"tenants.*.quiet.times", .kind = KIND_spans, .at = offsetof(struct tenant_cfg, quiet.times),
     .count_at = offsetof(struct tenant_cfg, quiet.n_times), .one_will_do = true,
     .help = "Hours of every day, like 19:00-07:00, also over midnight."},
    {"tenants.*.quiet.days", .kind = KIND_weekdays, .at = offsetof(struct tenant_cfg, quiet.days),
     .help = "Days that are quiet as a whole, like [sat, sun]."},
    {"tenants.*.quiet.tz", .kind = KIND_zone, .at = offsetof(struct tenant_cfg, quiet.tz),
     .help = "The time zone of these; unless set the tenant's, or UTC."},
    {"tenants.*.title", .kind = KIND_text, IN(tenant_cfg, title),
     .help = "What its notices call it, in their last lines."},

    {"routes", ITEMS_OF(config, routes, route_cfg), .of_run = true,
     .help =
         "Which notice goes to which channels: the first route that matches, and further ones while "
         "continue is set. A notice goes where any of its incidents goes; one that nobody is to get is "
         "not told. Unless set, warning and critical go to every channel; to one that a tenant names, only "
         "of that tenant's domains."},
    {"routes.#.match", .kind = KIND_group,
     .help = "What must fit; nothing: every notice. One value or a list."},
    {"routes.#.match.severity", .kind = KIND_severities, IN(route_cfg, match.severities), .one_will_do = true,
     .help = "info, warning, critical."},
    {"routes.#.match.rule", .kind = KIND_rule_names, IN(route_cfg, match.rules), .one_will_do = true,
     .help = "Names of rules."},
    {"routes.#.match.tenant", .kind = KIND_tenants, IN(route_cfg, match.tenants),
     .count_at = offsetof(struct route_cfg, match.n_tenants), .one_will_do = true,
     .help = "Tenants of domains."},
    {"routes.#.match.domain", .kind = KIND_patterns, IN(route_cfg, match.domains),
     .count_at = offsetof(struct route_cfg, match.n_domains), .one_will_do = true,
     .help = "Policy domains; \"*.NAME\" is every name below NAME."},
    {"routes.#.to", .kind = KIND_recipients, LIST_OF(route_cfg, channels), .required = true,
     .one_will_do = true,
     .help = "Names of channels, and the word tenant: the channels of the domain's tenant; of "
             "what has none, as the agent itself, those of no tenant. [] is nobody."},
    {"routes.#.continue", .kind = KIND_flag, IN(route_cfg, go_on),
     .help = "Look at the routes after it, too."},

    {"state", .kind = KIND_group, .help = "What the program remembers between runs."},
    {"state.path", .kind = KIND_path, IN_CONFIG(state_path), .def = "/var/lib/dmarcwarn/state.db",
     .help = "The database. Its folder is made when it is not there, and holds the lock as well."},

    {"state.keep_rows", .kind = KIND_duration, IN_CONFIG(keep_rows), .def = "90d", .min = 60 * INT64_C(86400),
     .max = 3650 * INT64_C(86400),
     .too_little = "whether reports have stopped is learnt from whole reports of so long",
     .help =
         "So long, back from the newest report of its domain, a report is kept row by row. Older ones are "
         "summed up by day, reporter, address and result: all that rules, digests and learning look at. "
         "Whether a report is believed, and which of two that claim to be the same one counts, stays from "
         "then on as it is; and replay begins no earlier. At most 10y."},
    {"state.keep_daily", .kind = KIND_duration, IN_CONFIG(keep_daily), .def = "27mo",
     .min = 180 * INT64_C(86400), .max = 36500 * INT64_C(86400),
     .too_little = "a digest names senders and keys that were not used for so long",
     .help = "So long, back from the newest report of all, these sums are kept, TLS and failure reports, and "
             "what a report is known by when it comes again: imported after that it would be new. 1mo is 30 "
             "days, 1y is 365; at most 100y."},

    {"alerting", .kind = KIND_group, .help = "When to tell."},
    {"alerting.max_age", .kind = KIND_duration, IN_CONFIG(max_age), .def = "7d", .min = 3600,
     .max = 3650 * INT64_C(86400),
     .help = "A report whose period ended longer ago than this when it was received is stored and never "
             "told, so that reading an old mailbox for the first time stays quiet."},

    {"alerting.cool_down", .kind = KIND_duration, IN_CONFIG(cool_down), .def = "1d", .min = 0,
     .max = 30 * INT64_C(86400),
     .help =
         "After a channel has heard of a domain, so long it hears no more of what it knows already, unless "
         "that has become more severe. What it was never told is not held back."},
    {"alerting.max_per_run", .kind = KIND_number, IN_CONFIG(max_per_run), .def = "10", .min = 1,
     .max = 100000,
     .help = "Notices of one tenant to one channel in a run. What is beyond is one notice more that lists "
             "domains and "
             "severities; criticals always stand for themselves."},
    {"alerting.learn", .kind = KIND_duration, IN_CONFIG(learn), .def = "14d", .min = 0,
     .max = 365 * INT64_C(86400),
     .help = "As long as the data of a domain span less than this, what is only new or only more than before "
             "is no "
             "news. Imported reports and those of an old mailbox count."},
    {"alerting.repeat", .kind = KIND_repeat, IN_CONFIG(repeat), .def = "diminishing",
     .help =
         "When what people can mend goes on, and new reports say so, it is told again: after 1, 2, 4, 8, 16 "
         "and then every 32 days (diminishing), daily, after every such duration, or never."},

    {"alerting.quiet", .kind = KIND_group,
     .help = "When people are left alone: a notice without a critical incident waits until it is over, and "
             "with it what "
             "is told of the domain until then. Digests have their own hour."},
    {"alerting.quiet.times", .kind = KIND_spans, .at = offsetof(struct config, quiet.times),
     .count_at = offsetof(struct config, quiet.n_times), .one_will_do = true,
     .help = "Hours of every day, like 19:00-07:00, also over midnight."},
    {"alerting.quiet.days", .kind = KIND_weekdays, .at = offsetof(struct config, quiet.days),
     .help = "Days that are quiet as a whole, like [sat, sun]."},
    {"alerting.quiet.tz", .kind = KIND_zone, .at = offsetof(struct config, quiet.tz),
     .help = "The time zone of these; unless set the tenant's, or UTC."},

    {"digest", .kind = KIND_group, .help = "The weekly text about the state of all domains."},
    {"digest.to", .kind = KIND_text_channels, .at = offsetof(struct config, digest.channels),
     .count_at = offsetof(struct config, digest.n_channels), .one_will_do = true, .of_run = true,
     .help = "Who gets it: channels that carry text. Without it there is none."},
    {"digest.day", .kind = KIND_weekday, IN_CONFIG(digest.day), .def = "mon",
     .help = "The day it is sent on."},
    {"digest.hour", .kind = KIND_number, IN_CONFIG(digest.hour), .def = "8", .min = 0, .max = 23,
     .help = "The hour of that day; the first run from then on sends it."},
    {"digest.tz", .kind = KIND_zone, IN_CONFIG(digest.tz),
     .help = "The time zone of that hour, where a tenant has none; UTC unless set."},

    {"silences", ITEMS_OF(config, silences, silence_cfg), .check = check_silence,
     .help = "What is not told for a while; 'dmarcwarn silence' makes others. At least one of rule, "
             "domain, tenant and subject is given, and all that is given must fit."},
    {"silences.#.rule", .kind = KIND_silenced_rules, IN(silence_cfg, rules), .one_will_do = true,
     .help = "Names of rules."},
    {"silences.#.domain", .kind = KIND_one_pattern, IN(silence_cfg, domain),
     .help = "The policy domain; \"*.NAME\" is every name below NAME."},
    {"silences.#.tenant", .kind = KIND_text, IN(silence_cfg, tenant), .help = "The tenant."},
    {"silences.#.subject", .kind = KIND_text, IN(silence_cfg, subject),
     .help = "The sender or network, as notices name it."},
    {"silences.#.until", .kind = KIND_date, IN(silence_cfg, ends), .required = true,
     .help =
         "The last day of the silence (UTC), at most 366 days ahead. What still goes on afterwards is told "
         "then."},
    {"silences.#.author", .kind = KIND_text, IN(silence_cfg, author), .required = true,
     .help = "Who wants it."},
    {"silences.#.comment", .kind = KIND_text, IN(silence_cfg, comment), .required = true,
     .help = "Why it is not told."},

    {"sandbox", .kind = KIND_sandbox, IN_CONFIG(best_effort), .def = "full",
     .help =
         "full: no mail is read by a reader that the system does not let confine itself by a system call "
         "filter and resource limits. best-effort: it confines itself as far as it may, and 'status' tells."},
    {"workers", .kind = KIND_number, IN_CONFIG(limits.workers), .min = 1, .max = 8,
     .help = "Reader processes. 2 unless set."},
    {"parallel", .kind = KIND_number, IN_CONFIG(limits.parallel), .min = 1, .max = 200,
     .help = "Mailboxes that are read at the same time. 16 unless set."},
    {"per_host", .kind = KIND_number, IN_CONFIG(limits.per_host), .min = 1, .max = 50,
     .help = "Of these, at one server. 4 unless set; providers refuse more than 10 to 20."},
    {"limits", .kind = KIND_limits,
     .help = "Other values for the limits listed under LIMITS, by their names: "
             "numbers, with KiB or MiB where they count octets."},

    /* Inside the oauth2 of a mailbox or channel. */
    {"oauth2.token_url", .kind = KIND_https_url, IN(oauth_cfg, token_url),
     .help = "Where tokens are asked for. Microsoft: "
             "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token. "
             "Google: https://oauth2.googleapis.com/token."},
    {"oauth2.client_id", .kind = KIND_text, IN(oauth_cfg, client_id), .help = "The application's ID."},
    {"oauth2.scope", .kind = KIND_text, IN(oauth_cfg, scope),
     .help = "What is asked for. Microsoft: https://outlook.office365.com/.default for an application; "
             "https://outlook.office.com/IMAP.AccessAsUser.All or https://outlook.office.com/SMTP.Send, and "
             "offline_access, for a person. Google: https://mail.google.com/."},
    {"oauth2.client_secret", .kind = KIND_secret, IN(oauth_cfg, client_secret),
     .help = "The application's secret. Alone it means client credentials (RFC 6749 4.4)."},
    {"oauth2.certificate", .kind = KIND_pem, IN(oauth_cfg, certificate),
     .help = "Client credentials with an assertion signed for this certificate (PEM, RSA) instead of a "
             "secret; private_key is its key."},
    {"oauth2.private_key", .kind = KIND_pem, IN(oauth_cfg, private_key),
     .help = "The key of the certificate (PEM, without a password)."},
    {"oauth2.refresh_token", .kind = KIND_secret, IN(oauth_cfg, refresh_token),
     .help = "A refresh token got elsewhere. Its successors are kept beside the database."},
    {"oauth2.device_url", .kind = KIND_https_url, IN(oauth_cfg, device_url),
     .help = "A person logs in once by 'dmarcwarn login NAME' (RFC 8628). Microsoft: "
             "https://login.microsoftonline.com/TENANT/oauth2/v2.0/devicecode."},
    {"oauth2.service_account", .kind = KIND_account, IN(oauth_cfg, private_key),
     .help = "The JSON key file of a Google service account that has domain-wide delegation, or its private "
             "key (PEM), with issuer beside it. It acts for user."},
    {"oauth2.issuer", .kind = KIND_text, IN(oauth_cfg, issuer),
     .help = "The e-mail address of the service account, where its key is PEM."},
    {"oauth2.command", .kind = KIND_argv, IN(oauth_cfg, command),
     .count_at = offsetof(struct oauth_cfg, n_command),
     .help = "A program and its arguments, run without a shell, that prints an access token."},
    {"oauth2.mechanism", .kind = KIND_mechanism, IN(oauth_cfg, mechanism), .def = "xoauth2",
     .help = "How the server is told the token. Microsoft and Google take xoauth2."},
    {"oauth2.ca_file", .kind = KIND_readable, IN(oauth_cfg, ca_file),
     .help = "Certificates (PEM) to trust at the token server instead of the system's."},
};

/* Documented for later versions: keys inside a path, or words that are the value there. */
static const struct {
    const char *parent;
    const char *leaves; /* blanks between */
} later[] = {
    {"", "outputs heartbeat"},
    {"senders.*", "spf_include ptr asn use"},
    {"alerting", "group_by resolve_after"},
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

void schema_put_path(buf *out, sv path)
{
    for (size_t i = 0; i < path.n; i++) {
        bool in_list = path.p[i] == '.' && i + 1 < path.n && path.p[i + 1] == '#';
        if (in_list)
            buf_puts(out, "[N]");
        else if (path.p[i] == '*')
            buf_puts(out, "NAME");
        else
            buf_char(out, path.p[i]);
        i += in_list;
    }
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
