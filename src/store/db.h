/* The only place that talks to SQLite: transactions, queries, the classes of its errors. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "map.h"
#include "model/limits.h"
#include "statements.h"
#include "store/facts.h"
#include "store/mails.h"
#include "store/store.h"

enum tx {
    TX_NONE,
    TX_MAILS,
    TX_DECIDE,
    TX_SHORT, /* of one function, begun and ended in it */
};

struct store {
    sqlite3 *db;
    char *path;
    struct limits limits;
    sqlite3_stmt *stmts[SQL_END];
    enum tx tx;
    bool in_mail; /* inside the savepoint of a mail */
    int64_t now;  /* T1: run clock */
    /* Interned while writing; forgotten whenever something is rolled back. */
    struct map names, evidence;
    /* Decoded while reading: ids to values in `decoded`. */
    struct map read_names, read_evidence;
    arena decoded;
    /* Who knows whether a report is to be believed; NULL: nobody. */
    store_trust_fn *trust;
    void *trust_ctx;
    arena delivery; /* the one being asked about */
    bool in_time;   /* a replay: daily sums are of reports that came in the day after */
};

/* Fills *e with what SQLite's code means, where it happened, and what to do. Returns false. */
bool db_err(sqlite3 *db, const char *path, int rc, struct err *e);

bool tx_begin(struct store *s, enum tx tx, struct err *e) NODISCARD;
/* False: it was rolled back. */
bool tx_commit(struct store *s, struct err *e) NODISCARD;
void tx_rollback(struct store *s);
/* ERR_BUG unless this transaction is open. */
bool tx_need(const struct store *s, enum tx tx, struct err *e) NODISCARD;

/* A savepoint inside TX_MAILS: errors of the class ERR_BUG take back only what came after it. */
bool savepoint_begin(struct store *s, struct err *e) NODISCARD;
bool savepoint_keep(struct store *s, struct err *e) NODISCARD;
bool savepoint_undo(struct store *s, struct err *e) NODISCARD;

/* One use of a statement. Errors are sticky: bind, step and read straight down, and ask query_end.
 * An error inside a transaction rolls it back, unless only a savepoint is lost. */
struct query {
    struct store *s;
    sqlite3_stmt *stmt;
    int at; /* last bound parameter */
    int rc;
};

struct query query_start(struct store *s, enum statement which);

/* Bind the next parameter. Octets must live until query_end; absent is NULL. */
void bind_int(struct query *q, int64_t v);
void bind_count(struct query *q, uint64_t v); /* stays at INT64_MAX */
void bind_null(struct query *q);
void bind_text(struct query *q, sv v);
void bind_mailbox(struct query *q, const struct store_mailbox_key *key); /* four parameters; absent: empty */
void bind_blob(struct query *q, const void *p, size_t n);

/* True while there is a row. */
bool query_row(struct query *q);
int64_t col_int(struct query *q, int i);
bool col_null(struct query *q, int i);
sv col_text(struct query *q, int i); /* NULL is absent; valid until the next row */
sv col_blob(struct query *q, int i);

bool query_end(struct query *q, struct err *e) NODISCARD;
/* Steps to the end, then query_end. */
bool query_run(struct query *q, struct err *e) NODISCARD;
/* query_run; ERR_BUG unless it changed exactly one row. */
bool query_run_one(struct query *q, struct err *e) NODISCARD;
/* The first column of the first row; *found false: no row, *out is 0. */
bool query_int(struct query *q, int64_t *out, bool *found, struct err *e) NODISCARD;

#endif
