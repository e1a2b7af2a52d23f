#include "db.h"

#include <limits.h>
#include <string.h>

static enum err_class class_of(int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
        return rc == SQLITE_IOERR_NOMEM ? ERR_MEMORY : ERR_DISK;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_DAMAGED;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return ERR_STATE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return ERR_RETRY;
    case SQLITE_NOMEM:
        return ERR_MEMORY;
    default:
        return ERR_BUG;
    }
}

bool db_err(sqlite3 *db, const char *path, int rc, struct err *e)
{
    const char *said = db ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
    int why = db ? sqlite3_system_errno(db) : 0;
    enum err_class cls = class_of(rc);
    switch (rc & 0xFF) {
    case SQLITE_FULL:
        return err_set(e, cls, "%s: the disk is full; make room there, the next run catches up", path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return err_set(e, cls, "%s: %s; `state` must name a path that this user can write", path, said);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_set(e, cls,
                       "%s: the database is damaged (%s); the next run puts it aside and begins a new one",
                       path, said);
    case SQLITE_BUSY:
        return err_set(e, cls, "%s: another command holds the database; the next run tries again", path);
    default:
        return why ? err_set(e, cls, "%s: %s (%s)", path, said, strerror(why))
                   : err_set(e, cls, "%s: %s", path, said);
    }
}

bool tx_begin(struct store *s, enum tx tx, struct err *e)
{
    if (s->tx != TX_NONE)
        return err_set(e, ERR_BUG, "%s: a transaction is open already", s->path);
    struct query q = query_start(s, SQL_begin);
    if (!query_run(&q, e))
        return false;
    s->tx = tx;
    return true;
}

bool tx_commit(struct store *s, struct err *e)
{
    struct query q = query_start(s, SQL_commit);
    if (!query_run(&q, e))
        return false;
    s->tx = TX_NONE;
    return true;
}

static void forget_interned(struct store *s)
{
    map_clear(&s->names);
    map_clear(&s->evidence);
}

void tx_rollback(struct store *s)
{
    /* Some errors have rolled back already. What ROLLBACK itself answers changes nothing: the journal
     * is played back at the latest when the file is opened again. */
    if (s->tx != TX_NONE && sqlite3_get_autocommit(s->db) == 0)
        (void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    s->tx = TX_NONE;
    s->in_mail = false;
    forget_interned(s);
}

bool tx_need(const struct store *s, enum tx tx, struct err *e)
{
    return s->tx == tx || err_set(e, ERR_BUG, "%s: used outside of its transaction", s->path);
}

bool savepoint_begin(struct store *s, struct err *e)
{
    struct query q = query_start(s, SQL_savepoint);
    if (!query_run(&q, e))
        return false;
    s->in_mail = true;
    return true;
}

bool savepoint_keep(struct store *s, struct err *e)
{
    s->in_mail = false;
    struct query q = query_start(s, SQL_savepoint_keep);
    return query_run(&q, e);
}

bool savepoint_undo(struct store *s, struct err *e)
{
    s->in_mail = false;
    forget_interned(s);
    struct query q = query_start(s, SQL_savepoint_undo);
    return query_run(&q, e) && savepoint_keep(s, e);
}

static const char *const texts[] = {
#define STATEMENT_TEXT(name, sql) [SQL_##name] = sql,
    STATEMENTS(STATEMENT_TEXT)
#undef STATEMENT_TEXT
};

struct query query_start(struct store *s, enum statement which)
{
    struct query q = {.s = s, .rc = SQLITE_OK};
    if (s->stmts[which] == NULL)
        q.rc = sqlite3_prepare_v3(s->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, &s->stmts[which], NULL);
    q.stmt = s->stmts[which];
    return q;
}

static bool bindable(struct query *q)
{
    q->at++;
    return q->rc == SQLITE_OK;
}

void bind_int(struct query *q, int64_t v)
{
    if (bindable(q))
        q->rc = sqlite3_bind_int64(q->stmt, q->at, v);
}

void bind_count(struct query *q, uint64_t v)
{
    bind_int(q, v > INT64_MAX ? INT64_MAX : (int64_t)v);
}

void bind_null(struct query *q)
{
    if (bindable(q))
        q->rc = sqlite3_bind_null(q->stmt, q->at);
}

void bind_text(struct query *q, sv v)
{
    if (bindable(q))
        q->rc = sqlite3_bind_text64(q->stmt, q->at, v.p, v.n, SQLITE_STATIC, SQLITE_UTF8);
}

void bind_mailbox(struct query *q, const struct store_mailbox_key *key)
{
    bind_text(q, key->host.p ? key->host : SV(""));
    bind_int(q, key->port);
    bind_text(q, key->user.p ? key->user : SV(""));
    bind_text(q, key->folder.p ? key->folder : SV(""));
}

void bind_blob(struct query *q, const void *p, size_t n)
{
    /* A NULL pointer would bind NULL also where an empty value is meant. */
    if (bindable(q))
        q->rc = sqlite3_bind_blob64(q->stmt, q->at, p ? p : "", n, SQLITE_STATIC);
}

bool query_row(struct query *q)
{
    if (q->rc != SQLITE_OK && q->rc != SQLITE_ROW)
        return false;
    q->rc = sqlite3_step(q->stmt);
    return q->rc == SQLITE_ROW;
}

int64_t col_int(struct query *q, int i)
{
    return sqlite3_column_int64(q->stmt, i);
}

bool col_null(struct query *q, int i)
{
    return sqlite3_column_type(q->stmt, i) == SQLITE_NULL;
}

sv col_text(struct query *q, int i)
{
    const unsigned char *p = sqlite3_column_text(q->stmt, i);
    return p ? sv_of(p, (size_t)sqlite3_column_bytes(q->stmt, i)) : SV_ABSENT;
}

sv col_blob(struct query *q, int i)
{
    const void *p = sqlite3_column_blob(q->stmt, i);
    return sv_of(p, p ? (size_t)sqlite3_column_bytes(q->stmt, i) : 0);
}

bool query_end(struct query *q, struct err *e)
{
    struct store *s = q->s;
    bool ok = q->rc == SQLITE_OK || q->rc == SQLITE_ROW || q->rc == SQLITE_DONE;
    if (!ok)
        db_err(s->db, s->path, q->rc, e);
    if (q->stmt) {
        (void)sqlite3_reset(q->stmt);
        (void)sqlite3_clear_bindings(q->stmt);
    }
    if (!ok && !(s->in_mail && e->cls == ERR_BUG))
        tx_rollback(s);
    return ok;
}

bool query_run(struct query *q, struct err *e)
{
    while (query_row(q))
        ;
    return query_end(q, e);
}

bool query_run_one(struct query *q, struct err *e)
{
    struct store *s = q->s;
    if (!query_run(q, e))
        return false;
    if (sqlite3_changes(s->db) == 1)
        return true;
    tx_rollback(s);
    return err_set(e, ERR_BUG, "%s: a row to be changed is not there", s->path);
}

bool query_int(struct query *q, int64_t *out, bool *found, struct err *e)
{
    *found = query_row(q);
    *out = *found ? col_int(q, 0) : 0;
    return query_end(q, e);
}
