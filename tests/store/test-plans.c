/* How SQLite finds what the statements ask for. A table that grows with the mails is never read from end to
 * end for one mail, nor all mails of a mailbox. */
#include "support.h"

static const struct {
    const char *name, *sql;
} statements[] = {
#define STATEMENT_TEXT(name, sql) {#name, sql},
    STATEMENTS(STATEMENT_TEXT)
#undef STATEMENT_TEXT
};

/* The first row alone; once a run, over an index: who is there, and who is silent; what a person asks for:
 * the notes, and the incidents, of which `alerts list --all` shows every one in an order that no index has;
 * when a thousand mails wait: who wrote before them. */
static const char *const may_scan[] = {"raw_oldest",   "domain_list",  "quiet_list",
                                       "status_notes", "incident_all", "mail_reporters"};

static const char *const growing[] = {"mail",  "raw_mail", "report",     "fact",          "delivery",
                                      "seen",  "evidence", "name",       "incident",      "told",
                                      "daily", "origin",   "tls_report", "failure_report"};

static bool is_one_of(sv word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(word, sv_c(list[i])))
            return true;
    return false;
}

/* "SCAN mail", or "SEARCH o USING INDEX sqlite_autoindex_mail_1 (mailbox=?)". */
static bool is_long(sv step)
{
    sv verb, table;
    if (sv_ends(step, SV("sqlite_autoindex_mail_1 (mailbox=?)")))
        return true;
    return sv_split(&step, ' ', &verb) && sv_split(&step, ' ', &table) && sv_eq(verb, SV("SCAN")) &&
           is_one_of(table, growing, COUNT_OF(growing));
}

static void check(struct fixture *f, const char *name, const char *sql)
{
    sqlite3_stmt *plan;
    const char *question = text(f, "EXPLAIN QUERY PLAN %s", sql);
    if (is_one_of(sv_c(name), may_scan, COUNT_OF(may_scan)))
        return;
    assert_int_equal(sqlite3_prepare_v2(f->s->db, question, -1, &plan, NULL), SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(plan, 3);
        if (is_long(sv_c(step)))
            fail_msg("%s: %s", name, step);
    }
    sqlite3_finalize(plan);
}

static void nothing_that_grows_is_read_whole(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(statements); i++)
        check(f, statements[i].name, statements[i].sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(nothing_that_grows_is_read_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
