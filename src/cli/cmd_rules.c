/* dmarcwarn rules: every rule with the numbers in force. */
#include <stdio.h>
#include <unistd.h>

#include "judge/judge.h"
#include "load_config.h"
#include "model/domain.h"
#include "output/rules.h"
#include "say.h"

enum { OPT_CONFIG = 1, OPT_JSON, OPT_DOMAIN };

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ", if there is one)"},
    {OPT_DOMAIN, 0, "domain", "NAME", "as they are for this domain"},
    {OPT_JSON, 0, "json", NULL, "as a JSON array, an object a rule"},
    {0, 0, NULL, NULL, NULL},
};

static int rules_main(int argc, char **argv);

const struct command cmd_rules = {
    .name = "rules",
    .args = "",
    .summary = "List the rules with the numbers in force",
    .opts = options,
    .details =
        "Without a configuration the rules are listed as they are.\n\n"
        "Exit status: 0 done; 65 no entry of domains: is for the domain; 78 the configuration is wrong.\n",
    .run = rules_main,
};

struct list {
    struct common common;
    const char *path; /* NULL: none was named */
    const char *domain;
    bool json;
    arena arena;
    struct config config;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct list *l = ctx;
    (void)e;
    if (id == OPT_CONFIG)
        l->path = value;
    else if (id == OPT_DOMAIN)
        l->domain = value;
    else
        l->json = true;
    return true;
}

static bool load(struct list *l, struct err *e)
{
    if (l->path || access(CONFIG_PATH, F_OK) == 0)
        return load_config(&l->common, l->path ? l->path : CONFIG_PATH, &l->arena, &l->config, e);
    for (size_t i = 0; i < RULE_END; i++)
        l->config.rules[i].severity = SEVERITY_END;
    return true;
}

static bool find_entry(struct list *l, size_t *entry, struct err *e)
{
    *entry = SIZE_MAX;
    if (l->domain == NULL)
        return true;
    sv name = domain_fold(&l->arena, sv_c(l->domain), NULL);
    const struct judge *judge = judge_prepare(&l->config, &l->arena);
    if (judge == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    *entry = judge_domain(judge, name);
    return *entry != SIZE_MAX ||
           err_set(e, ERR_INPUT,
                   "no entry of domains: is for %s; 'dmarcwarn check-config --print' shows them", l->domain);
}

static int rules_main(int argc, char **argv)
{
    struct list l = {.path = NULL};
    struct opts o;
    struct err e;
    size_t entry;
    opts_start(&o, &cmd_rules, argc, argv);
    if (!common_parse(&l.common, &cmd_rules, &o, take_option, &l, &e))
        return common_give_up(&l.common, &cmd_rules, &e);
    if (o.n_operands) {
        (void)err_set(&e, ERR_USAGE, "'%s' is too much: rules takes no operands", o.operands[0]);
        return common_give_up(&l.common, &cmd_rules, &e);
    }
    arena_init(&l.arena, CONFIG_MEMORY);
    bool ok = load(&l, &e) && find_entry(&l, &entry, &e) && rules_print(&l.config, entry, l.json, stdout, &e);
    int code = ok ? 0 : say_err(&e);
    arena_free(&l.arena);
    return code;
}
