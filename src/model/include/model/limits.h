/* Every limit of the program: name, default, ceiling, unit, reason. Nothing that a stranger can make
 * grow is bounded anywhere else. A configuration moves a limit between 1 and its ceiling. */
#ifndef MODEL_LIMITS_H
#define MODEL_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

#define KIB(n) (UINT64_C(n) * 1024)
#define MIB(n) (UINT64_C(n) * 1024 * 1024)

/* clang-format off */
#define LIMITS(X) \
    /* one mail and its parts */ \
    X(mail_size,        MIB(32),   MIB(256),  "octets",   "a mail or input file; larger ones are listed as gaps and left on the server") \
    X(header_block,     KIB(256),  MIB(4),    "octets",   "the header of a mail or part") \
    X(header_lines,     500,       5000,      "lines",    "the header of a mail or part") \
    X(header_params,    100,       1000,      "parts",    "parameters of a Content-Type or Content-Disposition (RFC 2231)") \
    X(mime_parts,       4000,      20000,     "parts",    "all parts of a mail; a mail of 2,000 text parts may end with a report") \
    X(mime_depth,       10,        20,        "levels",   "multipart in multipart") \
    X(mail_depth,       5,         10,        "levels",   "message/rfc822 in a mail") \
    X(mail_reports,     1000,      10000,     "reports",  "reports and rejects out of one mail") \
    X(mail_unpacked,    MIB(256),  MIB(4096), "octets",   "all documents of a mail together, unpacked") \
    X(mail_text,        KIB(4),    KIB(64),   "octets",   "a text about a mail: its subject, the way inside, the detail of a reject; more is cut") \
    X(mail_cpu,         10000,     120000,    "ms",       "processor time for one mail, at most; see work_base") \
    X(work_base,        1000,      120000,    "ms",       "of it for any mail; more is for its octets, by the lower of the next two") \
    X(work_packed,      1000,      120000,    "ms",       "for each MiB as it comes: real reports unpack to 30 MiB and take 150 ms") \
    X(work_unpacked,    50,        120000,    "ms",       "for each MiB of the mail and of what is unpacked from it; real reports take 5 ms") \
    X(auth_fields,      32,        256,       "fields",   "Authentication-Results and Received-SPF of a mail; what stands below is not read") \
    X(auth_results,     100,       1000,      "results",  "results in these fields together; behind them the reading ends") \
    X(auth_hops,        16,        100,       "fields",   "Received fields, from the top, below which nothing is read of a mail's authenticity") \
    X(auth_field_size,  KIB(16),   KIB(256),  "octets",   "one of these fields; a longer one ends the reading") \
    /* containers */ \
    X(packed_size,      MIB(32),   MIB(256),  "octets",   "a gzip or zip before unpacking") \
    X(document_size,    MIB(64),   MIB(2048), "octets",   "one document, unpacked") \
    X(ratio,            200,       1100,      "times",    "unpacked against packed, of a document and of all of a mail; a real report of a million rows has 30") \
    X(ratio_floor,      MIB(1),    MIB(64),   "octets",   "below this much output the ratio is not looked at") \
    X(gzip_members,     64,        1024,      "members",  "members of one gzip file (RFC 1952 2.2)") \
    X(zip_entries,      1000,      10000,     "entries",  "opening a zip costs time for each entry, also of unread ones") \
    X(container_depth,  3,         3,         "levels",   "gzip and zip inside each other") \
    /* documents */ \
    X(xml_depth,        16,        64,        "levels",   "elements inside each other; a report needs 6") \
    X(xml_leaf,         KIB(4),    KIB(64),   "octets",   "the text of one element; more is cut, with a note") \
    X(xml_markup,       KIB(8),    KIB(64),   "octets",   "one <…>; the parser is quadratic in attributes") \
    X(xml_attributes,   32,        256,       "signs",    "equals signs in one <…>") \
    X(xml_around,       500,       5000,      "elements", "before <feedback>, or inside of which it stands; more are no report") \
    X(xml_unknown,      2000,      20000,     "names",    "different element names that no report has") \
    X(report_rows,      1000000,   10000000,  "records",  "one report") \
    X(report_errors,    100,       1000,      "elements", "<error> elements of one report") \
    X(row_auths,        100,       1000,      "results",  "DKIM and SPF results of a record, each (RFC 9990 3.1.3)") \
    X(row_reasons,      100,       1000,      "reasons",  "override reasons of a record") \
    X(row_count,        1000000000000, 1000000000000, "messages", "count of one record; above it the record counts as 1") \
    X(json_size,        MIB(4),    MIB(16),   "octets",   "a TLS report, which becomes a tree in memory") \
    X(json_tokens,      100000,    1000000,   "tokens",   "tokens of a TLS report, counted before it is loaded") \
    X(json_word,        64,        1024,      "octets",   "a number of a TLS report, or a word outside of quotes") \
    X(json_depth,       16,        64,        "levels",   "nesting of a TLS report") \
    X(tls_policies,     1000,      10000,     "policies", "policies of a TLS report; each domain has a few") \
    X(tls_failures,     20000,     100000,    "entries",  "failure details of a TLS report, all policies together") \
    /* the reader process and its stage */ \
    X(workers,          2,         8,         "processes", "reader processes") \
    X(worker_memory,    MIB(256),  MIB(4096), "octets",   "address space of a reader above its libraries") \
    X(worker_mails,     256,       100000,    "mails",    "a reader is replaced after so many") \
    X(worker_cpu,       8000,      600000,    "ms",       "a reader is replaced after so much processor time") \
    X(worker_start,     10000,     60000,     "ms",       "from start to its greeting") \
    X(worker_progress,  30000,     600000,    "ms",       "a reader that neither reads nor answers nor works is killed") \
    X(worker_mail,      300000,    3600000,   "ms",       "one mail in a reader by the clock on the wall: one that drips is killed") \
    X(wire_frame,       MIB(4),    MIB(16),   "octets",   "one frame between the two processes") \
    X(wire_data,        KIB(64),   KIB(64),   "octets",   "one DATA frame, so that the sender never blocks for long") \
    X(stage_memory,     KIB(256),  MIB(64),   "octets",   "a report not yet whole; beyond it a file takes over") \
    X(stage_size,       MIB(512),  MIB(8192), "octets",   "the file of a report not yet whole") \
    X(backlog,          MIB(64),   MIB(1024), "octets",   "mails waiting for readers; above it mailboxes wait") \
    X(mail_tries,       3,         10,        "tries",    "runs that try a mail whose reader died before it is set aside") \
    /* quarantine */ \
    X(quarantine_mail,  MIB(1),    MIB(32),   "octets",   "kept of one mail that could not be read, deflated") \
    X(quarantine_total, MIB(200),  MIB(8192), "octets",   "kept of all such mails") \
    X(quarantine_days,  90,        3650,      "days",     "how long such mails are kept") \
    /* the database */ \
    X(store_cache,      MIB(64),   MIB(1024), "octets",   "names and evidence held in memory while facts are written or read") \
    X(thin_rows,        20000,     1000000,   "rows",     "rows that become daily sums, or go, in one transaction; a report goes whole") \
    X(thin_time,        20000,     3600000,   "ms",       "of a run, for turning old rows into daily sums; what is left is the next run's") \
    /* IMAP */ \
    X(imap_line,        MIB(1),    MIB(16),   "octets",   "one line of a server without its literals") \
    X(imap_batch_uids,  100,       1000,      "mails",    "mails of one FETCH command") \
    X(imap_batch_size,  MIB(1),    MIB(64),   "octets",   "announced sizes of one FETCH command") \
    X(imap_turn,        KIB(256),  MIB(4),    "octets",   "read from one mailbox before the others get their turn") \
    X(imap_connect,     30000,     300000,    "ms",       "name look-up, TLS and login") \
    X(imap_idle,        60000,     600000,    "ms",       "a server that says nothing") \
    X(imap_mail,        300000,    3600000,   "ms",       "one mail from its first octet to its last: a server that drips is left") \
    X(imap_goodbye,     2000,      30000,     "ms",       "the answer to LOGOUT; without one we leave") \
    X(imap_in_flight,   2,         4,         "commands", "FETCH commands sent ahead of their answers, so that a long way costs nothing") \
    X(parallel,         16,        200,       "mailboxes", "connected at the same time") \
    X(per_host,         4,         50,        "mailboxes", "connected to the same host; providers refuse more than 10 to 20") \
    X(mailbox_list,     250000,    4000000,   "mails",    "numbers and sizes of new mails held at once, 12 octets each; the rest is listed after") \
    X(known_above,      1000,      4000000,   "mails",    "new mails of a mailbox; above it those of known reporters are asked for and come first") \
    X(known_batch,      2000,      20000,     "mails",    "of which one SEARCH command asks that") \
    X(known_reporters,  50,        500,       "domains",  "that it names") \
    X(mailbox_gaps,     10000,     100000,    "mails",    "mails of one mailbox that could not be had") \
    /* files */ \
    X(folder_entries,   1000000,   10000000,  "entries",  "one folder, whose names are sorted in memory") \
    X(folder_depth,     32,        256,       "levels",   "folders in each other") \
    X(mbox_line,        KIB(4),    KIB(64),   "octets",   "a \"From \" line that separates the mails of an mbox") \
    /* a run */ \
    X(batch_mails,      100,       1000,      "mails",    "mails of one transaction") \
    X(batch_time,       1000,      60000,     "ms",       "longest wait before a transaction is written") \
    X(max_run,          1200,      86400,     "s",        "one run; what is left is the next run's") \
    X(report_days,      32,        400,       "days",     "a report over a longer time counts on its last days only") \
    /* access tokens */ \
    X(token_time,       15000,     60000,     "ms",       "one question to a token server, or a program that prints a secret") \
    X(token_answer,     KIB(64),   MIB(1),    "octets",   "the answer of a token server or of that program") \
    X(token_size,       KIB(16),   KIB(64),   "octets",   "one token; those of Microsoft have 2 to 4 KiB") \
    X(token_login,      900,       3600,      "s",        "how long a login waits for the person who confirms it") \
    /* configuration */ \
    X(config_size,      MIB(4),    MIB(64),   "octets",   "one configuration file") \
    X(config_files,     10000,     100000,    "files",    "configuration files that one includes") \
    X(config_depth,     16,        64,        "levels",   "nesting of a configuration file") \
    X(config_errors,    20,        1000,      "lines",    "errors told at once") \
    X(secret_size,      KIB(64),   KIB(64),   "octets",   "one secret") \
    /* evaluation of one domain */ \
    X(future_slack,     86400,     604800,    "s",        "a reporter whose clock or time zone is off; a report from later moves nothing") \
    X(domain_networks,  20000,     1000000,   "networks", "failing networks of one domain counted singly; the rest counts as one") \
    X(policy_votes,     50000,     1000000,   "reports",  "reports of one domain from which the published policy is made out") \
    X(proof_reporters,  5000,      100000,    "reporters", "reporters of failing senders of one domain that are watched for a day without failures") \
    X(notice_facts,     100000,    1000000,   "facts",    "sources, reporters and results that one notice is made from") \
    /* what people are told */ \
    X(text_shown,       256,       4096,      "octets",   "a stranger's text where people read it") \
    X(notices_hour,     60,         100000,    "notices",  "notices within an hour; above it, what no verified report speaks of waits for a later run") \
    X(notices_domain,   4,          10000,     "notices",  "of one domain, in the same way") \
    X(notice_items,     50,        500,       "incidents", "incidents spelt out in one notice") \
    X(notice_sources,   10,        100,       "sources",  "addresses spelt out for one incident") \
    X(notice_evidence,  5,         50,        "results",  "reporters, results and names spelt out for one incident, each") \
    X(notice_size,      MIB(1),    MIB(16),   "octets",   "one rendered notice") \
    X(answer_size,      KIB(64),   MIB(1),    "octets",   "the answer of a webhook") \
    X(send_connect,     5000,      60000,     "ms",       "connecting to a channel") \
    X(send_total,       15000,     120000,    "ms",       "one attempt at a channel") \
    X(send_mail,        60000,     600000,    "ms",       "one attempt to hand an e-mail to a server, whose filters take their time before they answer") \
    X(send_command,     30000,     600000,    "ms",       "the program of a command channel, which is ended then") \
    X(send_give_up,     259200,    2592000,   "s",        "a notice that could not be sent for so long is given up")
/* clang-format on */

struct limits {
#define LIMIT_FIELD(name, def, ceiling, unit, reason) uint64_t name;
    LIMITS(LIMIT_FIELD)
#undef LIMIT_FIELD
};

struct limit_info {
    const char *name, *unit, *reason;
    uint64_t def, ceiling;
};

/* The table, in order; *n its length. */
const struct limit_info *limits_table(unsigned *n);

void limits_default(struct limits *l);

/* Value of the i-th limit. */
uint64_t *limits_at(struct limits *l, unsigned i);

/* name as in the table; value digits with an optional KiB, MiB, ms, s. ERR_USAGE for an unknown name (with
 * the nearest one), a value that cannot be read, 0, below what the program needs (wire_frame), or above the
 * ceiling. */
bool limits_set(struct limits *l, sv name, sv value, struct err *e) NODISCARD;

#endif
