/* dmarcwarn login: somebody confirms a code in a browser, and the tokens are kept for the runs. */
#include <stdio.h>

#include "load_config.h"
#include "say.h"
#include "store/store.h"
#include "token/token.h"

enum { OPT_CONFIG = 1 };

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {0, 0, NULL, NULL, NULL},
};

static int login_main(int argc, char **argv);

const struct command cmd_login = {
    .name = "login",
    .args = "NAME",
    .summary = "Log in to a mailbox or channel whose oauth2 has a device_url",
    .opts = options,
    .details = "Prints a URL and a code, and waits until somebody has entered the code there. Run it as the\n"
               "user that runs dmarcwarn.\n\n"
               "Exit status: 0 done; 69 the token server cannot be reached; 77 it refused;\n"
               "78 the configuration is wrong.\n",
    .run = login_main,
};

struct login {
    struct common common;
    const char *path;
    const char *name;
    arena arena;
    struct config config;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct login *l = ctx;
    (void)id, (void)e; /* there is only one, and any value will do */
    l->path = value;
    return true;
}

/* A mailbox and a channel of one name: the mailbox is meant, unless only the channel has a device_url. */
static bool find_owner(const struct login *l, struct token_owner *o, struct err *e)
{
    bool known = false;
    *o = (struct token_owner){0};
    for (size_t i = 0; i < l->config.n_channels; i++) {
        const struct channel_cfg *c = &l->config.channels[i];
        known = known || sv_eq(c->name, sv_c(l->name));
        if (c->oauth.grant == OAUTH_DEVICE && sv_eq(c->name, sv_c(l->name)))
            *o = (struct token_owner){"channel", c->name, c->user, &c->oauth};
    }
    for (size_t i = 0; i < l->config.n_mailboxes; i++) {
        const struct mailbox_cfg *m = &l->config.mailboxes[i];
        known = known || sv_eq(m->name, sv_c(l->name));
        if (m->oauth.grant == OAUTH_DEVICE && sv_eq(m->name, sv_c(l->name)))
            *o = (struct token_owner){"mailbox", m->name, m->user, &m->oauth};
    }
    if (o->cfg)
        return true;
    return err_set(e, ERR_USAGE,
                   known ? "login: '%s' has no oauth2.device_url, so nobody logs in to it by hand"
                         : "login: no mailbox or channel '%s' in the configuration",
                   l->name);
}

static void show(void *ctx, const struct token_prompt *p)
{
    const struct token_owner *o = ctx;
    char user[ERR_QUOTE];
    (void)printf("Open this page and enter the code, as %s:\n\n  %.*s\n  %.*s\n\n", err_quote(o->user, user),
                 SV_ARG(p->uri), SV_ARG(p->code));
    if (p->uri_complete.p)
        (void)printf("or open %.*s\n\n", SV_ARG(p->uri_complete));
    (void)printf("Waiting for at most %lld minutes …\n", (long long)(p->seconds + 59) / 60);
    (void)fflush(stdout);
}

/* Opening the store makes the state folder, should this be the first command ever. */
static bool make_folder(const struct login *l, struct err *e)
{
    struct store *store = NULL;
    bool ok = store_open(l->config.state_path, &l->config.limits, &store, e);
    store_close(store);
    return ok;
}

static int login(struct login *l)
{
    struct err e = {0};
    struct token_owner owner;
    if (!load_config(&l->common, l->path, &l->arena, &l->config, &e) || !find_owner(l, &owner, &e) ||
        !make_folder(l, &e))
        return say_err(&e);
    struct tokens *tokens = tokens_open(&l->config.limits, l->config.state_path, &e);
    bool ok = tokens && token_login(tokens, &owner, show, &owner, &e);
    tokens_close(tokens);
    if (!ok)
        return say_err(&e);
    (void)puts("Logged in. The next run uses it.");
    return 0;
}

static int login_main(int argc, char **argv)
{
    struct login l = {.path = CONFIG_PATH};
    struct opts o;
    struct err e;
    opts_start(&o, &cmd_login, argc, argv);
    if (!common_parse(&l.common, &cmd_login, &o, take_option, &l, &e))
        return common_give_up(&l.common, &cmd_login, &e);
    if (o.n_operands != 1) {
        (void)err_set(&e, ERR_USAGE, "give the name of one mailbox or channel");
        return common_give_up(&l.common, &cmd_login, &e);
    }
    l.name = o.operands[0];
    arena_init(&l.arena, CONFIG_MEMORY);
    int code = login(&l);
    arena_free(&l.arena);
    return code;
}
