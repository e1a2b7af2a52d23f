#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "copy.h"
#include "damage.h"
#include "db.h"
#include "folder.h"
#include "migrate.h"
#include "schema.h"
#include "store/store.h"

/* The file may be hostile or damaged: no views, no triggers, no functions of its schema, every cell is
 * checked as it is read. No memory map: an input/output error must be an error and no signal. */
static const char settings[] =
    "PRAGMA cell_size_check = ON;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -16384;"
    "PRAGMA auto_vacuum = INCREMENTAL;" /* of a new file; an older one stays as it is */
    "PRAGMA journal_mode = TRUNCATE;"
    "PRAGMA synchronous = FULL;";

static const struct {
    int option, value;
} switches[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
};

enum { SQL_LENGTH_MAX = 64 * 1024, ROW_SPARE = 64 * 1024 };

/* The longest values of ours are copies of mails, frozen notices and configuration files. */
static int value_limit(const struct limits *l)
{
    uint64_t most = l->quarantine_mail > l->notice_size ? l->quarantine_mail : l->notice_size;
    most = l->config_size > most ? l->config_size : most;
    return (int)(most + ROW_SPARE);
}

static bool harden(struct store *s, struct err *e)
{
    (void)sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, value_limit(&s->limits));
    (void)sqlite3_limit(s->db, SQLITE_LIMIT_SQL_LENGTH, SQL_LENGTH_MAX);
    (void)sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    (void)sqlite3_extended_result_codes(s->db, 1);
    (void)sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
    for (size_t i = 0; i < COUNT_OF(switches); i++) {
        int rc = sqlite3_db_config(s->db, switches[i].option, switches[i].value, NULL);
        if (rc != SQLITE_OK)
            return db_err(s->db, s->path, rc, e);
    }
    int rc = sqlite3_exec(s->db, settings, NULL, NULL, NULL);
    return rc == SQLITE_OK || db_err(s->db, s->path, rc, e);
}

/* Made here and not by SQLite, so that nobody else can read it; the journal gets the same mode. A link to a
 * database is somebody's choice; one that leads to nothing is not made true, wherever it leads. */
static bool make_file(const char *path, struct err *e)
{
    int fd CLEANUP(fd_cleanup) = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == ELOOP)
        return err_set(
            e, ERR_STATE,
            "%s: is a link to a file that is not there; remove the link, or name that file in `state`", path);
    return fd >= 0 || folder_err(path, "the database cannot be opened", errno, e);
}

static bool open_database(struct store *s, struct err *e)
{
    if (!folder_make(sv_c(s->path), e) || !make_file(s->path, e))
        return false;
    int rc = sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK)
        return db_err(s->db, s->path, rc, e);
    return harden(s, e) && migrate(s->db, s->path, schema_steps, e);
}

static bool open_copy(struct store *s, struct err *e)
{
    int rc = sqlite3_open_v2("", &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK)
        return db_err(s->db, "the copy of the database", rc, e);
    return copy_from_file(s->path, s->db, e) && harden(s, e) && migrate(s->db, s->path, schema_steps, e);
}

static void init_caches(struct store *s)
{
    size_t max = (size_t)s->limits.store_cache;
    struct map *maps[] = {&s->names, &s->evidence, &s->read_names, &s->read_evidence};
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        map_init(maps[i], max / 4);
    arena_init(&s->decoded, max);
    arena_init(&s->delivery, MIB(1));
}

static bool open_by(bool (*open_it)(struct store *s, struct err *e), sv path, const struct limits *limits,
                    struct store **out, struct err *e)
{
    struct store *s = calloc(1, sizeof *s);
    char *copy = strndup(path.p, path.n);
    if (s == NULL || copy == NULL) {
        free(s);
        free(copy);
        return err_set(e, ERR_MEMORY, "out of memory");
    }
    s->path = copy;
    s->limits = *limits;
    init_caches(s);
    if (open_it(s, e)) {
        *out = s;
        return true;
    }
    store_close(s);
    return false;
}

static bool open_unmarked(struct store *s, struct err *e)
{
    if (damage_is_marked(s->path))
        return err_set(e, ERR_DAMAGED,
                       "%s: the database is damaged; the next run puts it aside and begins a new one",
                       s->path);
    return open_database(s, e);
}

bool store_open(sv path, const struct limits *limits, struct store **out, struct err *e)
{
    return open_by(open_unmarked, path, limits, out, e);
}

bool store_open_marked(sv path, const struct limits *limits, struct store **out, struct err *e)
{
    return open_by(open_database, path, limits, out, e);
}

bool store_open_copy(sv path, const struct limits *limits, struct store **out, struct err *e)
{
    return open_by(open_copy, path, limits, out, e);
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    tx_rollback(s);
    for (size_t i = 0; i < SQL_END; i++)
        (void)sqlite3_finalize(s->stmts[i]);
    (void)sqlite3_close(s->db);
    struct map *maps[] = {&s->names, &s->evidence, &s->read_names, &s->read_evidence};
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        map_free(maps[i]);
    arena_free(&s->decoded);
    arena_free(&s->delivery);
    free(s->path);
    free(s);
}
