/* dmarcwarn status: whether all is well, from the database and from a reader started for it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "intake/intake.h"
#include "learning.h"
#include "load_config.h"
#include "mailbox_key.h"
#include "output/status.h"
#include "say.h"
#include "store/outbox.h"
#include "store/runs.h"
#include "store/status.h"
#include "version.h"

enum { OPT_CONFIG = 1, OPT_FORMAT, OPT_NOTES };

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {OPT_FORMAT, 0, "format", "FORMAT", "text (default) or json"},
    {OPT_NOTES, 0, "notes", NULL,
     "also what had to be repaired in each reporter's reports, how often, and when last"},
    {0, 0, NULL, NULL, NULL},
};

static int status_main(int argc, char **argv);

const struct command cmd_status = {
    .name = "status",
    .args = "",
    .summary = "Tell how readers are confined, what the last run did, what fails and what waits",
    .opts = options,
    .details = "Exit status: 0 it was told, whatever it is; 73 readers cannot be confined;\n"
               "78 the configuration is wrong.\n",
    .run = status_main,
};

struct told {
    struct common common;
    const char *path;
    bool json;
    arena arena;
    struct config config;
    struct store *store; /* NULL: there is no database yet */
    struct status status;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct told *t = ctx;
    if (id == OPT_CONFIG) {
        t->path = value;
        return true;
    }
    if (id == OPT_NOTES) {
        t->status.with_notes = true;
        return true;
    }
    t->json = strcmp(value, "json") == 0;
    return t->json || strcmp(value, "text") == 0 ||
           err_set(e, ERR_USAGE, "--format=%s: write text or json", value);
}

/* What failed is part of what there is to tell. */
static void tell_sandbox(struct told *t, struct err *e)
{
    const struct intake_options o = {.limits = &t->config.limits, .best_effort = t->config.best_effort};
    const char *name, *sentence;
    e->cls = ERR_NONE;
    if (intake_probe(&o, &name, &sentence, e)) {
        t->status.sandbox = sv_c(name);
        t->status.sandbox_sentence = sv_c(sentence);
    } else {
        t->status.sandbox_sentence = arena_sv(&t->arena, sv_c(e->msg));
    }
}

static bool tell_run(struct told *t, struct err *e)
{
    struct store_run run;
    struct status_run *to = &t->status.run;
    if (!store_last_run(t->store, &run, &to->any, e))
        return false;
    if (to->any)
        *to = (struct status_run){.any = true,
                                  .started = run.started,
                                  .ended = run.ended,
                                  .exit_code = run.exit_code,
                                  .mails = run.counts.mails,
                                  .reports = run.counts.reports,
                                  .rejects = run.counts.rejects,
                                  .notices = run.counts.notices,
                                  .sent = run.counts.sent,
                                  .failed = run.counts.failed};
    return true;
}

static bool tell_object(struct told *t, const char *kind, sv name, struct status_object *to, struct err *e)
{
    struct store_object_status o;
    sv object = arena_printf(&t->arena, "%s:%.*s", kind, SV_ARG(name));
    if (!store_object_status(t->store, object, &t->arena, &o, e))
        return false;
    to->failed_runs = o.failed_runs;
    to->error = o.error;
    to->last_success = o.last_success;
    return true;
}

static bool tell_mailbox(struct told *t, const struct mailbox_cfg *m, struct status_object *to, struct err *e)
{
    struct store_mailbox_key key = mailbox_key(m);
    struct store_box_status box;
    to->name = m->name;
    if (t->store == NULL)
        return true;
    if (!store_box_status(t->store, &key, &box, e) || !tell_object(t, "mailbox", m->name, to, e))
        return false;
    to->has_mark = box.uidvalidity != 0 && m->kind == MAILBOX_IMAP;
    to->mark = box.mark;
    to->uidvalidity = box.uidvalidity;
    to->gaps = box.gaps;
    if (!box.known)
        to->last_success = 0;
    return true;
}

static bool tell_channel(struct told *t, const struct channel_cfg *c, struct status_object *to, struct err *e)
{
    struct store_channel_status counts;
    to->name = c->name;
    if (t->store == NULL)
        return true;
    if (!store_channel_status(t->store, c->name, &counts, e) || !tell_object(t, "channel", c->name, to, e))
        return false;
    to->waiting = counts.waiting;
    to->dead = counts.dead;
    return true;
}

static bool tell_objects(struct told *t, struct err *e)
{
    const struct config *c = &t->config;
    struct status_object *boxes = arena_array(&t->arena, c->n_mailboxes + 1, sizeof *boxes);
    struct status_object *channels = arena_array(&t->arena, c->n_channels + 1, sizeof *channels);
    if (boxes == NULL || channels == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < c->n_mailboxes; i++)
        if (!tell_mailbox(t, &c->mailboxes[i], &boxes[i], e))
            return false;
    for (size_t i = 0; i < c->n_channels; i++)
        if (!tell_channel(t, &c->channels[i], &channels[i], e))
            return false;
    t->status.mailboxes = boxes;
    t->status.n_mailboxes = c->n_mailboxes;
    t->status.channels = channels;
    t->status.n_channels = c->n_channels;
    return true;
}

static bool tell_notes(struct told *t, struct err *e)
{
    struct store_note *found;
    struct status_note *notes;
    size_t n;
    if (!t->status.with_notes)
        return true;
    if (!store_notes(t->store, &t->arena, &found, &n, e))
        return false;
    t->status.notes = notes = arena_array(&t->arena, n + 1, sizeof *notes);
    if (notes == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    t->status.n_notes = n;
    for (size_t i = 0; i < n; i++)
        notes[i] = (struct status_note){found[i].reporter, found[i].note, found[i].reports, found[i].last};
    return true;
}

/* A database that is not there yet is not made. */
static bool open_store(struct told *t, struct err *e)
{
    sv path = t->config.state_path;
    return access(arena_cstr(&t->arena, path), F_OK) != 0 ||
           store_open(path, &t->config.limits, &t->store, e);
}

static bool tell(struct told *t, struct err *sandbox, struct err *e)
{
    t->status.version = DMARCWARN_VERSION;
    if (!load_config(&t->common, t->path, &t->arena, &t->config, e) || !open_store(t, e))
        return false;
    tell_sandbox(t, sandbox);
    return (t->store == NULL ||
            (tell_run(t, e) && tell_notes(t, e) &&
             learning_find(t->store, &t->config, &t->status.learning, &t->status.learning_until, e) &&
             store_quarantine_count(t->store, &t->status.quarantined, e))) &&
           tell_objects(t, e) && status_print(&t->status, t->json, stdout, e);
}

static int status_main(int argc, char **argv)
{
    struct told t = {.path = CONFIG_PATH};
    struct opts o;
    struct err e, sandbox = {.cls = ERR_NONE};
    opts_start(&o, &cmd_status, argc, argv);
    if (!common_parse(&t.common, &cmd_status, &o, take_option, &t, &e))
        return common_give_up(&t.common, &cmd_status, &e);
    arena_init(&t.arena, CONFIG_MEMORY);
    int code = tell(&t, &sandbox, &e) ? err_exit_code(sandbox.cls) : say_err(&e);
    store_close(t.store);
    arena_free(&t.arena);
    return code;
}
