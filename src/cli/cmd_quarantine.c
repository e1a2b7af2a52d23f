/* dmarcwarn quarantine: mails that could not be read are looked at, read again, forgotten. */
#include <stdio.h>

#include "command_lock.h"
#include "quarantine.h"
#include "say.h"

enum { OPT_RAW = OPT_OWN };

static const struct opt options[] = {
    DEEDS_CONFIG,
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

static bool list(struct deeds *d, struct err *e);
static bool show(struct deeds *d, struct err *e);
static bool retry(struct deeds *d, struct err *e);
static bool drop(struct deeds *d, struct err *e);

static bool take_option(void *own, int id, const char *value, struct err *e)
{
    struct quarantine *q = own;
    (void)value;
    (void)e;
    q->raw = q->raw || id == OPT_RAW;
    return true;
}

static const struct deed deeds[] = {{"list", list, 0, 0, ALL_UNKNOWN, 0},
                                    {"show", show, 1, 1, ALL_UNKNOWN, 1 << OPT_RAW},
                                    {"retry", retry, 0, -1, ALL_UNKNOWN, 0},
                                    {"drop", drop, 0, -1, ALL_FOR_IDS, 0}};

static const struct deed_table table = {
    .command = &cmd_quarantine, .deeds = deeds, .n = COUNT_OF(deeds), .option = take_option};

/* Those that were named, or all. */
static bool find_mails(struct deeds *d, struct err *e)
{
    struct quarantine *q = d->own;
    struct store_quarantined *one;
    size_t found;
    q->d = d;
    if (d->n_operands == 0)
        return store_quarantine(d->store, 0, &d->arena, &q->mails, &q->n, e);
    q->mails = arena_array(&d->arena, (size_t)d->n_operands, sizeof *q->mails);
    for (int i = 0; q->mails && i < d->n_operands; i++) {
        int64_t id;
        if (!deeds_id(&table, d->operands[i], &id, e) ||
            !store_quarantine(d->store, id, &d->arena, &one, &found, e))
            return false;
        if (found == 0)
            return err_set(e, ERR_USAGE, "no mail %s is in quarantine; 'quarantine list' shows them",
                           d->operands[i]);
        q->mails[q->n++] = *one;
    }
    return q->mails || err_set(e, ERR_MEMORY, "out of memory");
}

static bool list(struct deeds *d, struct err *e)
{
    if (!find_mails(d, e))
        return false;
    quarantine_print_list(d->own);
    return true;
}

static bool show(struct deeds *d, struct err *e)
{
    struct quarantine *q = d->own;
    return find_mails(d, e) && quarantine_print_mail(q, &q->mails[0], e);
}

static bool drop(struct deeds *d, struct err *e)
{
    struct quarantine *q = d->own;
    if (!find_mails(d, e))
        return false;
    for (size_t i = 0; i < q->n; i++) {
        bool known;
        if (!store_quarantine_drop(d->store, q->mails[i].id, &known, e))
            return false;
    }
    say(SAY_NEWS, "%zu dropped", q->n);
    return true;
}

static bool retry(struct deeds *d, struct err *e)
{
    struct store_lock lock;
    if (!find_mails(d, e) || !command_lock(d->config.state_path, &lock, e))
        return false;
    bool ok = quarantine_retry(d->own, e);
    store_unlock(&lock);
    return ok;
}

static int quarantine_main(int argc, char **argv)
{
    struct quarantine own = {0};
    return deeds_main(&table, &own, argc, argv);
}
