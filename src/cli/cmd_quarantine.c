/* dmarcwarn quarantine: mails that could not be read are looked at, read again, forgotten. */
#include <stdio.h>

#include "base/nearest.h"
#include "base/num.h"
#include "command_lock.h"
#include "quarantine.h"
#include "say.h"

enum { OPT_CONFIG = 1, OPT_RAW, OPT_ALL };

#define QUARANTINE_MEMORY MIB(256)

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {OPT_RAW, 0, "raw", NULL, "with show: the mail's octets exactly, and nothing else"},
    {OPT_ALL, 0, "all", NULL, "with drop: all mails"},
    {0, 0, NULL, NULL, NULL},
};

static int quarantine_main(int argc, char **argv);

const struct command cmd_quarantine = {
    .name = "quarantine",
    .args = "list | show ID | retry [ID…] | drop ID…",
    .summary = "Look at mails that could not be read, read them again, or forget them",
    .opts = options,
    .details =
        "retry is for after an upgrade: it reads the mails again (all of them unless IDs are given), and\n"
        "the reports in them count as if they had come now. The next run judges them.\n\n"
        "Exit status: 0 done; 75 another run is at work; 64 wrong usage; 65 no copy to show; 73, 74 the\n"
        "state folder or disk; 78 the configuration is wrong.\n",
    .run = quarantine_main,
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct quarantine *q = ctx;
    (void)e;
    if (id == OPT_CONFIG)
        q->path = value;
    else if (id == OPT_RAW)
        q->raw = true;
    else
        q->all = true;
    return true;
}

static bool list(struct quarantine *q, struct err *e)
{
    (void)e;
    quarantine_print_list(q);
    return true;
}

static bool show(struct quarantine *q, struct err *e)
{
    return quarantine_print_mail(q, &q->mails[0], e);
}

static bool drop(struct quarantine *q, struct err *e)
{
    for (size_t i = 0; i < q->n; i++) {
        bool known;
        if (!store_quarantine_drop(q->store, q->mails[i].id, &known, e))
            return false;
    }
    say(SAY_NEWS, "%zu dropped", q->n);
    return true;
}

static bool retry(struct quarantine *q, struct err *e)
{
    struct store_lock lock;
    if (!command_lock(q->config.state_path, &lock, e))
        return false;
    bool ok = quarantine_retry(q, e);
    store_unlock(&lock);
    return ok;
}

struct deed {
    const char *name;
    bool (*run)(struct quarantine *q, struct err *e);
    int ids_min, ids_max; /* -1: any number; without any, all mails are meant */
    bool raw;             /* --raw is known */
};

static const struct deed deeds[] = {
    {"list", list, 0, 0, false},
    {"show", show, 1, 1, true},
    {"retry", retry, 0, -1, false},
    {"drop", drop, 0, -1, false},
};

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
    (void)err_set(e, ERR_USAGE, "quarantine cannot '%s'%s%.*s%s; write list, show, retry or drop", name,
                  best.n ? ", did you mean '" : "", SV_ARG(best), best.n ? "'?" : "");
    return NULL;
}

static bool check_usage(const struct quarantine *q, const struct deed *d, int n_ids, struct err *e)
{
    if (n_ids < d->ids_min || (d->ids_max >= 0 && n_ids > d->ids_max))
        return err_set(e, ERR_USAGE,
                       d->ids_max == 1 ? "quarantine %s takes one ID; 'quarantine list' shows them"
                                       : "quarantine %s takes no ID",
                       d->name);
    if (q->raw && !d->raw)
        return err_set(e, ERR_USAGE, "--raw goes with show");
    if (q->all && (d->run != drop || n_ids))
        return err_set(e, ERR_USAGE, "--all goes with drop, in place of IDs");
    if (d->run == drop && n_ids == 0 && !q->all)
        return err_set(e, ERR_USAGE, "quarantine drop takes IDs, or --all");
    return true;
}

static bool find_mails(struct quarantine *q, char **ids, int n, struct err *e)
{
    struct store_quarantined *one;
    size_t found;
    if (n == 0)
        return store_quarantine(q->store, 0, &q->arena, &q->mails, &q->n, e);
    q->mails = arena_array(&q->arena, (size_t)n, sizeof *q->mails);
    if (q->mails == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    for (int i = 0; i < n; i++) {
        uint64_t id;
        if (!num_u64(sv_c(ids[i]), INT64_MAX, &id) || id == 0)
            return err_set(e, ERR_USAGE, "'%s' is no ID; 'quarantine list' shows them", ids[i]);
        if (!store_quarantine(q->store, (int64_t)id, &q->arena, &one, &found, e))
            return false;
        if (found == 0)
            return err_set(e, ERR_USAGE, "no mail %s is in quarantine; 'quarantine list' shows them", ids[i]);
        q->mails[q->n++] = *one;
    }
    return true;
}

static int run(struct quarantine *q, const struct deed *d, char **ids, int n)
{
    struct err e = {0};
    bool ok = load_config(&q->common, q->path, &q->arena, &q->config, &e) &&
              open_known_store(&q->config, &q->arena, &q->store, &e) && find_mails(q, ids, n, &e) &&
              d->run(q, &e);
    store_close(q->store);
    return ok ? 0 : say_err(&e);
}

static int quarantine_main(int argc, char **argv)
{
    struct quarantine q = {.path = CONFIG_PATH};
    struct opts o;
    struct err e;
    opts_start(&o, &cmd_quarantine, argc, argv);
    if (!common_parse(&q.common, &cmd_quarantine, &o, take_option, &q, &e))
        return common_give_up(&q.common, &cmd_quarantine, &e);
    const struct deed *d = NULL;
    if (o.n_operands == 0)
        (void)err_set(&e, ERR_USAGE, "write what to do: list, show, retry or drop");
    else
        d = find_deed(o.operands[0], &e);
    if (d == NULL || !check_usage(&q, d, o.n_operands - 1, &e))
        return common_give_up(&q.common, &cmd_quarantine, &e);
    arena_init(&q.arena, QUARANTINE_MEMORY);
    int code = run(&q, d, o.operands + 1, o.n_operands - 1);
    arena_free(&q.arena);
    return code;
}
