#include "copy.h"

#include <unistd.h>

#include "db.h"

bool copy_pages(sqlite3 *from, sqlite3 *to, const char *name, struct err *e)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    if (b == NULL)
        return db_err(to, name, sqlite3_extended_errcode(to), e);
    int rc = sqlite3_backup_step(b, -1);
    (void)sqlite3_backup_finish(b);
    return rc == SQLITE_DONE || db_err(to, name, rc, e);
}

/* What a killed run left half written is taken back by whoever writes next; we do not write. */
static bool read_err(sqlite3 *from, const char *path, int rc, struct err *e)
{
    if (sqlite3_extended_errcode(from) == SQLITE_READONLY_ROLLBACK)
        return err_set(e, ERR_RETRY, "%s: a run was killed while it wrote; 'dmarcwarn run' mends that", path);
    return db_err(from, path, rc, e);
}

bool copy_from_file(const char *path, sqlite3 *to, struct err *e)
{
    sqlite3 *from = NULL;
    if (access(path, F_OK) != 0)
        return true;
    int rc = sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(from, STORE_BUSY_MS);
    if (rc == SQLITE_OK) /* shows whether it can be read at all, with a code of its own */
        rc = sqlite3_exec(from, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
    bool ok = rc == SQLITE_OK ? copy_pages(from, to, path, e) : read_err(from, path, rc, e);
    (void)sqlite3_close(from);
    return ok;
}
