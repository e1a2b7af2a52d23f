/* dmarcwarn import: reports of files become history. The same files, readers and T1 as elsewhere; what goes
 * on is told once, as one notice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/sha256.h"
#include "command_lock.h"
#include "fetch/files.h"
#include "intake/intake.h"
#include "parse_queue.h"
#include "progress.h"
#include "put_result.h"
#include "readers.h"
#include "run.h"
#include "say.h"
#include "store/imports.h"
#include "store/mails.h"

enum { OPT_CONFIG = 1 };

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {0, 0, NULL, NULL, NULL},
};

static int import_main(int argc, char **argv);

const struct command cmd_import = {
    .name = "import",
    .args = "[--] PATH…",
    .summary = "Take reports of files into the history, in silence but for one summary",
    .opts = options,
    .details =
        "A path may be a report (XML, gzip, zip, JSON), a mail, an mbox, a Maildir or a folder of any of\n"
        "these, as with parse. A report counts once, whatever way and however often it comes. The files\n"
        "stay as they are. What goes on in the reports is one notice a tenant, which the next run sends.\n\n"
        "Exit status: 0 something was read; 65 nothing could be read; 64 wrong usage; 73, 74 the state\n"
        "folder or disk; 75 a run is at work; 78 the configuration is wrong.\n",
    .run = import_main,
};

struct import {
    struct run run; /* for the steps that an import and a run share */
    struct files *files;
    struct intake *intake;
    struct parse_queue queue; /* the mails of one T1 */
    struct progress progress;
    bool files_end;
    int64_t mailbox; /* its row */
    uint64_t inputs, unread;
    uint64_t reports, known;
};

/* A mail is named by its octets: imported again, it is the same one. */
static bool name_mail(struct raw_mail *mail, struct err *e)
{
    uint8_t hash[SHA256_SIZE];
    if (!sha256(sv_of(mail->bytes, mail->n), hash))
        return err_set(e, ERR_MEMORY, "out of memory");
    memcpy(&mail->uidvalidity, hash, sizeof mail->uidvalidity);
    memcpy(&mail->uid, hash + sizeof mail->uidvalidity, sizeof mail->uid);
    return true;
}

static void tell_unread(struct import *im, const struct parse_job *job, sv member, enum reject why)
{
    char place[64] = "";
    im->unread++;
    progress_clear(&im->progress);
    if (job->number)
        (void)snprintf(place, sizeof place, " (mail %u)", (unsigned)job->number);
    say(SAY_WARNING, "%s%s%s%.*s: not read: %s", job->path, place, member.n ? " > " : "", SV_ARG(member),
        reject_sentence(why));
}

static void tell_documents(struct import *im, const struct parse_job *job)
{
    for (size_t i = 0; i < job->result->outcome.n_documents; i++) {
        const struct document *d = intake_document(job->result, i);
        if (d->kind == DOCUMENT_REJECT && !reject_is_final(d->reject.reason))
            tell_unread(im, job, d->member, d->reject.reason);
    }
}

/* Whoever imports has the file still: nothing of what cannot be read goes into quarantine. */
static bool put_job(struct import *im, const struct parse_job *job, struct err *e)
{
    struct store_put put = {0};
    if (job->result == NULL) {
        tell_unread(im, job, SV_ABSENT, job->why);
        return true;
    }
    switch (job->result->outcome.state) {
    case MAIL_NOT_A_REPORT:
        return true;
    case MAIL_REJECTED:
    case MAIL_TEMPORARY:
        tell_unread(im, job, SV_ABSENT, job->result->outcome.reject);
        return true;
    case MAIL_READ:
        break;
    }
    tell_documents(im, job);
    if (!put_reports(im->run.store, im->mailbox, job->result, &put, e))
        return false;
    im->reports += put.reports_new;
    im->known += put.reports_known;
    if (put.refused)
        tell_unread(im, job, SV_ABSENT, REJECT_store_refused);
    return true;
}

static void drop_first(struct import *im)
{
    if (im->queue.jobs[im->queue.head].result)
        intake_release(im->intake, im->queue.jobs[im->queue.head].result);
    parse_queue_pop(&im->queue);
}

/* T1 of everything in the queue, all of which is finished. */
static bool store_queue(struct import *im, struct err *e)
{
    struct store *s = im->run.store;
    if (!store_begin_mails(s, clock_now(), e))
        return false;
    bool ok = store_mark_import(s, e);
    for (size_t i = 0; ok && i < im->queue.n; i++)
        ok = put_job(im, &im->queue.jobs[(im->queue.head + i) % im->queue.cap], e);
    if (!ok) {
        store_abort_mails(s);
        return false;
    }
    while (im->queue.n)
        drop_first(im);
    return store_commit_mails(s, e);
}

/* Hands the next input to the readers. */
static bool submit_next(struct import *im, struct err *e)
{
    struct files_item item;
    switch (files_next(im->files, &item, e)) {
    case FILES_END:
        im->files_end = true;
        return true;
    case FILES_ERROR:
        progress_clear(&im->progress);
        say(SAY_ERROR, "%s", e->msg);
        return true;
    case FILES_ITEM:
        break;
    }
    uint64_t id = parse_queue_next_id(&im->queue);
    bool ok = parse_queue_push(&im->queue, &item) || err_set(e, ERR_MEMORY, "out of memory");
    if (ok && item.why == REJECT_NONE_)
        ok = name_mail(&item.mail, e) && intake_submit(im->intake, &item.mail, id, e);
    free(item.mail.bytes);
    im->inputs++;
    return ok;
}

static bool turn(struct import *im, bool wait, struct err *e)
{
    if (!readers_turn(im->intake, wait, e))
        return false;
    for (struct intake_result *r; intake_next(im->intake, &r);)
        parse_queue_finish(&im->queue, r);
    return true;
}

static bool read_all(struct import *im, struct err *e)
{
    while (!im->files_end || im->queue.n) {
        bool more = !im->files_end && !parse_queue_full(&im->queue) &&
                    intake_backlog(im->intake) < im->run.config.limits.backlog;
        progress_update(&im->progress, im->inputs, 0);
        if (more && !submit_next(im, e))
            return false;
        if (intake_pending(im->intake) ? !turn(im, !more, e) : !more && !store_queue(im, e))
            return false;
    }
    return true;
}

static bool open_all(struct import *im, char **paths, int n, struct err *e)
{
    struct run *r = &im->run;
    const struct intake_options o = {.limits = &r->config.limits,
                                     .best_effort = r->config.best_effort,
                                     .stage_folder = file_folder(&r->arena, r->config.state_path)};
    const struct store_mailbox_key key = store_import_key();
    struct store_mailbox box;
    if (o.stage_folder == NULL || !parse_queue_init(&im->queue, r->config.limits.batch_mails))
        return err_set(e, ERR_MEMORY, "out of memory");
    im->files = files_open((const char *const *)paths, (size_t)n, &r->config.limits);
    if (im->files == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (!store_mailbox(r->store, &key, &r->arena, &box, e))
        return false;
    im->mailbox = box.id;
    return intake_open(&o, &im->intake, e);
}

/* What a run has left undecided is no import's: it is decided before, and told one by one. */
static bool import(struct import *im, char **paths, int n, struct err *e)
{
    struct run *r = &im->run;
    if (!run_decide(r, e))
        return false;
    r->counts.notices = 0;
    progress_start(&im->progress, "mails and files");
    bool ok = open_all(im, paths, n, e) && read_all(im, e);
    progress_clear(&im->progress);
    parse_queue_free(&im->queue, im->intake);
    intake_close(im->intake);
    files_close(im->files);
    return ok && run_decide(r, e);
}

static void tell(const struct import *im)
{
    (void)printf("%llu new reports, %llu known ones, in %llu mails and files",
                 (unsigned long long)im->reports, (unsigned long long)im->known,
                 (unsigned long long)im->inputs);
    if (im->unread)
        (void)printf("; %llu could not be read", (unsigned long long)im->unread);
    (void)puts(im->run.counts.notices
                   ? "\nThe next run sends a summary of what goes on in them; nothing else of them is told."
                   : "\nNothing goes on in them that is to be told.");
}

static int locked(struct import *im, char **paths, int n)
{
    struct run *r = &im->run;
    struct err e = {0};
    bool ok = store_open(r->config.state_path, &r->config.limits, &r->store, &e) && import(im, paths, n, &e);
    store_close(r->store);
    if (!ok)
        return say_err(&e);
    if (im->reports || im->known) {
        tell(im);
        return 0;
    }
    say(SAY_WARNING, "no report could be read from what was given");
    return err_exit_code(ERR_INPUT);
}

static int run(struct import *im, char **paths, int n)
{
    struct run *r = &im->run;
    struct err e = {0};
    struct store_lock lock;
    if (!load_config(&r->common, r->config_path, &r->arena, &r->config, &e) ||
        !command_lock(r->config.state_path, &lock, &e))
        return say_err(&e);
    int code = locked(im, paths, n);
    store_unlock(&lock);
    return code;
}

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct import *im = ctx;
    (void)id;
    (void)e;
    im->run.config_path = value;
    return true;
}

static int import_main(int argc, char **argv)
{
    struct import im = {.run = {.config_path = CONFIG_PATH}};
    struct opts o;
    struct err e;
    opts_start(&o, &cmd_import, argc, argv);
    bool ok = common_parse(&im.run.common, &cmd_import, &o, take_option, &im, &e);
    if (ok && o.n_operands == 0)
        ok = err_set(&e, ERR_USAGE, "no PATH given; 'dmarcwarn import --help' tells more");
    if (!ok)
        return common_give_up(&im.run.common, &cmd_import, &e);
    im.run.started = clock_now();
    arena_init(&im.run.arena, CONFIG_MEMORY);
    int code = run(&im, o.operands, o.n_operands);
    arena_free(&im.run.arena);
    return code;
}
