/* dmarcwarn digest: the weekly text, now, for whoever asks. */
#include <stdio.h>

#include "command_lock.h"
#include "digest.h"
#include "render/freeze.h"
#include "say.h"
#include "sender.h"
#include "store/decide.h"

enum { OPT_CONFIG = 1, OPT_LANG };

#define DIGEST_MEMORY MIB(256)

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {OPT_LANG, 0, "lang", "LANG", "en (default) or ja"},
    {0, 0, NULL, NULL, NULL},
};

static int digest_main(int argc, char **argv);

const struct command cmd_digest = {
    .name = "digest",
    .args = "",
    .summary = "Print the weekly text: whether policies can become stricter, what is unused, what goes on",
    .opts = options,
    .details =
        "Prints what 'digest' of the configuration sends once a week; nothing is sent or changed.\n\n"
        "Exit status: 0 done; 65 there is no database; 75 a run is at work; 78 the configuration is wrong.\n",
    .run = digest_main,
};

struct asked {
    struct run run;
    enum lang lang;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct asked *q = ctx;
    if (id == OPT_CONFIG) {
        q->run.config_path = value;
        return true;
    }
    q->lang = sv_eq(sv_c(value), SV("ja")) ? LANG_ja : LANG_en;
    return q->lang == LANG_ja || sv_eq(sv_c(value), SV("en")) ||
           err_set(e, ERR_USAGE, "--lang=%s: write en or ja", value);
}

static bool print_one(struct asked *q, struct sender *sender, const struct notice *n, struct err *e)
{
    const struct channel_cfg as_text = {.type = CHANNEL_STDOUT, .lang = q->lang};
    buf frozen CLEANUP(buf_free), text CLEANUP(buf_free);
    buf_init(&frozen, q->run.config.limits.notice_size);
    buf_init(&text, q->run.config.limits.notice_size);
    if (!notice_freeze(n, &frozen, e))
        return false;
    struct sender_offer offer = {.frozen = buf_view(&frozen), .channel = &as_text};
    if (!sender_render(sender, &offer, &text, e))
        return false;
    (void)fwrite(text.p, 1, text.n, stdout);
    return true;
}

static bool print_all(struct asked *q, arena *a, struct err *e)
{
    struct sender sender;
    struct notice *list = NULL;
    size_t n = 0;
    if (!store_begin_decide(q->run.store, e))
        return false;
    bool ok = digest_notices(&q->run, a, &list, &n, e);
    store_abort_decide(q->run.store);
    if (!ok || !sender_open(&sender, &q->run.config, e))
        return false;
    for (size_t i = 0; ok && i < n; i++)
        ok = print_one(q, &sender, &list[i], e);
    sender_close(&sender);
    return ok;
}

static int run(struct asked *q)
{
    struct run *r = &q->run;
    struct err e = {0};
    arena a;
    arena_init(&a, DIGEST_MEMORY);
    bool ok = load_config(&r->common, r->config_path, &r->arena, &r->config, &e) &&
              command_copy(r, &r->config, &e) && print_all(q, &a, &e);
    store_close(r->store);
    arena_free(&a);
    return ok ? 0 : say_err(&e);
}

static int digest_main(int argc, char **argv)
{
    struct asked q = {.run = {.config_path = CONFIG_PATH}, .lang = LANG_en};
    struct opts o;
    struct err e;
    opts_start(&o, &cmd_digest, argc, argv);
    bool ok = common_parse(&q.run.common, &cmd_digest, &o, take_option, &q, &e);
    if (ok && o.n_operands)
        ok = err_set(&e, ERR_USAGE, "'%s' is too much: digest takes no operands", o.operands[0]);
    if (!ok)
        return common_give_up(&q.run.common, &cmd_digest, &e);
    arena_init(&q.run.arena, CONFIG_MEMORY);
    int code = run(&q);
    arena_free(&q.run.arena);
    return code;
}
