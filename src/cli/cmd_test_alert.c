/* dmarcwarn test-alert: a made-up notice goes the real way, and what each channel answers is printed. */
#include <stdio.h>

#include "base/clock.h"
#include "base/nearest.h"
#include "load_config.h"
#include "render/freeze.h"
#include "sample_notice.h"
#include "say.h"
#include "sender.h"
#include "text/escape.h"

enum { OPT_CONFIG = 1 };

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {0, 0, NULL, NULL, NULL},
};

static int test_main(int argc, char **argv);

const struct command cmd_test_alert = {
    .name = "test-alert",
    .args = "[CHANNEL]",
    .summary = "Send a test notice to one channel, or to all, and print what each answers",
    .opts = options,
    .details = "Exit status: 0 every channel took it; 75 one did not take it now; 78 one needs another\n"
               "configuration, or the configuration is wrong.\n",
    .run = test_main,
};

struct test {
    struct common common;
    const char *path;
    sv channel; /* absent: all */
    arena arena;
    struct config config;
    struct sender sender;
    uint8_t id[INCIDENT_ID];
    buf frozen;
    enum err_class worst;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct test *t = ctx;
    (void)id, (void)e; /* there is only one, and any value will do */
    t->path = value;
    return true;
}

static void note(struct test *t, enum err_class cls)
{
    if (err_exit_code(cls) > err_exit_code(t->worst))
        t->worst = cls;
}

static void print_answer(const struct channel_cfg *channel, const struct answer *answer)
{
    static const char *const codes[CHANNEL_TYPE_END] = {[CHANNEL_EMAIL] = "reply",
                                                        [CHANNEL_COMMAND] = "exit code",
                                                        [CHANNEL_STDOUT] = "",
                                                        [CHANNEL_SYSLOG] = ""};
    const char *code = codes[channel->type] ? codes[channel->type] : "status";
    buf name;
    buf_init(&name, KIB(4));
    text_terminal(&name, channel->name);
    (void)printf("%.*s: sent", (int)name.n, name.p ? name.p : "");
    if (*code)
        (void)printf(" (%s %d)", code, answer->code);
    (void)printf("\n");
    (void)fflush(stdout); /* the channel stdout writes beside it */
    buf_free(&name);
}

/* Whether a retry could help or only a person. */
static enum err_class class_of(enum answer_class cls)
{
    switch (cls) {
    case ANSWER_SENT:
        return ERR_NONE;
    case ANSWER_RETRY:
        return ERR_RETRY;
    case ANSWER_BROKEN:
    case ANSWER_REFUSED:
        break;
    }
    return ERR_CONFIG;
}

static void try_channel(struct test *t, const struct channel_cfg *channel)
{
    struct answer answer = {.cls = ANSWER_REFUSED};
    struct sender_offer offer = {.frozen = buf_view(&t->frozen), .channel = channel, .partial = true};
    buf body;
    buf_init(&body, (size_t)t->config.limits.notice_size);
    memcpy(offer.id, t->id, INCIDENT_ID);
    if (sender_render(&t->sender, &offer, &body, &answer.err))
        sender_send(&t->sender, &offer, &body, &answer);
    buf_free(&body);
    if (answer.cls == ANSWER_SENT)
        print_answer(channel, &answer);
    if (answer.err.cls != ERR_NONE) /* also sent, but not to every recipient */
        say(SAY_ERROR, "channel %.*s: %s", SV_ARG(channel->name), answer.err.msg);
    note(t, class_of(answer.cls));
}

static bool freeze(struct test *t, struct err *e)
{
    struct notice notice;
    if (!sample_notice(&t->arena, clock_now(), &notice))
        return err_set(e, ERR_MEMORY, "out of memory");
    memcpy(t->id, notice.id, INCIDENT_ID);
    buf_init(&t->frozen, (size_t)t->config.limits.notice_size);
    return notice_freeze(&notice, &t->frozen, e);
}

static bool no_such_channel(const struct test *t, struct err *e)
{
    struct nearest near;
    nearest_start(&near, t->channel);
    for (size_t i = 0; i < t->config.n_channels; i++)
        nearest_offer(&near, t->config.channels[i].name);
    sv best = nearest_best(&near);
    if (best.n)
        return err_set(e, ERR_USAGE, "test-alert: no channel '%.*s' in %s; did you mean '%.*s'?",
                       SV_ARG(t->channel), t->path, SV_ARG(best));
    return err_set(e, ERR_USAGE, "test-alert: no channel '%.*s' in %s", SV_ARG(t->channel), t->path);
}

static bool try_all(struct test *t, struct err *e)
{
    size_t tried = 0;
    for (size_t i = 0; i < t->config.n_channels; i++) {
        const struct channel_cfg *c = &t->config.channels[i];
        if (t->channel.p && !sv_eq(t->channel, c->name))
            continue;
        try_channel(t, c);
        tried++;
    }
    return tried || no_such_channel(t, e);
}

static int test(struct test *t)
{
    struct err e = {0};
    if (!load_config(&t->common, t->path, &t->arena, &t->config, &e) || !freeze(t, &e) ||
        !sender_open(&t->sender, &t->config, &e))
        return say_err(&e);
    bool ok = try_all(t, &e);
    sender_close(&t->sender);
    return ok ? err_exit_code(t->worst) : say_err(&e);
}

static int test_main(int argc, char **argv)
{
    struct test t = {.path = CONFIG_PATH};
    struct opts o;
    struct err e;
    opts_start(&o, &cmd_test_alert, argc, argv);
    if (!common_parse(&t.common, &cmd_test_alert, &o, take_option, &t, &e))
        return common_give_up(&t.common, &cmd_test_alert, &e);
    if (o.n_operands > 1) {
        (void)err_set(&e, ERR_USAGE, "'%s' is too much: test-alert takes one channel", o.operands[1]);
        return common_give_up(&t.common, &cmd_test_alert, &e);
    }
    t.channel = o.n_operands ? sv_c(o.operands[0]) : SV_ABSENT;
    arena_init(&t.arena, CONFIG_MEMORY);
    int code = test(&t);
    buf_free(&t.frozen);
    arena_free(&t.arena);
    return code;
}
