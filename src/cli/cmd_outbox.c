/* dmarcwarn outbox: notices that wait for their channels or were given up are looked at, sent after all,
 * forgotten. */
#include <stdio.h>

#include "base/clock.h"
#include "deeds.h"
#include "say.h"
#include "store/outbox.h"
#include "text/escape.h"

static const struct opt options[] = {
    DEEDS_CONFIG,
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
        "channel has asked for, nor in quiet hours. --all stands for all that was given up.\n\n"
        "Exit status: 0 done; 64 wrong usage, 65 no database, 74 the disk; 78 the configuration is wrong.\n",
    .run = outbox_main,
};

static bool list(struct deeds *d, struct err *e);
static bool retry(struct deeds *d, struct err *e);
static bool drop(struct deeds *d, struct err *e);

static const struct deed deeds[] = {{"list", list, 0, 0, ALL_UNKNOWN, 0},
                                    {"retry", retry, 0, -1, ALL_FOR_IDS, 0},
                                    {"drop", drop, 0, -1, ALL_FOR_IDS, 0}};

static const struct deed_table table = {.command = &cmd_outbox, .deeds = deeds, .n = COUNT_OF(deeds)};

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

static bool list(struct deeds *d, struct err *e)
{
    struct store_outbox_row *rows;
    size_t n;
    if (!store_outbox_list(d->store, 0, &d->arena, &rows, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        print_row(&rows[i]);
    return true;
}

/* Those that were named; of --all, those that were given up. */
static bool find_rows(struct deeds *d, struct store_outbox_row **rows, size_t *n, struct err *e)
{
    size_t found;
    if (d->all)
        return store_outbox_list(d->store, 0, &d->arena, rows, n, e);
    *n = 0;
    *rows = arena_array(&d->arena, (size_t)d->n_operands, sizeof **rows);
    for (int i = 0; *rows && i < d->n_operands; i++) {
        struct store_outbox_row *one;
        int64_t id;
        if (!deeds_id(&table, d->operands[i], &id, e) ||
            !store_outbox_list(d->store, id, &d->arena, &one, &found, e))
            return false;
        if (found == 0)
            return err_set(e, ERR_USAGE, "no notice %s waits or was given up; 'outbox list' shows them",
                           d->operands[i]);
        (*rows)[(*n)++] = *one;
    }
    return *rows || err_set(e, ERR_MEMORY, "out of memory");
}

static bool change(struct deeds *d, bool (*one)(struct store *s, int64_t id, struct err *e), const char *done,
                   struct err *e)
{
    struct store_outbox_row *rows;
    size_t n, changed = 0;
    if (!find_rows(d, &rows, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (d->all && rows[i].state != STORE_DEAD)
            continue;
        if (!one(d->store, rows[i].id, e))
            return false;
        changed++;
    }
    say(SAY_NEWS, "%zu %s", changed, done);
    return true;
}

static bool retry(struct deeds *d, struct err *e)
{
    return change(d, store_outbox_revive, "will be sent by the next run", e);
}

static bool drop(struct deeds *d, struct err *e)
{
    return change(d, store_outbox_drop, "dropped", e);
}

static int outbox_main(int argc, char **argv)
{
    return deeds_main(&table, NULL, argc, argv);
}
