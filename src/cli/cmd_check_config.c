/* dmarcwarn check-config: everything that is wrong with the configuration, at once. */
#include <stdio.h>

#include "check_online.h"
#include "load_config.h"
#include "model/rule.h"
#include "say.h"

enum { OPT_CONFIG = 1, OPT_PRINT, OPT_ONLINE };

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {OPT_PRINT, 0, "print", NULL, "print the configuration in force, with defaults and without secrets"},
    {OPT_ONLINE, 0, "online", NULL, "log in to the mailboxes and reach the channels; read and send nothing"},
    {0, 0, NULL, NULL, NULL},
};

static int check_main(int argc, char **argv);

const struct command cmd_check_config = {
    .name = "check-config",
    .args = "",
    .summary = "Check the configuration file",
    .opts = options,
    .details =
        "Exit status: 0 the configuration can be used; 78 it cannot, or an included file cannot.\n"
        "With --online also, the worst of all: 69 a mailbox cannot be reached, 77 one does not let us in,\n"
        "73 or 74 the state folder cannot be used, 75 a channel cannot be reached, 78 one refuses.\n",
    .run = check_main,
};

struct check {
    struct common common;
    const char *path;
    bool print, online;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct check *c = ctx;
    (void)e;
    if (id == OPT_CONFIG)
        c->path = value;
    else if (id == OPT_PRINT)
        c->print = true;
    else
        c->online = true;
    return true;
}

/* What keys cannot say (two windows, two severities) and what is the standard stands in comments, so that the
 * whole can be read as a configuration again. */
static void print_rule(const struct config *c, enum rule_id id, buf *out)
{
    const struct rule r = rule_in_force(c, SIZE_MAX, id);
    buf_printf(out, "#   %s: ", rule_name(id));
    if (r.off)
        buf_puts(out, "off");
    else
        rule_put_numbers(out, &r);
    buf_char(out, '\n');
}

static void print_in_force(const struct config *c, buf *out)
{
    unsigned n;
    struct limits now = c->limits;
    const struct limit_info *table = limits_table(&n);
    buf_puts(out, "# rules in force\n");
    for (unsigned id = 0; id < RULE_END; id++)
        print_rule(c, (enum rule_id)id, out);
    buf_puts(out, "# limits in force\n");
    for (unsigned i = 0; i < n; i++)
        buf_printf(out, "#   %s: %llu %s\n", table[i].name, (unsigned long long)*limits_at(&now, i),
                   table[i].unit);
}

static void print(const struct config *config)
{
    buf out;
    buf_init(&out, MIB(16));
    config_print(config, &out);
    print_in_force(config, &out);
    (void)fwrite(out.p, 1, out.n, stdout);
    buf_free(&out);
}

static int check(const struct check *c)
{
    struct err e;
    arena a;
    struct config config = {0};
    arena_init(&a, CONFIG_MEMORY);
    struct loaded l;
    bool ok = load_config_more(&c->common, c->path, &a, &config, &l, &e);
    if (ok) {
        load_config_say_all(&l.errors);
        load_config_say_all(&l.extra.warnings);
    }
    bool whole = ok && l.errors.n == 0;
    if (ok && c->print)
        print(&config);
    else if (whole)
        say(SAY_NEWS, "%s: %zu mailboxes, %zu senders, %zu domains, %zu channels; no errors", c->path,
            config.n_mailboxes, config.n_senders, config.n_domains, config.n_channels);
    int code = ok && c->online ? check_online(&config) : 0;
    arena_free(&a);
    if (ok && !whole)
        (void)err_set(&e, ERR_CONFIG, "%s", "");
    return whole ? code : say_err(&e);
}

static int check_main(int argc, char **argv)
{
    struct check c = {.path = CONFIG_PATH};
    struct opts o;
    struct err e;
    opts_start(&o, &cmd_check_config, argc, argv);
    if (!common_parse(&c.common, &cmd_check_config, &o, take_option, &c, &e))
        return common_give_up(&c.common, &cmd_check_config, &e);
    return check(&c);
}
