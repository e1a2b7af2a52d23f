#include "migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sv.h"
#include "copy.h"
#include "db.h"
#include "folder.h"
#include "schema.h"

struct migration {
    sqlite3 *db;
    const char *path;
    const char *const *steps;
    int64_t newest;
};

static bool exec(const struct migration *m, const char *sql, struct err *e)
{
    int rc = sqlite3_exec(m->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || db_err(m->db, m->path, sqlite3_extended_errcode(m->db), e);
}

/* The one number that a statement without parameters gives. */
static bool ask(const struct migration *m, const char *sql, int64_t *out, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(m->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    bool ok = rc == SQLITE_ROW || db_err(m->db, m->path, sqlite3_extended_errcode(m->db), e);
    (void)sqlite3_finalize(stmt);
    return ok;
}

static bool set_version(const struct migration *m, int64_t version, struct err *e)
{
    /* A pragma takes no bound value; this is our own number. */
    char sql[64];
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %" PRId64, version);
    return exec(m, sql, e);
}

static bool check_owner(const struct migration *m, int64_t version, int64_t tables, struct err *e)
{
    int64_t application = 0;
    if (!ask(m, "PRAGMA application_id", &application, e))
        return false;
    if (application != SCHEMA_APPLICATION_ID && (tables || version || application))
        return err_set(e, ERR_CONFIG, "%s: is the database of another program; give `state` another path",
                       m->path);
    if (version > m->newest)
        return err_set(e, ERR_CONFIG,
                       "%s: has version %" PRId64 ", this program knows %" PRId64
                       " at most; install a newer program, or put %s.v%" PRId64 ".bak in its place",
                       m->path, version, m->newest, m->path, m->newest);
    return true;
}

static bool create_tables(const struct migration *m, struct err *e)
{
    char sql[64];
    for (size_t i = 0; schema_first[i]; i++)
        if (!exec(m, schema_first[i], e))
            return false;
    (void)snprintf(sql, sizeof sql, "PRAGMA application_id = %d", SCHEMA_APPLICATION_ID);
    return exec(m, sql, e) && set_version(m, 1, e);
}

/* One step, or the first tables, in a transaction that looks again: another process may have been here. */
static bool advance(const struct migration *m, int64_t from, struct err *e)
{
    int64_t version = -1;
    if (!exec(m, "BEGIN IMMEDIATE", e))
        return false;
    bool ok = ask(m, "PRAGMA user_version", &version, e);
    if (ok && version == from)
        ok = from == 0 ? create_tables(m, e) : exec(m, m->steps[from - 1], e) && set_version(m, from + 1, e);
    ok = ok && exec(m, "COMMIT", e);
    if (!ok && sqlite3_get_autocommit(m->db) == 0)
        (void)sqlite3_exec(m->db, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

static bool copy_to_file(const struct migration *m, const char *to, struct err *e)
{
    sqlite3 *copy = NULL;
    int rc = sqlite3_open_v2(to, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    bool ok = rc == SQLITE_OK ? copy_pages(m->db, copy, to, e) : db_err(copy, to, rc, e);
    (void)sqlite3_close(copy);
    return ok;
}

static bool put_backup(const struct migration *m, const char *temp, const char *to, struct err *e)
{
    int fd CLEANUP(fd_cleanup) = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return folder_err(temp, "the backup cannot be made", errno, e);
    if (!copy_to_file(m, temp, e))
        return false;
    if (rename(temp, to) == 0)
        return true;
    return folder_err(to, "the backup cannot be made", errno, e);
}

static bool backup(const struct migration *m, int64_t version, struct err *e)
{
    char *to = NULL, *temp = NULL;
    if (asprintf(&to, "%s.v%" PRId64 ".bak", m->path, version) < 0)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (asprintf(&temp, "%s.new", to) < 0) {
        free(to);
        return err_set(e, ERR_MEMORY, "out of memory");
    }
    bool ok = put_backup(m, temp, to, e);
    if (!ok)
        (void)unlink(temp);
    free(temp);
    free(to);
    return ok;
}

/* One that has no file, as it is somebody's copy. */
static bool is_private(sqlite3 *db)
{
    const char *file = sqlite3_db_filename(db, "main");
    return file == NULL || file[0] == '\0';
}

bool migrate(sqlite3 *db, const char *path, const char *const *steps, struct err *e)
{
    struct migration m = {.db = db, .path = path, .steps = steps, .newest = 1};
    int64_t version = 0, tables = 0;
    while (steps[m.newest - 1])
        m.newest++;
    if (!ask(&m, "PRAGMA user_version", &version, e) ||
        !ask(&m, "SELECT count(*) FROM sqlite_master", &tables, e) || !check_owner(&m, version, tables, e))
        return false;
    if (version > 0 && version < m.newest && !is_private(db) && !backup(&m, version, e))
        return false;
    for (; version < m.newest; version++)
        if (!advance(&m, version, e))
            return false;
    return true;
}
