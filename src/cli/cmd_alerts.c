/* dmarcwarn alerts: the incidents as they stand. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "load_config.h"
#include "say.h"
#include "store/silences.h"
#include "text/escape.h"

enum { OPT_CONFIG = 1, OPT_ALL };

enum { PREFIX_LEAST = 4, SHORT_ID = 8 };

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
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
        "Exit status: 0 done; 64 wrong usage; 65 there is no such incident; 73, 74 the state folder or\n"
        "disk; 78 the configuration is wrong.\n",
    .run = alerts_main,
};

struct alerts {
    struct common common;
    const char *path;
    bool all;
    arena arena;
    struct config config;
    struct store *store;
    struct incident *list;
    size_t n;
    char **operands;
    int n_operands;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct alerts *a = ctx;
    (void)e;
    if (id == OPT_CONFIG)
        a->path = value;
    else
        a->all = true;
    return true;
}

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

static bool list(struct alerts *a, struct err *e)
{
    buf out;
    buf_init(&out, MIB(256));
    for (size_t i = 0; i < a->n; i++)
        put_line(&out, &a->list[i]);
    bool ok = print(&out, e);
    buf_free(&out);
    return ok;
}

static const struct incident *find(struct alerts *a, const char *prefix, struct err *e)
{
    const struct incident *found = NULL;
    size_t n = 0, length = strlen(prefix);
    for (size_t i = 0; length >= PREFIX_LEAST && i < a->n; i++) {
        char id[INCIDENT_ID_TEXT];
        hex_of(a->list[i].id, INCIDENT_ID, id);
        if (sv_starts(sv_c(id), sv_c(prefix))) {
            found = &a->list[i];
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

static bool show(struct alerts *a, struct err *e)
{
    buf out;
    if (a->n_operands != 1)
        return err_set(e, ERR_USAGE, "alerts show takes one ID; 'alerts list' shows them");
    const struct incident *i = find(a, a->operands[0], e);
    if (i == NULL)
        return false;
    buf_init(&out, KIB(64));
    put_incident(&out, i);
    bool ok = print(&out, e);
    buf_free(&out);
    return ok;
}

static bool ack(struct alerts *a, struct err *e)
{
    const struct passwd *p = getpwuid(getuid());
    const char *sudo = getenv("SUDO_USER");
    sv by = arena_sv(&a->arena, sv_c(sudo && sudo[0] ? sudo : p ? p->pw_name : "somebody"));
    if (a->n_operands == 0)
        return err_set(e, ERR_USAGE, "alerts ack takes IDs; 'alerts list' shows them");
    for (int k = 0; k < a->n_operands; k++) {
        bool known;
        const struct incident *i = find(a, a->operands[k], e);
        if (i == NULL || !store_ack(a->store, i->id, clock_now(), by, &known, e))
            return false;
        if (!known)
            return err_set(e, ERR_INPUT, "incident %s is over", a->operands[k]);
    }
    return true;
}

static const struct deed {
    const char *name;
    bool (*run)(struct alerts *a, struct err *e);
    bool all; /* incidents that are over are looked at, too */
} deeds[] = {{"list", list, false}, {"show", show, true}, {"ack", ack, true}};

static const struct deed *find_deed(const char *name)
{
    for (size_t i = 0; name && i < COUNT_OF(deeds); i++)
        if (strcmp(deeds[i].name, name) == 0)
            return &deeds[i];
    return NULL;
}

static int alerts_main(int argc, char **argv)
{
    struct alerts a = {.path = CONFIG_PATH};
    struct opts o;
    struct err e = {0};
    opts_start(&o, &cmd_alerts, argc, argv);
    if (!common_parse(&a.common, &cmd_alerts, &o, take_option, &a, &e))
        return common_give_up(&a.common, &cmd_alerts, &e);
    const struct deed *d = find_deed(o.n_operands ? o.operands[0] : NULL);
    if (d == NULL) {
        (void)err_set(&e, ERR_USAGE, "write what to do: list, show or ack");
        return common_give_up(&a.common, &cmd_alerts, &e);
    }
    a.operands = o.operands + 1;
    a.n_operands = o.n_operands - 1;
    arena_init(&a.arena, CONFIG_MEMORY);
    bool ok = load_config(&a.common, a.path, &a.arena, &a.config, &e) &&
              store_open(a.config.state_path, &a.config.limits, &a.store, &e) &&
              store_incidents(a.store, a.all || d->all, &a.arena, &a.list, &a.n, &e) && d->run(&a, &e);
    store_close(a.store);
    int code = ok ? 0 : say_err(&e);
    arena_free(&a.arena);
    return code;
}
