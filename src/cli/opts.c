#include "opts.h"

#include <string.h>

#include "base/nearest.h"
#include "base/sv.h"

const struct opt opts_common[] = {
    {OPT_VERBOSE, 'v', "verbose", NULL, "say more on stderr; twice: what the program does, step by step"},
    {OPT_QUIET, 'q', "quiet", NULL, "say nothing but errors"},
    {OPT_NOW, 0, "now", "TIME", "take TIME (Unix seconds or 2026-11-24T02:24:22Z) for the present"},
    {OPT_LIMIT, 0, "limit", "NAME=VALUE", "move a limit; dmarcwarn.yml(5) lists them"},
    {OPT_COLOR, 0, "color", "WHEN", "auto, always or never; NO_COLOR is honoured"},
    {OPT_HELP, 'h', "help", NULL, "this text"},
    {0, 0, NULL, NULL, NULL},
};

void opts_start(struct opts *o, const struct command *c, int argc, char **argv)
{
    *o = (struct opts){.own = c->opts, .argc = argc, .argv = argv, .next = 1, .operands = argv + 1};
}

static const struct opt *find(const struct opts *o, sv name, char letter)
{
    const struct opt *tables[] = {o->own, opts_common};
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (const struct opt *p = tables[t]; p && p->id; p++)
            if (letter ? p->letter == letter : sv_eq(name, sv_c(p->name)))
                return p;
    return NULL;
}

static int unknown(const struct opts *o, sv name, struct err *e)
{
    struct nearest near;
    nearest_start(&near, name);
    const struct opt *tables[] = {o->own, opts_common};
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (const struct opt *p = tables[t]; p && p->id; p++)
            nearest_offer(&near, sv_c(p->name));
    sv best = nearest_best(&near);
    if (best.n)
        err_set(e, ERR_USAGE, "unknown option --%.*s; did you mean --%.*s?", SV_ARG(name), SV_ARG(best));
    else
        err_set(e, ERR_USAGE, "unknown option --%.*s; '%s --help' lists them", SV_ARG(name), o->argv[0]);
    return OPTS_ERROR;
}

static int with_value(struct opts *o, const struct opt *p, const char *inline_value, const char **value,
                      struct err *e)
{
    *value = inline_value;
    if (p->arg == NULL && inline_value) {
        err_set(e, ERR_USAGE, "option --%s takes no value", p->name);
        return OPTS_ERROR;
    }
    if (p->arg && inline_value == NULL) {
        if (o->next >= o->argc) {
            err_set(e, ERR_USAGE, "option --%s needs a value: --%s=%s", p->name, p->name, p->arg);
            return OPTS_ERROR;
        }
        *value = o->argv[o->next++];
    }
    return p->id;
}

static int next_letter(struct opts *o, const char **value, struct err *e)
{
    char letter = *o->letters++;
    const char *rest = *o->letters ? o->letters : NULL;
    const struct opt *p = find(o, SV_ABSENT, letter);
    if (p == NULL) {
        err_set(e, ERR_USAGE, "unknown option -%c; '%s --help' lists them", letter, o->argv[0]);
        return OPTS_ERROR;
    }
    if (p->arg == NULL) {
        o->letters = rest;
        return with_value(o, p, NULL, value, e);
    }
    o->letters = NULL;
    return with_value(o, p, rest, value, e);
}

static int next_long(struct opts *o, const char *text, const char **value, struct err *e)
{
    const char *equals = strchr(text, '=');
    sv name = equals ? sv_of(text, (size_t)(equals - text)) : sv_c(text);
    const struct opt *p = find(o, name, 0);
    return p ? with_value(o, p, equals ? equals + 1 : NULL, value, e) : unknown(o, name, e);
}

int opts_next(struct opts *o, const char **value, struct err *e)
{
    if (o->letters)
        return next_letter(o, value, e);
    while (o->next < o->argc) {
        char *arg = o->argv[o->next++];
        if (arg[0] != '-' || arg[1] == '\0') {
            o->operands[o->n_operands++] = arg;
        } else if (strcmp(arg, "--") == 0) {
            while (o->next < o->argc)
                o->operands[o->n_operands++] = o->argv[o->next++];
        } else if (arg[1] == '-') {
            return next_long(o, arg + 2, value, e);
        } else {
            o->letters = arg + 1;
            return next_letter(o, value, e);
        }
    }
    return OPTS_END;
}

static void help_rows(FILE *to, const struct opt *p)
{
    for (; p && p->id; p++) {
        char left[64];
        (void)snprintf(left, sizeof left, "%c%c%s --%s%s%s", p->letter ? '-' : ' ',
                       p->letter ? p->letter : ' ', p->letter ? "," : " ", p->name, p->arg ? "=" : "",
                       p->arg ? p->arg : "");
        (void)fprintf(to, "  %-26s %s\n", left, p->help);
    }
}

void opts_help(FILE *to, const struct command *c)
{
    (void)fprintf(to, "Usage: dmarcwarn %s [OPTIONS] %s\n%s.\n\n", c->name, c->args, c->summary);
    help_rows(to, c->opts);
    help_rows(to, opts_common);
    if (c->details)
        (void)fprintf(to, "\n%s", c->details);
}
