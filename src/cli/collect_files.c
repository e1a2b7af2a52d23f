/* Mailboxes that are files of this machine. A file is read when its size or time is another than what the
 * store knows of its path; then it is known again in the T1 of its last mail. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "collect.h"
#include "config/config.h"
#include "fetch/files.h"
#include "say.h"
#include "store/files.h"

enum {
    FILES_TURN = 32,      /* mails read before mailboxes and readers get their turn */
    FILES_IN_FLIGHT = 256 /* mails with the readers and not stored, above which files wait */
};

/* A file that is being read or whose mails are not all stored. */
struct file_job {
    struct store_file file;
    uint32_t mails; /* that came out of it so far */
    uint32_t open;  /* of these, not stored */
    bool whole;     /* no more will come */
    bool failed;    /* it could not be read to its end: nothing is remembered of it */
    struct file_job *next;
};

struct file_source {
    struct collect *c;
    struct box *box;
    uint32_t index;
    const char *path;
    struct files *files; /* NULL: at its end */
    struct files_filter filter;
    struct file_job *jobs; /* the one being read is the first */
    uint32_t last;         /* highest UID in use */
};

/* What a file is known by: its path below the folder. In a Maildir neither flags nor the way from new to cur
 * make another mail of it (maildir(5)). */
static bool make_key(const struct file_source *s, sv path, buf *key)
{
    sv folder = sv_c(s->path);
    sv below = path.n > folder.n ? sv_skip(path, folder.n) : path;
    while (below.n > 1 && below.p[0] == '/')
        below = sv_skip(below, 1);
    size_t colon = sv_find_char(below, ':', 0);
    if (s->box->cfg->kind != MAILBOX_MAILDIR) {
        buf_sv(key, below);
        return !key->failed;
    }
    for (sv part, rest = sv_first(below, colon < below.n ? colon : below.n); sv_split(&rest, '/', &part);) {
        if (sv_eq(part, SV("cur")) || sv_eq(part, SV("new")))
            continue;
        buf_char(key, '/');
        buf_sv(key, part);
    }
    return !key->failed;
}

static void end_job(struct file_source *s, bool failed)
{
    if (s->jobs == NULL || s->jobs->whole)
        return;
    s->jobs->whole = true;
    s->jobs->failed = failed;
}

static void add_job(struct file_source *s, const struct store_file *file)
{
    struct file_job *job = calloc(1, sizeof *job);
    char *path = job ? strndup(file->path.p, file->path.n) : NULL;
    if (path == NULL) {
        free(job);
        collect_no_memory(s->c);
        return;
    }
    job->file = *file;
    job->file.path.p = path;
    job->next = s->jobs;
    s->jobs = job;
}

/* A file of which a mail was a gap keeps its numbers, so that tries are counted. */
static bool wants_key(struct file_source *s, sv key, uint64_t size, int64_t mtime)
{
    struct store_file file;
    struct err e;
    bool known;
    if (!store_file(s->c->run->store, s->box->state.id, key, &file, &known, &e)) {
        collect_fail(s->c, &e);
        return false;
    }
    bool same = known && file.size == size && file.mtime == mtime;
    if (same && file.done)
        return false;
    if (!same)
        file.uid = s->last + 1;
    file.size = size;
    file.mtime = mtime;
    file.done = true; /* until one of its mails is not */
    add_job(s, &file);
    return s->c->err.cls == ERR_NONE;
}

static bool wants(void *ctx, sv path, uint64_t size, int64_t mtime)
{
    struct file_source *s = ctx;
    buf key;
    buf_init(&key, path.n + 1);
    end_job(s, false);
    bool made = make_key(s, path, &key);
    if (!made)
        collect_no_memory(s->c);
    bool wanted = made && wants_key(s, buf_view(&key), size, mtime);
    buf_free(&key);
    return wanted;
}

/* Nothing will come of it, and that is told. */
static bool is_away(struct box *box, const char *why)
{
    (void)err_set(&box->end.err, ERR_UNREACHABLE, "%.*s: %s", SV_ARG(box->cfg->path), why);
    return true;
}

bool collect_files_open(struct collect *c, uint32_t index, struct err *e)
{
    struct box *box = &c->boxes[index];
    bool changed;
    struct file_source *s = calloc(1, sizeof *s);
    box->files = s;
    if (s == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    *s = (struct file_source){.c = c, .box = box, .index = index, .filter = {s, wants}};
    const char *problem = config_folder_problem(box->cfg);
    if (problem)
        return is_away(box, problem);
    s->path = arena_cstr(&c->run->arena, box->cfg->path);
    s->files = s->path ? files_open(&s->path, 1, &c->run->config.limits) : NULL;
    if (s->files == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    files_filter(s->files, &s->filter);
    box->uidvalidity = STORE_FILES_UIDVALIDITY;
    if (!store_mailbox_opened(c->run->store, box->state.id, box->uidvalidity, &changed, e) ||
        !store_files_last(c->run->store, box->state.id, &s->last, e))
        return false;
    if (box->state.mark > s->last)
        s->last = box->state.mark;
    return true;
}

static void close_files(struct file_source *s)
{
    files_close(s->files);
    s->files = NULL;
}

static bool submit(struct file_source *s, struct files_item *item, struct err *e)
{
    struct collect *c = s->c;
    struct file_job *job = s->jobs;
    uint32_t uid = job->file.uid + job->mails++;
    if (uid > s->last)
        s->last = uid;
    if (item->number == 0)
        end_job(s, false); /* no mbox: it was all */
    if (!collect_hand(c, s->box, uid))
        return true;
    if (item->why != REJECT_NONE_) {
        collect_gap(c, s->index, (struct gap){.uid = uid, .why = item->why});
        return true;
    }
    item->mail.source = s->index;
    item->mail.uidvalidity = s->box->uidvalidity;
    item->mail.uid = uid;
    job->open++;
    s->box->pending++;
    return intake_submit(c->intake, &item->mail, c->next_id++, e);
}

/* The first error stands for all: it is told as what the mailbox has. */
static void keep_error(struct file_source *s, const struct err *why)
{
    end_job(s, true);
    if (s->box->end.err.cls == ERR_NONE)
        s->box->end.err = *why;
}

static bool read_one(struct file_source *s, struct err *e)
{
    struct files_item item = {0};
    struct err why = {0};
    bool ok = true;
    switch (files_next(s->files, &item, &why)) {
    case FILES_ITEM:
        ok = submit(s, &item, e);
        free(item.mail.bytes);
        break;
    case FILES_ERROR:
        keep_error(s, &why);
        break;
    case FILES_END:
        end_job(s, false);
        close_files(s);
        break;
    }
    return ok;
}

static bool has_room(const struct collect *c)
{
    return intake_pending(c->intake) + c->n_batch < FILES_IN_FLIGHT &&
           intake_backlog(c->intake) < c->run->config.limits.backlog;
}

bool collect_files_turn(struct collect *c, struct err *e)
{
    for (size_t i = c->n_imap; i < c->n_boxes; i++) {
        struct file_source *s = c->boxes[i].files;
        for (int n = 0; s->files && n < FILES_TURN && has_room(c) && c->err.cls == ERR_NONE; n++)
            if (!read_one(s, e))
                return false;
    }
    return true;
}

bool collect_files_left(const struct collect *c)
{
    for (size_t i = c->n_imap; i < c->n_boxes; i++)
        if (c->boxes[i].files->files)
            return true;
    return false;
}

bool collect_files_ready(const struct collect *c)
{
    return has_room(c) && collect_files_left(c);
}

void collect_files_stop(struct collect *c)
{
    for (size_t i = c->n_imap; i < c->n_boxes; i++) {
        struct file_source *s = c->boxes[i].files;
        if (s->files == NULL)
            continue;
        end_job(s, true);
        close_files(s);
    }
}

static void free_job(struct file_job *job)
{
    free((void *)(uintptr_t)job->file.path.p);
    free(job);
}

void collect_files_close(struct box *box)
{
    if (box->files == NULL)
        return;
    close_files(box->files);
    while (box->files->jobs) {
        struct file_job *job = box->files->jobs;
        box->files->jobs = job->next;
        free_job(job);
    }
    free(box->files);
    box->files = NULL;
}

void collect_file_mail(struct box *box, uint32_t uid, bool settled)
{
    struct file_job *job = box->files ? box->files->jobs : NULL;
    while (job && (uid < job->file.uid || uid - job->file.uid >= job->mails))
        job = job->next;
    if (job == NULL)
        return;
    job->open--;
    job->file.done = settled && job->file.done;
}

bool collect_files_owed(const struct collect *c)
{
    for (size_t i = c->n_imap; i < c->n_boxes; i++)
        for (const struct file_job *job = c->boxes[i].files->jobs; job; job = job->next)
            if (job->whole && job->open == 0 && !job->failed)
                return true;
    return false;
}

bool collect_put_files(struct collect *c, struct box *box, struct err *e)
{
    if (box->files == NULL)
        return true;
    struct file_job **at = &box->files->jobs;
    while (*at) {
        struct file_job *job = *at;
        if (!job->whole || job->open) {
            at = &job->next;
            continue;
        }
        if (!job->failed && !store_put_file(c->run->store, box->state.id, &job->file, e))
            return false;
        *at = job->next;
        free_job(job);
    }
    return true;
}

uint32_t collect_files_floor(const struct box *box)
{
    return box->files->last;
}
