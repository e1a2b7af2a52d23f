#include "config_files.h"

#include <string.h>

#include "base/sha256.h"
#include "say.h"
#include "store/config_files.h"
#include "store/runs.h"

static sv streak_name(struct run *r, const struct config_file *f)
{
    return arena_printf(&r->arena, "config:%.*s", SV_ARG(f->path));
}

static void add(struct sha256 *h, const struct config_error *c)
{
    const unsigned place[] = {c->line, c->column};
    sha256_add(h, place, sizeof place);
    sha256_add(h, c->text, strlen(c->text) + 1);
}

/* Tells the errors of a file from others that it had: what is new is said, what lasts is not. The database
 * gets no words of the file. */
static bool error_mark(struct run *r, const struct config_file *f, sv *out, struct err *e)
{
    const struct config_errors *errors = &r->loaded.errors;
    struct sha256 h;
    uint8_t digest[SHA256_SIZE] = {0};
    char hex[2 * SHA256_SIZE + 1];
    bool ok = sha256_start(&h);
    for (size_t i = 0; ok && i < errors->n; i++)
        if (sv_eq(errors->list[i].file, f->path))
            add(&h, &errors->list[i]);
    if (!ok || !sha256_end(&h, digest))
        return err_set(e, ERR_MEMORY, "%.*s: out of memory over its errors", SV_ARG(f->path));
    hex_of(digest, sizeof digest, hex);
    *out = arena_printf(&r->arena, "it has errors (%s)", hex);
    return true;
}

static bool say_failed(struct run *r, const struct config_file *f, struct err *e)
{
    const struct config_errors *errors = &r->loaded.errors;
    struct store_streak streak;
    sv mark;
    if (!error_mark(r, f, &mark, e) ||
        !store_streak_failed(r->store, r->id, streak_name(r, f), r->started, mark, &streak, e))
        return false;
    if (streak.same_error && !say_wanted(SAY_VERBOSE))
        return true;
    for (size_t i = 0; i < errors->n; i++)
        if (sv_eq(errors->list[i].file, f->path))
            load_config_say(&errors->list[i]);
    say(SAY_ERROR, "%.*s: has errors; %s", SV_ARG(f->path),
        f->last_good ? "what it last held without them stays in force" : "it is left out");
    return true;
}

static bool keep(struct run *r, const struct config_file *f, struct err *e)
{
    sv known, text = f->holds_secret ? SV_ABSENT : f->text;
    if (!store_streak_ended(r->store, streak_name(r, f), e) ||
        !store_config_file(r->store, f->path, &r->arena, &known, e))
        return false;
    bool same = known.p && text.p ? sv_eq(known, text) : known.p == text.p;
    return same || store_keep_config_file(r->store, f->path, text, e);
}

bool config_files_settle(struct run *r, struct err *e)
{
    for (size_t i = 0; i < r->loaded.extra.n_files; i++) {
        const struct config_file *f = &r->loaded.extra.files[i];
        if (!(f->failed ? say_failed(r, f, e) : keep(r, f, e)))
            return false;
    }
    return true;
}
