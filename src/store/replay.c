#include "store/replay.h"

#include "base/buf.h"
#include "base/clock.h"
#include "db.h"
#include "store/imports.h"

enum { SCRIPT_MAX = 16 * 1024 };

static bool run_script(struct store *s, buf *script, struct err *e)
{
    buf_char(script, '\0');
    int rc = script->failed ? SQLITE_NOMEM : sqlite3_exec(s->db, script->p, NULL, NULL, NULL);
    return rc == SQLITE_OK || db_err(s->db, s->path, rc, e);
}

bool store_replay_begin(struct store *s, int64_t since, struct err *e)
{
    static const char *const decided[] = {"incident", "told",  "incident_network", "notice",   "outbox",
                                          "channel",  "known", "deadline",         "standing", "dirty"};
    static const char *const hidden[] = {"report", "tls_report", "failure_report"};
    buf script CLEANUP(buf_free);
    buf_init(&script, SCRIPT_MAX);
    buf_puts(&script, "BEGIN; DELETE FROM meta WHERE key IN ('config_hash', 'import');");
    for (size_t i = 0; i < COUNT_OF(decided); i++)
        buf_printf(&script, "DELETE FROM %s;", decided[i]);
    buf_printf(
        &script,
        "UPDATE report SET received = end + %lld, clock = end WHERE received > end + %lld AND id NOT IN"
        " (SELECT d.report FROM delivery d JOIN mail m ON m.id = d.mail JOIN mailbox b ON b.id = m.mailbox"
        " WHERE NOT (b.host = '' AND b.user = '%.*s'));",
        (long long)DAY_SECONDS, (long long)DAY_SECONDS, SV_ARG(store_import_key().user));
    for (size_t i = 0; i < COUNT_OF(hidden); i++)
        buf_printf(&script,
                   "CREATE TABLE later_%s AS SELECT * FROM %s WHERE received >= %lld;"
                   "CREATE INDEX later_%s_received ON later_%s(received);"
                   "DELETE FROM %s WHERE received >= %lld;",
                   hidden[i], hidden[i], (long long)since, hidden[i], hidden[i], hidden[i], (long long)since);
    buf_puts(&script,
             "CREATE UNIQUE INDEX later_report_id ON later_report(id);"
             "CREATE TABLE later_fact AS SELECT * FROM fact WHERE report IN (SELECT id FROM later_report);"
             "CREATE INDEX later_fact_report ON later_fact(report);"
             "DELETE FROM fact WHERE report IN (SELECT id FROM later_report);"
             "CREATE TABLE later_seen AS SELECT * FROM seen WHERE report IN (SELECT id FROM later_report);"
             "CREATE INDEX later_seen_report ON later_seen(report);"
             "DELETE FROM seen WHERE report IN (SELECT id FROM later_report); COMMIT");
    s->in_time = true;
    return run_script(s, &script, e);
}

bool store_replay_until(struct store *s, int64_t until, struct err *e)
{
    static const char *const others[] = {"tls_report", "failure_report"};
    static const char *const parts[] = {"fact", "seen"};
    buf script CLEANUP(buf_free);
    buf_init(&script, SCRIPT_MAX);
    buf_printf(&script,
               "BEGIN; INSERT INTO report SELECT * FROM later_report WHERE received < %lld;"
               "INSERT INTO dirty(domain, from_day) SELECT domain, min(first_day) FROM later_report"
               " WHERE received < %lld GROUP BY domain"
               " ON CONFLICT(domain) DO UPDATE SET from_day = min(from_day, excluded.from_day);",
               (long long)until, (long long)until);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        buf_printf(&script,
                   "INSERT INTO %s SELECT l.* FROM later_report r JOIN later_%s l ON l.report = r.id"
                   " WHERE r.received < %lld;",
                   parts[i], parts[i], (long long)until);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        buf_printf(&script,
                   "INSERT INTO %s SELECT * FROM later_%s WHERE received < %lld;"
                   "DELETE FROM later_%s WHERE received < %lld;",
                   others[i], others[i], (long long)until, others[i], (long long)until);
    buf_printf(&script, "DELETE FROM later_report WHERE received < %lld; COMMIT", (long long)until);
    return run_script(s, &script, e);
}
