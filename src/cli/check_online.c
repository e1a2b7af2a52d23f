#include "check_online.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "fetch/fetch.h"
#include "notify/notify.h"
#include "say.h"
#include "store/store.h"
#include "text/escape.h"
#include "token/token.h"

enum { LINE = 1024, WAIT_MS = 1000 };

enum outcome { OUTCOME_OK, OUTCOME_POOR, OUTCOME_FAILED, OUTCOME_UNTRIED };

struct box {
    const struct mailbox_cfg *cfg;
    struct fetch_box seen;
    struct err err;
};

struct online {
    const struct config *c;
    struct tokens *tokens;
    struct box *boxes; /* those by IMAP, by fetch/'s index */
    size_t n_boxes;
    int name_width;
    int code;
};

static void line(struct online *o, const char *kind, sv name, enum outcome outcome, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

static void line(struct online *o, const char *kind, sv name, enum outcome outcome, const char *fmt, ...)
{
    static const char *const words[] = {[OUTCOME_OK] = "ok",
                                        [OUTCOME_POOR] = "poor",
                                        [OUTCOME_FAILED] = "FAILED",
                                        [OUTCOME_UNTRIED] = "not tried"};
    char text[LINE];
    buf shown, named;
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    buf_init(&shown, 16 * LINE);
    buf_init(&named, KIB(16));
    text_terminal(&shown, sv_c(text));
    text_terminal(&named, name);
    (void)printf("%-8s %-*.*s %-9s %.*s\n", kind, o->name_width, (int)named.n, named.p ? named.p : "",
                 words[outcome], (int)shown.n, shown.p ? shown.p : "");
    (void)fflush(stdout);
    buf_free(&shown);
    buf_free(&named);
}

static void failed(struct online *o, const char *kind, sv name, enum err_class cls, const char *why)
{
    line(o, kind, name, OUTCOME_FAILED, "%s", why);
    if (err_exit_code(cls) > o->code)
        o->code = err_exit_code(cls);
}

static void check_state(struct online *o)
{
    struct err e = {0};
    sv path = o->c->state_path;
    if (!store_may_write(path, &e))
        failed(o, "state", SV("-"), e.cls, e.msg);
    else if (geteuid() == 0)
        line(o, "state", SV("-"), OUTCOME_POOR,
             "%.*s: root may write it; run this as the user of the runs to see whether that one may",
             SV_ARG(path));
    else
        line(o, "state", SV("-"), OUTCOME_OK, "%.*s: can be written", SV_ARG(path));
}

/* Mailboxes by IMAP. */

static void on_selected(void *ctx, uint32_t mailbox, const struct fetch_box *b)
{
    struct online *o = ctx;
    o->boxes[mailbox].seen = *b;
}

static void on_alert(void *ctx, uint32_t mailbox, sv text)
{
    const struct online *o = ctx;
    say(SAY_WARNING, "mailbox %.*s: the server says: %.*s", SV_ARG(o->boxes[mailbox].cfg->name),
        SV_ARG(text));
}

static void on_done(void *ctx, uint32_t mailbox, const struct fetch_end *end)
{
    struct online *o = ctx;
    o->boxes[mailbox].err = end->err;
}

/* What `after` and `on_error` find there. NULL: all that they need. */
static const char *lack(const struct mailbox_cfg *m, const struct fetch_box *b)
{
    bool moves = m->after == AFTER_MOVE || m->on_error_folder.p;
    if (moves && !b->moves && !b->expunges)
        return "it has neither MOVE nor UIDPLUS, so mails are copied, flagged as deleted, and stay";
    if (m->after == AFTER_DELETE && !b->expunges)
        return "it has no UIDPLUS, so mails are flagged as deleted and stay";
    return NULL;
}

static void tell_box(struct online *o, const struct box *b)
{
    const struct mailbox_cfg *m = b->cfg;
    if (b->err.cls != ERR_NONE) {
        failed(o, "mailbox", m->name, b->err.cls, b->err.msg);
        return;
    }
    const char *less = lack(m, &b->seen);
    line(o, "mailbox", m->name, less ? OUTCOME_POOR : OUTCOME_OK, "%.*s:%u: %.*s can be read, %u mails%s%s",
         SV_ARG(m->host), (unsigned)m->port, SV_ARG(m->folder), (unsigned)b->seen.exists, less ? "; " : "",
         less ? less : "");
}

static bool add_boxes(struct online *o, struct fetch *f)
{
    static const struct fetch_state state = {.looks = true};
    for (size_t i = 0; i < o->c->n_mailboxes; i++) {
        const struct mailbox_cfg *m = &o->c->mailboxes[i];
        uint32_t index;
        struct err e;
        if (m->kind != MAILBOX_IMAP)
            continue;
        if (fetch_add(f, m, &state, &index, &e))
            o->boxes[o->n_boxes++].cfg = m;
        else
            failed(o, "mailbox", m->name, e.cls, e.msg);
    }
    return o->n_boxes > 0;
}

static bool look(struct online *o, struct err *e)
{
    const struct fetch_handler handler = {
        .ctx = o, .selected = on_selected, .alert = on_alert, .done = on_done};
    struct fetch *f = fetch_open(&o->c->limits, &handler, e);
    if (f == NULL)
        return false;
    fetch_use_tokens(f, o->tokens);
    bool ok = true;
    if (add_boxes(o, f))
        while (ok && fetch_active(f)) {
            ok = fetch_wait(f, NULL, 0, WAIT_MS, e);
            fetch_turn(f);
        }
    fetch_close(f);
    for (size_t i = 0; ok && i < o->n_boxes; i++)
        tell_box(o, &o->boxes[i]);
    return ok;
}

/* Mailboxes that are folders of this machine. */
static void look_at_folders(struct online *o)
{
    for (size_t i = 0; i < o->c->n_mailboxes; i++) {
        const struct mailbox_cfg *m = &o->c->mailboxes[i];
        char why[LINE];
        if (m->kind == MAILBOX_IMAP)
            continue;
        const char *problem = config_folder_problem(m);
        if (problem == NULL) {
            line(o, "mailbox", m->name, OUTCOME_OK, "%.*s: can be read", SV_ARG(m->path));
            continue;
        }
        (void)snprintf(why, sizeof why, "%.*s: %s; it must be a folder that this user can read",
                       SV_ARG(m->path), problem);
        failed(o, "mailbox", m->name, ERR_UNREACHABLE, why);
    }
}

static void try_channel(struct online *o, struct notify *n, const struct channel_cfg *c)
{
    static const char *const good[CHANNEL_TYPE_END] = {
        [CHANNEL_EMAIL] = "lets us in; no mail was sent",
        [CHANNEL_COMMAND] = "may be run; it was not",
    };
    const char *well = good[c->type] ? good[c->type] : "can be reached; nothing was sent";
    char where[ERR_QUOTE];
    struct answer answer;
    if (!notify_probe(n, c, where, &answer))
        line(o, "channel", c->name, OUTCOME_UNTRIED, "test-alert sends one");
    else if (answer.cls == ANSWER_SENT)
        line(o, "channel", c->name, OUTCOME_OK, "%s %s: test-alert sends one", where, well);
    else
        failed(o, "channel", c->name, answer.cls == ANSWER_RETRY ? ERR_RETRY : ERR_CONFIG, answer.err.msg);
}

static bool try_channels(struct online *o, struct err *e)
{
    struct notify *n = notify_open(&o->c->limits, e);
    if (n == NULL)
        return false;
    notify_use_tokens(n, o->tokens);
    for (size_t i = 0; i < o->c->n_channels; i++)
        try_channel(o, n, &o->c->channels[i]);
    notify_close(n);
    return true;
}

static int widest_name(const struct config *c)
{
    size_t widest = 1;
    for (size_t i = 0; i < c->n_mailboxes; i++)
        widest = c->mailboxes[i].name.n > widest ? c->mailboxes[i].name.n : widest;
    for (size_t i = 0; i < c->n_channels; i++)
        widest = c->channels[i].name.n > widest ? c->channels[i].name.n : widest;
    return (int)(widest < 40 ? widest : 40);
}

/* Tokens are kept in the state folder, which may not be there before the first run. */
static bool make_folder(const struct config *c, struct err *e)
{
    bool oauth = false;
    for (size_t i = 0; i < c->n_mailboxes; i++)
        oauth = oauth || c->mailboxes[i].oauth.grant != OAUTH_NONE;
    for (size_t i = 0; i < c->n_channels; i++)
        oauth = oauth || c->channels[i].oauth.grant != OAUTH_NONE;
    if (!oauth)
        return true;
    struct store *store = NULL;
    bool ok = store_open(c->state_path, &c->limits, &store, e);
    store_close(store);
    return ok;
}

int check_online(const struct config *c)
{
    struct err e = {0};
    struct online o = {.c = c, .name_width = widest_name(c)};
    o.boxes = calloc(c->n_mailboxes + 1, sizeof *o.boxes);
    o.tokens = o.boxes ? tokens_open(&c->limits, c->state_path, &e) : NULL;
    check_state(&o);
    bool ok = o.boxes ? o.tokens && (o.code || make_folder(c, &e)) : err_set(&e, ERR_MEMORY, "out of memory");
    if (ok && look(&o, &e)) {
        look_at_folders(&o);
        ok = try_channels(&o, &e);
    }
    tokens_close(o.tokens);
    free(o.boxes);
    int code = e.cls != ERR_NONE ? say_err(&e) : 0;
    return code > o.code ? code : o.code;
}
