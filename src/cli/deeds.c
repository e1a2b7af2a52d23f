#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/num.h"
#include "deeds.h"
#include "say.h"

#define DEEDS_MEMORY MIB(256)

struct visit {
    const struct deed_table *table;
    struct common common;
    const char *path;
    unsigned given; /* options, 1 << id each */
    struct deeds deeds;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct visit *v = ctx;
    v->given |= 1U << id;
    if (id == OPT_CONFIG)
        v->path = value;
    else if (id == OPT_ALL)
        v->deeds.all = true;
    else
        return v->table->option(v->deeds.own, id, value, e);
    return true;
}

static bool knows(const struct deed *d, int id)
{
    return id == OPT_CONFIG || (id == OPT_ALL ? d->all != ALL_UNKNOWN : d->knows >> id & 1);
}

/* "list, retry or drop": those that know the option, 0 for all. */
static void put_names(const struct deed_table *t, int id, buf *out)
{
    const struct deed *those[8];
    size_t n = 0;
    for (size_t i = 0; i < t->n && n < COUNT_OF(those); i++)
        if (id == 0 || knows(&t->deeds[i], id))
            those[n++] = &t->deeds[i];
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", those[i]->name);
}

static const struct deed *find_deed(const struct deed_table *t, const char *name, struct err *e)
{
    struct nearest near;
    nearest_start(&near, sv_c(name));
    for (size_t i = 0; i < t->n; i++) {
        if (name && strcmp(t->deeds[i].name, name) == 0)
            return &t->deeds[i];
        nearest_offer(&near, sv_c(t->deeds[i].name));
    }
    buf names CLEANUP(buf_free);
    buf_init(&names, KIB(1));
    put_names(t, 0, &names);
    sv best = nearest_best(&near);
    if (name == NULL)
        (void)err_set(e, ERR_USAGE, "write what to do: %.*s", SV_ARG(buf_view(&names)));
    else
        (void)err_set(e, ERR_USAGE, "there is no '%s'%s%.*s%s; write %.*s", name,
                      best.n ? " (did you mean '" : "", SV_ARG(best), best.n ? "'?)" : "",
                      SV_ARG(buf_view(&names)));
    return NULL;
}

static bool check_options(const struct visit *v, const struct deed *d, struct err *e)
{
    for (const struct opt *o = v->table->command->opts; o->id; o++) {
        if (!(v->given >> o->id & 1) || knows(d, o->id))
            continue;
        buf names CLEANUP(buf_free);
        buf_init(&names, KIB(1));
        put_names(v->table, o->id, &names);
        return err_set(e, ERR_USAGE, "--%s goes with %.*s", o->name, SV_ARG(buf_view(&names)));
    }
    return true;
}

static bool check_operands(const struct visit *v, const struct deed *d, struct err *e)
{
    int n = v->deeds.n_operands;
    if (d->all == ALL_FOR_IDS && (n == 0) != v->deeds.all)
        return err_set(e, ERR_USAGE, "%s takes IDs, or --all in their place", d->name);
    if (n >= d->least && (d->most < 0 || n <= d->most))
        return true;
    return d->most == 0 ? err_set(e, ERR_USAGE, "%s takes no ID", d->name)
                        : err_set(e, ERR_USAGE, "%s takes %s; '%s list' shows them", d->name,
                                  d->most == 1 ? "one ID" : "IDs", v->table->command->name);
}

static int run(struct visit *v, const struct deed *d)
{
    struct deeds *s = &v->deeds;
    struct err e = {0};
    bool ok = load_config(&v->common, v->path, &s->arena, &s->config, &e);
    if (ok && v->table->makes_store)
        ok = store_open(s->config.state_path, &s->config.limits, &s->store, &e);
    else if (ok)
        ok = open_known_store(&s->config, &s->arena, &s->store, &e);
    ok = ok && d->run(s, &e);
    store_close(s->store);
    return ok ? 0 : say_err(&e);
}

int deeds_main(const struct deed_table *t, void *own, int argc, char **argv)
{
    struct visit v = {.table = t, .path = CONFIG_PATH, .deeds.own = own};
    struct opts o;
    struct err e;
    opts_start(&o, t->command, argc, argv);
    if (!common_parse(&v.common, t->command, &o, take_option, &v, &e))
        return common_give_up(&v.common, t->command, &e);
    const struct deed *d = find_deed(t, o.n_operands ? o.operands[0] : NULL, &e);
    v.deeds.operands = o.operands + 1;
    v.deeds.n_operands = o.n_operands - 1;
    if (d == NULL || !check_options(&v, d, &e) || !check_operands(&v, d, &e))
        return common_give_up(&v.common, t->command, &e);
    arena_init(&v.deeds.arena, DEEDS_MEMORY);
    int code = run(&v, d);
    arena_free(&v.deeds.arena);
    return code;
}

bool deeds_id(const struct deed_table *t, const char *text, int64_t *id, struct err *e)
{
    uint64_t n;
    if (!num_u64(sv_c(text[0] == '#' ? text + 1 : text), INT64_MAX, &n) || n == 0)
        return err_set(e, ERR_USAGE, "'%s' is no ID; '%s list' shows them", text, t->command->name);
    *id = (int64_t)n;
    return true;
}

sv deeds_login(arena *a)
{
    const char *sudo = getenv("SUDO_USER");
    const struct passwd *p = getpwuid(getuid());
    return arena_sv(a, sv_c(sudo && sudo[0] ? sudo : p ? p->pw_name : "somebody"));
}
