/* dmarcwarn alerts: the incidents as they stand. */
#include <stdio.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "deeds.h"
#include "store/silences.h"
#include "text/escape.h"

enum { PREFIX_LEAST = 4, SHORT_ID = 8 };

static const struct opt options[] = {
    DEEDS_CONFIG,
    {OPT_ALL, 0, "all", NULL, "with list: also those that are over"},
    {0, 0, NULL, NULL, NULL},
};

static int alerts_main(int argc, char **argv);

const struct command cmd_alerts = {
    .name = "alerts",
    .args = "list | show ID | ack ID…",
    .summary = "Look at incidents, and say that somebody knows of them",
    .opts = options,
    .details =
        "The first 4 digits of an ID are enough where they are one incident's. One that is acknowledged is "
        "not\n"
        "told again while it only goes on; it is when it grows worse, and when it is over.\n\n"
        "Exit status: 0 done; 64 wrong usage; 65 there is no such incident, or no database; 73, 74 the state "
        "folder or\n"
        "disk; 78 the configuration is wrong.\n",
    .run = alerts_main,
};

static void put_line(buf *out, const struct incident *i)
{
    char id[INCIDENT_ID_TEXT], day[CLOCK_TEXT];
    hex_of(i->id, INCIDENT_ID, id);
    buf_printf(out, "%.*s  %-8s  %-8s  %s  %s  ", SHORT_ID, id, severity_name(i->severity),
               i->state == INCIDENT_firing && i->acked_at ? "acked" : incident_state_name(i->state),
               clock_date(i->last_day * DAY_SECONDS, day), rule_name(i->rule));
    text_terminal(out, i->domain);
    if (i->subject.n && !sv_eq(i->subject, i->domain)) {
        buf_puts(out, "  ");
        text_terminal(out, i->subject);
    }
    buf_char(out, '\n');
}

static bool print(const buf *out, struct err *e)
{
    if (out->n)
        (void)fwrite(out->p, 1, out->n, stdout);
    return !out->failed || err_set(e, ERR_MEMORY, "out of memory");
}

static bool list(struct deeds *d, struct err *e)
{
    struct incident *all;
    size_t n;
    buf out CLEANUP(buf_free);
    buf_init(&out, MIB(256));
    if (!store_incidents(d->store, d->all, &d->arena, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        put_line(&out, &all[i]);
    return print(&out, e);
}

/* The one whose ID begins so. */
static const struct incident *find(const struct incident *all, size_t n_all, const char *prefix,
                                   struct err *e)
{
    const struct incident *found = NULL;
    size_t n = 0, length = strlen(prefix);
    for (size_t i = 0; length >= PREFIX_LEAST && i < n_all; i++) {
        char id[INCIDENT_ID_TEXT];
        hex_of(all[i].id, INCIDENT_ID, id);
        if (sv_starts(sv_c(id), sv_c(prefix))) {
            found = &all[i];
            n++;
        }
    }
    if (n == 1)
        return found;
    (void)err_set(
        e, n ? ERR_USAGE : ERR_INPUT,
        n ? "'%s' begins the IDs of several incidents; write more of it"
          : "there is no incident '%s'; 'alerts list --all' shows them, 4 digits are needed at least",
        prefix);
    return NULL;
}

static void put_moment(buf *out, const char *label, int64_t t)
{
    char text[CLOCK_TEXT];
    if (t)
        buf_printf(out, "%-10s %s\n", label, clock_iso(t, text));
}

static void put_incident(buf *out, const struct incident *i)
{
    char id[INCIDENT_ID_TEXT], first[CLOCK_TEXT], last[CLOCK_TEXT];
    hex_of(i->id, INCIDENT_ID, id);
    buf_printf(out, "%-10s %s\n%-10s %s\n%-10s %s\n%-10s %s\n%-10s ", "id", id, "rule", rule_name(i->rule),
               "severity", severity_name(i->severity), "state", incident_state_name(i->state), "domain");
    text_terminal(out, i->domain);
    buf_printf(out, "\n%-10s ", "subject");
    text_terminal(out, i->subject);
    buf_printf(out, "\n%-10s %u\n%-10s %s to %s\n", "episode", i->episode, "mail of",
               clock_date(i->first_day * DAY_SECONDS, first), clock_date(i->last_day * DAY_SECONDS, last));
    if (i->told_failed)
        buf_printf(out, "%-10s %llu messages\n", "told of", (unsigned long long)i->told_failed);
    if (i->after.n) {
        buf_printf(out, "%-10s ", "now");
        text_terminal(out, i->after);
        buf_char(out, '\n');
    }
    put_moment(out, "opened", i->opened);
    put_moment(out, "told", i->told_at);
    put_moment(out, "due", i->due);
    put_moment(out, "acked", i->acked_at);
    if (i->acked_by.n) {
        buf_printf(out, "%-10s ", "by");
        text_terminal(out, i->acked_by);
        buf_char(out, '\n');
    }
}

static bool show(struct deeds *d, struct err *e)
{
    struct incident *all;
    size_t n;
    if (!store_incidents(d->store, true, &d->arena, &all, &n, e))
        return false;
    const struct incident *i = find(all, n, d->operands[0], e);
    if (i == NULL)
        return false;
    buf out CLEANUP(buf_free);
    buf_init(&out, KIB(64));
    put_incident(&out, i);
    return print(&out, e);
}

static bool ack(struct deeds *d, struct err *e)
{
    struct incident *all;
    size_t n;
    sv by = deeds_login(&d->arena);
    if (!store_incidents(d->store, true, &d->arena, &all, &n, e))
        return false;
    for (int k = 0; k < d->n_operands; k++) {
        bool known;
        const struct incident *i = find(all, n, d->operands[k], e);
        if (i == NULL || !store_ack(d->store, i->id, clock_now(), by, &known, e))
            return false;
        if (!known)
            return err_set(e, ERR_INPUT, "incident %s is over", d->operands[k]);
    }
    return true;
}

static const struct deed deeds[] = {{"list", list, 0, 0, ALL_WIDENS, 0},
                                    {"show", show, 1, 1, ALL_UNKNOWN, 0},
                                    {"ack", ack, 1, -1, ALL_UNKNOWN, 0}};

static const struct deed_table table = {.command = &cmd_alerts, .deeds = deeds, .n = COUNT_OF(deeds)};

static int alerts_main(int argc, char **argv)
{
    return deeds_main(&table, NULL, argc, argv);
}
