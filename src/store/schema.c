#include "schema.h"

#include <stddef.h>

/* Version 1, as first released: never changed, later versions are steps below. Enumerations and reject
 * reasons are stored by name, text of strangers raw, addresses as 4 or 16 octets. */
const char *const schema_first[] = {
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID",

    /* every UID up to mark is in mail or in gap, or was in mail and is older than rows are kept */
    "CREATE TABLE mailbox(id INTEGER PRIMARY KEY, host TEXT NOT NULL, port INTEGER NOT NULL,"
    " user TEXT NOT NULL, folder TEXT NOT NULL, uidvalidity INTEGER NOT NULL, mark INTEGER NOT NULL,"
    " UNIQUE(host, port, user, folder))",
    "CREATE TABLE gap(mailbox INTEGER NOT NULL, uid INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT,"
    " size INTEGER NOT NULL, tries INTEGER NOT NULL, PRIMARY KEY(mailbox, uid)) WITHOUT ROWID",
    /* What is owed to a mail on its server: action is the key that asks for it (after, on_error), and the
     * configuration in force says what that is. argument: its INTERNALDATE. */
    "CREATE TABLE debt(mailbox INTEGER NOT NULL, uid INTEGER NOT NULL, action TEXT NOT NULL, argument TEXT,"
    " tries INTEGER NOT NULL, PRIMARY KEY(mailbox, uid, action)) WITHOUT ROWID",

    /* What a folder of files had, by the path below it. uid: of the first mail in it. done 0: a mail of it is
     * a gap, so that it is to be read again. mtime in nanoseconds. */
    "CREATE TABLE file(mailbox INTEGER NOT NULL, path BLOB NOT NULL, size INTEGER NOT NULL,"
    " mtime INTEGER NOT NULL, uid INTEGER NOT NULL, done INTEGER NOT NULL, PRIMARY KEY(mailbox, path))"
    " WITHOUT ROWID",

    /* from_domain, message_id and authentication (what servers wrote of it, see delivery.c) of a mail that
     * was read */
    "CREATE TABLE mail(id INTEGER PRIMARY KEY, mailbox INTEGER NOT NULL, uidvalidity INTEGER NOT NULL,"
    " uid INTEGER NOT NULL, size INTEGER NOT NULL, internaldate INTEGER NOT NULL, stored INTEGER NOT NULL,"
    " state TEXT NOT NULL, reason TEXT, from_domain TEXT, message_id TEXT, authentication BLOB,"
    " UNIQUE(mailbox, uidvalidity, uid))",
    /* one row for each document, or for the mail (document NULL), that could not be read */
    "CREATE TABLE quarantine(id INTEGER PRIMARY KEY, mail INTEGER NOT NULL, document INTEGER, member TEXT,"
    " reason TEXT NOT NULL, detail TEXT, since INTEGER NOT NULL)",
    "CREATE INDEX quarantine_mail ON quarantine(mail)",
    /* deflated (RFC 1950); size is that of the mail */
    "CREATE TABLE raw_mail(mail INTEGER PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB NOT NULL)",

    "CREATE TABLE name(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
    /* policy_evaluated, identifiers, auth_results and reasons of a record: see evidence.c */
    "CREATE TABLE evidence(id INTEGER PRIMARY KEY, tuple BLOB NOT NULL UNIQUE)",

    /* Outlives the report and its rows. set_id: reporter, report id, policy domain and period; of the
     * reports of one set the first received counts. report: of one that has become daily sums, minus its last
     * day (days since 1970). */
    "CREATE TABLE seen(facts_id BLOB PRIMARY KEY, set_id BLOB NOT NULL, received INTEGER NOT NULL,"
    " report INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX seen_set ON seen(set_id, received, report)",
    /* claimed_…: as the reporter wrote it. clock: the earlier one of end and received. */
    "CREATE TABLE report(id INTEGER PRIMARY KEY, set_id BLOB NOT NULL, domain INTEGER NOT NULL,"
    " received INTEGER NOT NULL, clock INTEGER NOT NULL, begin INTEGER NOT NULL, end INTEGER NOT NULL,"
    " first_day INTEGER NOT NULL, claimed_begin INTEGER, claimed_end INTEGER, dialect INTEGER NOT NULL,"
    " version TEXT,"
    " org_name TEXT, email TEXT, extra_contact_info TEXT, report_id TEXT, generator TEXT,"
    " policy_domain TEXT, p TEXT, sp TEXT, np TEXT, adkim TEXT, aspf TEXT, pct TEXT, fo TEXT, testing TEXT,"
    " discovery_method TEXT, notes TEXT NOT NULL, records INTEGER NOT NULL, records_raw INTEGER NOT NULL,"
    " messages INTEGER NOT NULL, failed INTEGER NOT NULL)",
    "CREATE INDEX report_clock ON report(domain, clock)",
    /* of the few whose reporters' clocks, or ours, are wrong */
    "CREATE INDEX report_ahead ON report(end) WHERE end > received",
    "CREATE TABLE report_error(report INTEGER NOT NULL, n INTEGER NOT NULL, text TEXT,"
    " PRIMARY KEY(report, n)) WITHOUT ROWID",
    "CREATE TABLE delivery(report INTEGER NOT NULL, mail INTEGER NOT NULL, member TEXT,"
    " PRIMARY KEY(report, mail)) WITHOUT ROWID",
    "CREATE TABLE fact(domain INTEGER NOT NULL, day INTEGER NOT NULL, report INTEGER NOT NULL,"
    " n INTEGER NOT NULL, ip BLOB NOT NULL, count INTEGER NOT NULL, disposition INTEGER,"
    " evidence INTEGER NOT NULL, PRIMARY KEY(domain, day, report, n)) WITHOUT ROWID",
    /* what was seen of a domain, and since which day */
    "CREATE TABLE known(domain TEXT NOT NULL, kind INTEGER NOT NULL, key BLOB NOT NULL,"
    " first_day INTEGER NOT NULL, PRIMARY KEY(domain, kind, key)) WITHOUT ROWID",
    /* when a domain is to be decided again, though nothing came in */
    "CREATE TABLE deadline(domain TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX deadline_at ON deadline(at)",
    "CREATE TABLE dirty(domain INTEGER PRIMARY KEY, from_day INTEGER NOT NULL)",

    /* TLS and failure reports: facts for rules of their own, beside what is about aggregate reports. */
    "CREATE TABLE tls_report(id INTEGER PRIMARY KEY, facts_id BLOB NOT NULL UNIQUE, mail INTEGER NOT NULL,"
    " received INTEGER NOT NULL, org_name TEXT, email TEXT, report_id TEXT, begin INTEGER, end INTEGER,"
    " notes TEXT NOT NULL)",
    "CREATE TABLE tls_policy(report INTEGER NOT NULL, n INTEGER NOT NULL, type TEXT, domain TEXT,"
    " ok INTEGER NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY(report, n)) WITHOUT ROWID",
    "CREATE TABLE tls_failure(report INTEGER NOT NULL, policy INTEGER NOT NULL, n INTEGER NOT NULL,"
    " result_type TEXT, sessions INTEGER, sending_mta_ip TEXT, receiving_mx_hostname TEXT,"
    " receiving_ip TEXT, failure_reason_code TEXT, PRIMARY KEY(report, policy, n)) WITHOUT ROWID",
    "CREATE TABLE failure_report(id INTEGER PRIMARY KEY, facts_id BLOB NOT NULL UNIQUE, mail INTEGER NOT "
    "NULL,"
    " received INTEGER NOT NULL, feedback_type TEXT, auth_failure TEXT, source_ip BLOB, reported_domain TEXT,"
    " arrival INTEGER, delivery_result TEXT, identity_alignment TEXT, dkim_domain TEXT, dkim_identity TEXT,"
    " dkim_selector TEXT, incidents INTEGER NOT NULL, header_from_domain TEXT, message_id TEXT,"
    " notes TEXT NOT NULL)",

    "CREATE TABLE incident(id BLOB PRIMARY KEY, rule TEXT NOT NULL, domain TEXT NOT NULL,"
    " subject TEXT NOT NULL, severity TEXT NOT NULL, state TEXT NOT NULL, episode INTEGER NOT NULL,"
    " first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, opened INTEGER NOT NULL,"
    " told_at INTEGER NOT NULL, told_severity TEXT NOT NULL, told_failed INTEGER NOT NULL,"
    " told_let_through INTEGER NOT NULL, before TEXT, after TEXT, repeats INTEGER NOT NULL,"
    " due INTEGER NOT NULL, acked_at INTEGER NOT NULL, acked_by TEXT) WITHOUT ROWID",
    "CREATE INDEX incident_domain ON incident(domain)",
    "CREATE INDEX incident_subject ON incident(rule, subject)",
    "CREATE INDEX incident_due ON incident(due) WHERE due > 0",
    /* which channel has heard of which episode last, and when */
    "CREATE TABLE told(incident BLOB NOT NULL, channel TEXT NOT NULL, episode INTEGER NOT NULL,"
    " at INTEGER NOT NULL, PRIMARY KEY(incident, channel)) WITHOUT ROWID",
    "CREATE TABLE incident_network(incident BLOB NOT NULL, ip BLOB NOT NULL, bits INTEGER NOT NULL,"
    " PRIMARY KEY(incident, ip, bits)) WITHOUT ROWID",
    "CREATE TABLE notice(id BLOB PRIMARY KEY, domain TEXT NOT NULL, severity TEXT NOT NULL,"
    " created INTEGER NOT NULL, frozen BLOB NOT NULL)",
    "CREATE TABLE outbox(id INTEGER PRIMARY KEY, notice BLOB NOT NULL, channel TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK(state IN ('waiting', 'sending', 'sent', 'dead', 'silenced')),"
    " not_before INTEGER NOT NULL, attempts INTEGER NOT NULL, repeat_possible INTEGER NOT NULL,"
    " finished INTEGER, error TEXT, UNIQUE(notice, channel))",
    "CREATE INDEX outbox_state ON outbox(state, id)",
    /* hold_until: Retry-After of the far side; parked: since when it needs a person; config: which
       configuration of it the last delivery used; gave_up: when a notice was last given up */
    "CREATE TABLE channel(name TEXT PRIMARY KEY, hold_until INTEGER NOT NULL DEFAULT 0, parked INTEGER,"
    " error TEXT, config INTEGER NOT NULL DEFAULT 0, gave_up INTEGER) WITHOUT ROWID",
    /* what a channel was told and must be told again in each run */
    "CREATE TABLE standing(channel TEXT NOT NULL, incident BLOB NOT NULL, notice BLOB NOT NULL,"
    " PRIMARY KEY(channel, incident)) WITHOUT ROWID",

    /* rules by name, blanks between; NULL: any */
    "CREATE TABLE silence(id INTEGER PRIMARY KEY, rules TEXT, tenant TEXT, domain TEXT, subject TEXT,"
    " starts INTEGER NOT NULL, ends INTEGER NOT NULL, author TEXT NOT NULL, comment TEXT NOT NULL)",

    "CREATE TABLE run(id INTEGER PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER, exit_code INTEGER,"
    " mails INTEGER, reports INTEGER, known INTEGER, rejects INTEGER, notices INTEGER, sent INTEGER,"
    " failed INTEGER)",
    "CREATE TABLE streak(object TEXT PRIMARY KEY, runs INTEGER NOT NULL, since INTEGER NOT NULL,"
    " run INTEGER NOT NULL, error TEXT) WITHOUT ROWID",
    NULL,
};

/* Step i takes version i + 1 to version i + 2. */
const char *const schema_steps[] = {
    /* What rows become when they are old. origin: what reports have in common whose rows are summed up, see
     * head.c; last_day: of its sums. lag: days from the report's end until it came in, rounded away from 0;
     * disposition 0: none given. */
    "CREATE TABLE origin(id INTEGER PRIMARY KEY, tuple BLOB NOT NULL UNIQUE, last_day INTEGER NOT NULL);"
    "CREATE INDEX origin_last ON origin(last_day);"
    "CREATE TABLE daily(domain INTEGER NOT NULL, day INTEGER NOT NULL, origin INTEGER NOT NULL,"
    " lag INTEGER NOT NULL, ip BLOB NOT NULL, disposition INTEGER NOT NULL, evidence INTEGER NOT NULL,"
    " count INTEGER NOT NULL, PRIMARY KEY(domain, day, origin, lag, ip, disposition, evidence)) WITHOUT "
    "ROWID;"
    "CREATE INDEX seen_thinned ON seen(report) WHERE report < 0;"
    "CREATE INDEX delivery_mail ON delivery(mail);"
    "CREATE INDEX tls_report_mail ON tls_report(mail);"
    "CREATE INDEX tls_report_received ON tls_report(received);"
    "CREATE INDEX failure_report_mail ON failure_report(mail);"
    "CREATE INDEX failure_report_received ON failure_report(received);",
    /* text: policy-string (RFC 8460 4.4), lines joined */
    "ALTER TABLE tls_policy ADD COLUMN text TEXT",
    /* what a reporter has last seen a domain ask for, and on which day: see tls_policy_asks */
    "CREATE TABLE tls_seen(domain TEXT NOT NULL, reporter TEXT NOT NULL, policy TEXT NOT NULL,"
    " day INTEGER NOT NULL, PRIMARY KEY(domain, reporter)) WITHOUT ROWID",
    NULL,
};
