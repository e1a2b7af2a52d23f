/* dmarcwarn outbox: notices that wait for their channels or were given up are looked at, sent after all,
 * forgotten. */
#include <stdio.h>

#include "base/clock.h"
#include "base/nearest.h"
#include "base/num.h"
#include "load_config.h"
#include "say.h"
#include "store/outbox.h"
#include "text/escape.h"

enum { OPT_CONFIG = 1, OPT_ALL };

#define OUTBOX_MEMORY MIB(64)

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {OPT_ALL, 0, "all", NULL, "with retry and drop: all that was given up"},
    {0, 0, NULL, NULL, NULL},
};

static int outbox_main(int argc, char **argv);

const struct command cmd_outbox = {
    .name = "outbox",
    .args = "list | retry ID… | drop ID…",
    .summary = "Look at notices that wait or were given up, send them after all, or forget them",
    .opts = options,
    .details =
        "retry makes them due at the next run, whatever they waited for, but not before a time that their\n"
        "channel has asked for. --all stands for all that was given up.\n\n"
        "Exit status: 0 done; 64 wrong usage, 65 no database, 74 the disk; 78 the configuration is wrong.\n",
    .run = outbox_main,
};

struct outbox {
    struct common common;
    const char *path;
    bool all;
    arena arena;
    struct config config;
    struct store *store;
    struct store_outbox_row *rows; /* those that were named, or all */
    size_t n;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct outbox *o = ctx;
    (void)e;
    if (id == OPT_CONFIG)
        o->path = value;
    else
        o->all = true;
    return true;
}

static const char *const states[] = {
    [STORE_WAITING] = "waiting", [STORE_SENDING] = "sending", [STORE_DEAD] = "given up"};

/* "#12 given up, slack: warning example.com of 2026-11-24T02:24Z, 9 tries: why" */
static void print_row(const struct store_outbox_row *row)
{
    char time[CLOCK_TEXT];
    buf line;
    buf_init(&line, KIB(64));
    buf_printf(&line, "#%lld %s, ", (long long)row->id, states[row->state]);
    text_terminal(&line, row->channel);
    buf_puts(&line, ": ");
    text_terminal(&line, row->severity);
    buf_char(&line, ' ');
    text_terminal(&line, row->domain.n ? row->domain : SV("many domains"));
    buf_printf(&line, " of %.16sZ, %u %s", clock_iso(row->created, time), (unsigned)row->attempts,
               row->attempts == 1 ? "try" : "tries");
    if (row->state == STORE_WAITING && row->not_before > clock_now())
        buf_printf(&line, ", not before %.16sZ", clock_iso(row->not_before, time));
    if (row->error.n) {
        buf_puts(&line, ": ");
        text_terminal(&line, row->error);
    }
    (void)printf("%.*s\n", (int)line.n, line.p ? line.p : "");
    buf_free(&line);
}

static bool list(struct outbox *o, struct err *e)
{
    (void)e;
    for (size_t i = 0; i < o->n; i++)
        print_row(&o->rows[i]);
    return true;
}

/* Of --all those that were given up. */
static bool change(struct outbox *o, bool (*one)(struct store *s, int64_t id, struct err *e),
                   const char *done, struct err *e)
{
    size_t changed = 0;
    for (size_t i = 0; i < o->n; i++) {
        if (o->all && o->rows[i].state != STORE_DEAD)
            continue;
        if (!one(o->store, o->rows[i].id, e))
            return false;
        changed++;
    }
    say(SAY_NEWS, "%zu %s", changed, done);
    return true;
}

static bool retry(struct outbox *o, struct err *e)
{
    return change(o, store_outbox_revive, "will be sent by the next run", e);
}

static bool drop(struct outbox *o, struct err *e)
{
    return change(o, store_outbox_drop, "dropped", e);
}

static const struct deed {
    const char *name;
    bool (*run)(struct outbox *o, struct err *e);
    bool ids;
} deeds[] = {{"list", list, false}, {"retry", retry, true}, {"drop", drop, true}};

static const struct deed *find_deed(const char *name, struct err *e)
{
    struct nearest near;
    nearest_start(&near, sv_c(name));
    for (size_t i = 0; i < COUNT_OF(deeds); i++) {
        if (strcmp(deeds[i].name, name) == 0)
            return &deeds[i];
        nearest_offer(&near, sv_c(deeds[i].name));
    }
    sv best = nearest_best(&near);
    (void)err_set(e, ERR_USAGE, "outbox cannot '%s'%s%.*s%s; write list, retry or drop", name,
                  best.n ? ", did you mean '" : "", SV_ARG(best), best.n ? "'?" : "");
    return NULL;
}

static bool check_usage(const struct outbox *o, const struct deed *d, int n_ids, struct err *e)
{
    if (!d->ids && (n_ids || o->all))
        return err_set(e, ERR_USAGE, "outbox list takes no ID");
    if (d->ids && (n_ids == 0) != o->all)
        return err_set(e, ERR_USAGE, "outbox %s takes IDs, or --all in their place", d->name);
    return true;
}

static bool find_rows(struct outbox *o, char **ids, int n, struct err *e)
{
    if (n == 0)
        return store_outbox_list(o->store, 0, &o->arena, &o->rows, &o->n, e);
    o->rows = arena_array(&o->arena, (size_t)n, sizeof *o->rows);
    for (int i = 0; o->rows && i < n; i++) {
        const char *text = ids[i][0] == '#' ? ids[i] + 1 : ids[i];
        struct store_outbox_row *one;
        uint64_t id;
        size_t found;
        if (!num_u64(sv_c(text), INT64_MAX, &id) || id == 0)
            return err_set(e, ERR_USAGE, "'%s' is no ID; 'outbox list' shows them", ids[i]);
        if (!store_outbox_list(o->store, (int64_t)id, &o->arena, &one, &found, e))
            return false;
        if (found == 0)
            return err_set(e, ERR_USAGE, "no notice %s waits or was given up; 'outbox list' shows them",
                           ids[i]);
        o->rows[o->n++] = *one;
    }
    return o->rows || err_set(e, ERR_MEMORY, "out of memory");
}

static int run(struct outbox *o, const struct deed *d, char **ids, int n)
{
    struct err e = {0};
    bool ok = load_config(&o->common, o->path, &o->arena, &o->config, &e) &&
              open_known_store(&o->config, &o->arena, &o->store, &e) && find_rows(o, ids, n, &e) &&
              d->run(o, &e);
    store_close(o->store);
    return ok ? 0 : say_err(&e);
}

static int outbox_main(int argc, char **argv)
{
    struct outbox o = {.path = CONFIG_PATH};
    struct opts opts;
    struct err e;
    opts_start(&opts, &cmd_outbox, argc, argv);
    if (!common_parse(&o.common, &cmd_outbox, &opts, take_option, &o, &e))
        return common_give_up(&o.common, &cmd_outbox, &e);
    const struct deed *d = NULL;
    if (opts.n_operands == 0)
        (void)err_set(&e, ERR_USAGE, "write what to do: list, retry or drop");
    else
        d = find_deed(opts.operands[0], &e);
    if (d == NULL || !check_usage(&o, d, opts.n_operands - 1, &e))
        return common_give_up(&o.common, &cmd_outbox, &e);
    arena_init(&o.arena, OUTBOX_MEMORY);
    int code = run(&o, d, opts.operands + 1, opts.n_operands - 1);
    arena_free(&o.arena);
    return code;
}
