#include "config_files.h"

#include "say.h"
#include "store/config_files.h"
#include "store/runs.h"

static sv streak_name(struct run *r, const struct config_file *f)
{
    return arena_printf(&r->arena, "config:%.*s", SV_ARG(f->path));
}

static bool say_failed(struct run *r, const struct config_file *f, struct err *e)
{
    const struct config_errors *errors = &r->loaded.errors;
    struct store_streak streak;
    if (!store_streak_failed(r->store, r->id, streak_name(r, f), r->started, SV("it has errors"), &streak, e))
        return false;
    if (streak.runs > 1 && !say_wanted(SAY_VERBOSE))
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
