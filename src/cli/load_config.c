#include "load_config.h"

#include <stdio.h>
#include <unistd.h>

#include "say.h"
#include "store/config_files.h"
#include "text/escape.h"

void load_config_say(const struct config_error *error)
{
    buf raw, line;
    buf_init(&raw, MIB(1));
    buf_init(&line, MIB(4));
    config_error_print(error, &raw);
    text_log(&line, sv_trim(buf_view(&raw)));
    (void)fprintf(stderr, "%.*s\n", (int)line.n, line.p ? line.p : "");
    buf_free(&raw);
    buf_free(&line);
}

void load_config_say_all(const struct config_errors *errors)
{
    for (size_t i = 0; i < errors->n; i++)
        load_config_say(&errors->list[i]);
    if (errors->more)
        say(SAY_ERROR, "and %zu more errors in the configuration", errors->more);
}

/* The database, opened when an included file is first asked for. */
struct memory {
    const struct limits *limits;
    struct store *store;
    bool tried;
};

static bool recall(void *ctx, sv state_path, sv path, arena *a, sv *text)
{
    struct memory *m = ctx;
    struct err e; /* a database that cannot be used is said when it is needed */
    if (!m->tried && access(state_path.p, F_OK) == 0 && !store_open(state_path, m->limits, &m->store, &e))
        m->store = NULL;
    m->tried = true;
    return m->store && store_config_file(m->store, path, a, text, &e) && text->p;
}

bool load_config_more(const struct common *c, const char *path, arena *a, struct config *out,
                      struct loaded *l, struct err *e)
{
    struct memory memory = {.limits = &c->limits};
    *l = (struct loaded){.extra = {.recall = recall, .ctx = &memory}};
    out->limits = c->limits;
    bool ok = config_load_more(path, a, out, &l->errors, &l->extra);
    store_close(memory.store);
    if (!ok) {
        load_config_say_all(&l->errors);
        return err_set(e, ERR_CONFIG, "%s", "");
    }
    return common_move_limits(c, &out->limits, e);
}

bool load_config(const struct common *c, const char *path, arena *a, struct config *out, struct err *e)
{
    struct loaded l;
    if (!load_config_more(c, path, a, out, &l, e))
        return false;
    load_config_say_all(&l.errors);
    return true;
}

bool open_known_store(const struct config *c, arena *a, struct store **out, struct err *e)
{
    const char *path = arena_cstr(a, c->state_path);
    if (path && access(path, F_OK) != 0)
        return err_set(e, ERR_INPUT, "%s: no such database; nothing has run yet", path);
    return store_open(c->state_path, &c->limits, out, e);
}
