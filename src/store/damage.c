#include "store/damage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/file.h"
#include "damage.h"
#include "db.h"
#include "folder.h"

enum { NAMES = 16 * 1024 };

/* The paths of one going aside. The mark is a file beside the database: of one byte or more it holds the name
 * that the damaged file gets, so that whoever goes on knows what was done. */
struct aside {
    arena a;
    const char *path, *mark, *journal;
    const char *to; /* NULL: not decided yet */
};

static bool no_memory(struct err *e)
{
    return err_set(e, ERR_MEMORY, "out of memory");
}

static bool aside_start(struct aside *p, sv path, struct err *e)
{
    *p = (struct aside){.to = NULL};
    arena_init(&p->a, NAMES);
    p->path = arena_cstr(&p->a, path);
    p->mark = arena_cstr(&p->a, arena_printf(&p->a, "%.*s.damaged", SV_ARG(path)));
    p->journal = arena_cstr(&p->a, arena_printf(&p->a, "%.*s-journal", SV_ARG(path)));
    return (p->path && p->mark && p->journal) || no_memory(e);
}

static bool put_mark(const struct aside *p, sv to, struct err *e)
{
    return file_write_atomic(p->mark, to, 0600, e);
}

bool damage_is_marked(const char *path)
{
    struct aside p;
    struct err e;
    bool marked = aside_start(&p, sv_c(path), &e) && access(p.mark, F_OK) == 0;
    arena_free(&p.a);
    return marked;
}

bool store_mark_damaged(sv path, struct err *e)
{
    struct aside p;
    bool ok = aside_start(&p, path, e) && put_mark(&p, SV(""), e);
    arena_free(&p.a);
    return ok;
}

/* What a run before this one had decided. */
static bool read_mark(struct aside *p, struct err *e)
{
    buf name CLEANUP(buf_free);
    buf_init(&name, NAMES / 4);
    if (access(p->mark, F_OK) != 0)
        return true;
    if (!file_read(p->mark, &name, e))
        return false;
    if (name.n > 0)
        p->to = arena_cstr(&p->a, buf_view(&name));
    return name.n == 0 || p->to || no_memory(e);
}

/* A path that was named by mistake is somebody's file, which is not ours to move: ours are their owner's
 * alone. */
static bool check_ours(const struct aside *p, struct err *e)
{
    struct stat st;
    if (lstat(p->path, &st) != 0)
        return folder_err(p->path, "the damaged database cannot be put aside", errno, e);
    if (S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0)
        return true;
    return err_set(
        e, ERR_DAMAGED,
        "%s: is damaged, or no database of this program: its file would be its owner's alone; move it "
        "away, or give `state` another path",
        p->path);
}

static bool choose(struct aside *p, int64_t now, struct err *e)
{
    struct civil day = civil_of(now);
    p->to = arena_cstr(&p->a, arena_printf(&p->a, "%s.damaged-%04lld-%02d-%02d", p->path, (long long)day.year,
                                           day.month, day.day));
    if (p->to == NULL)
        return no_memory(e);
    if (access(p->to, F_OK) == 0)
        return err_set(
            e, ERR_DAMAGED,
            "%s: the database is damaged again, on the day on which it was begun anew: look at the disk, "
            "and move %s away",
            p->path, p->to);
    return check_ours(p, e) && put_mark(p, sv_c(p->to), e);
}

static bool move(const char *from, const char *to, struct err *e)
{
    return rename(from, to) == 0 || errno == ENOENT ||
           folder_err(from, "the damaged database cannot be put aside", errno, e);
}

/* The journal first: beside a new database it would be taken for its own. */
static bool move_files(struct aside *p, struct err *e)
{
    if (access(p->to, F_OK) == 0)
        return true;
    const char *journal = arena_cstr(&p->a, arena_printf(&p->a, "%s-journal", p->to));
    if (journal == NULL)
        return no_memory(e);
    return move(p->journal, journal, e) && move(p->path, p->to, e);
}

static bool note(struct store *s, const char *key, sv text, int64_t number, struct err *e)
{
    struct query q = query_start(s, SQL_meta_put);
    bind_text(&q, sv_c(key));
    text.p ? bind_text(&q, text) : bind_int(&q, number);
    return query_run(&q, e);
}

static bool note_anew(struct store *s, const struct aside *p, int64_t now, struct err *e)
{
    return tx_begin(s, TX_SHORT, e) && note(s, "begun_anew", SV_ABSENT, now, e) &&
           note(s, "aside", sv_c(p->to), 0, e) && tx_commit(s, e);
}

static bool begin_anew(struct aside *p, const struct limits *limits, int64_t now, struct store **out,
                       struct err *e)
{
    if (!read_mark(p, e) || (p->to == NULL && !choose(p, now, e)) || !move_files(p, e) ||
        !store_open_marked(sv_c(p->path), limits, out, e))
        return false;
    if (note_anew(*out, p, now, e) &&
        (unlink(p->mark) == 0 || folder_err(p->mark, "cannot be removed", errno, e)))
        return true;
    store_close(*out);
    *out = NULL;
    return false;
}

bool store_begin_anew(sv path, const struct limits *limits, int64_t now, struct store **out, struct err *e)
{
    struct aside p;
    bool ok = aside_start(&p, path, e) && begin_anew(&p, limits, now, out, e);
    arena_free(&p.a);
    return ok;
}

bool store_begun_anew(struct store *s, arena *a, int64_t *at, sv *aside, struct err *e)
{
    bool found;
    struct query q = query_start(s, SQL_meta_get);
    bind_text(&q, SV("begun_anew"));
    *aside = SV_ABSENT;
    if (!query_int(&q, at, &found, e) || !found)
        return !found && e->cls == ERR_NONE;
    q = query_start(s, SQL_meta_get);
    bind_text(&q, SV("aside"));
    if (query_row(&q))
        *aside = arena_sv(a, col_text(&q, 0));
    return query_end(&q, e);
}
