#include "fetch/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/magic.h"
#include "folder.h"
#include "mbox.h"

enum { READ_STEP = 64 * 1024 };

struct files {
    const char *const *paths;
    size_t n, at;
    const struct limits *limits;
    const struct files_filter *filter; /* NULL: every file */
    struct folder folder;              /* of the path in hand, when it is one */
    bool in_folder;
    const char *path; /* of the file in hand */
    int fd;           /* -1: none */
    bool is_mbox, at_end;
    int64_t mtime;
    buf in; /* octets of the file that are not looked at yet */
    struct mbox mbox;
    uint32_t number; /* mails out of the mbox so far */
    uint32_t mails;  /* out of everything */
};

struct files *files_open(const char *const *paths, size_t n, const struct limits *limits)
{
    struct files *f = calloc(1, sizeof *f);
    if (f == NULL)
        return NULL;
    f->paths = paths;
    f->n = n;
    f->limits = limits;
    f->fd = -1;
    buf_init(&f->in, (size_t)limits->mbox_line + 2 * READ_STEP);
    mbox_init(&f->mbox, (size_t)limits->mail_size, (size_t)limits->mbox_line);
    return f;
}

void files_filter(struct files *f, const struct files_filter *filter)
{
    f->filter = filter;
}

static void close_file(struct files *f)
{
    if (f->fd > STDIN_FILENO)
        (void)close(f->fd);
    f->fd = -1;
    f->is_mbox = false;
    buf_reset(&f->in);
    mbox_free(&f->mbox);
    mbox_init(&f->mbox, (size_t)f->limits->mail_size, (size_t)f->limits->mbox_line);
}

static bool fail(struct files *f, const char *what, struct err *e)
{
    int why = errno;
    (void)err_set(e, ERR_INPUT, "%s: %s: %s", f->path, what, strerror(why));
    close_file(f);
    return false;
}

/* Appends what one read gives; at_end when it gives nothing. */
static bool read_more(struct files *f, struct err *e)
{
    ssize_t got;
    char *to = buf_room(&f->in, READ_STEP);
    if (to == NULL) {
        errno = ENOMEM;
        return fail(f, "cannot read", e);
    }
    do {
        got = read(f->fd, to, READ_STEP);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return fail(f, "cannot read", e);
    f->in.n += (size_t)got;
    f->at_end = got == 0;
    return true;
}

static bool is_wanted(const struct files *f, const struct stat *st)
{
    int64_t mtime = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
    return f->filter == NULL || f->filter->wants(f->filter->ctx, sv_c(f->path), (uint64_t)st->st_size, mtime);
}

/* Looks at what the open file begins with. */
static bool begin_file(struct files *f, struct err *e)
{
    f->number = 0;
    f->at_end = false;
    /* A pipe may give its first octets one by one. */
    while (!f->at_end && f->in.n < 16)
        if (!read_more(f, e))
            return false;
    f->is_mbox = magic_of(buf_view(&f->in)) == MAGIC_MBOX;
    return true;
}

/* Opens f->path; f->fd stays -1 when the file is not wanted. */
static bool open_file(struct files *f, struct err *e)
{
    struct stat st = {0};
    bool is_stdin = strcmp(f->path, "-") == 0 && !f->in_folder;
    f->fd = is_stdin ? STDIN_FILENO : open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (f->fd < 0)
        return fail(f, "cannot open", e);
    if (!is_stdin && fstat(f->fd, &st) != 0)
        return fail(f, "cannot read", e);
    f->mtime = (int64_t)st.st_mtime;
    if (is_wanted(f, &st))
        return begin_file(f, e);
    close_file(f);
    return true;
}

static void fill_item(struct files *f, struct files_item *item, buf *mail, bool too_large)
{
    *item = (struct files_item){
        .path = sv_c(f->path),
        .number = f->number,
        .why = too_large ? REJECT_mail_too_large : REJECT_NONE_,
        .mail = {.source = (uint32_t)(f->at - 1), .uid = ++f->mails, .internaldate = f->mtime}};
    if (!too_large) {
        char *fitting = realloc(mail->p, mail->n ? mail->n : 1);
        item->mail.bytes = fitting ? fitting : mail->p;
        item->mail.n = mail->n;
        buf_init(mail, mail->max);
    }
}

static bool read_whole(struct files *f, struct files_item *item, struct err *e)
{
    buf mail;
    struct err why = {0};
    buf_init(&mail, (size_t)f->limits->mail_size);
    buf_sv(&mail, buf_view(&f->in));
    bool fits = !mail.failed;
    bool ok = fits && (f->at_end || file_read_fd(f->fd, f->path, &mail, &why));
    bool too_large = !fits || why.cls == ERR_LIMIT;
    if (ok || too_large)
        fill_item(f, item, &mail, too_large);
    else
        *e = why;
    buf_free(&mail);
    close_file(f);
    return ok || too_large;
}

static enum files_result read_mbox(struct files *f, struct files_item *item, struct err *e)
{
    for (;;) {
        sv in = buf_view(&f->in);
        enum mbox_result result = mbox_next(&f->mbox, &in, f->at_end);
        buf_consume(&f->in, f->in.n - in.n);
        if (result == MBOX_MAIL) {
            f->number++;
            fill_item(f, item, &f->mbox.mail, f->mbox.too_large);
            return FILES_ITEM;
        }
        if (f->at_end) {
            close_file(f);
            return FILES_END;
        }
        if (!read_more(f, e))
            return FILES_ERROR;
    }
}

/* Makes the next file the one in hand. FILES_ITEM: there is one. */
static enum files_result next_in_folder(struct files *f, struct err *e)
{
    switch (folder_next(&f->folder, e)) {
    case FOLDER_FILE:
        f->path = f->folder.path.p;
        return FILES_ITEM;
    case FOLDER_ERROR:
        return FILES_ERROR;
    case FOLDER_END:
        break;
    }
    folder_close(&f->folder);
    f->in_folder = false;
    return FILES_END;
}

static enum files_result next_path(struct files *f, struct err *e)
{
    struct stat st;
    if (f->at == f->n)
        return FILES_END;
    f->path = f->paths[f->at++];
    if (strcmp(f->path, "-") == 0 || stat(f->path, &st) != 0 || !S_ISDIR(st.st_mode))
        return FILES_ITEM; /* opening it says what is wrong */
    f->in_folder = folder_open(&f->folder, f->path, f->limits, e);
    if (f->in_folder)
        return next_in_folder(f, e);
    folder_close(&f->folder);
    return FILES_ERROR;
}

static enum files_result next_file(struct files *f, struct err *e)
{
    enum files_result result = FILES_END;
    while (result == FILES_END && (f->in_folder || f->at < f->n))
        result = f->in_folder ? next_in_folder(f, e) : next_path(f, e);
    return result;
}

enum files_result files_next(struct files *f, struct files_item *item, struct err *e)
{
    for (;;) {
        if (f->fd < 0) {
            enum files_result result = next_file(f, e);
            if (result != FILES_ITEM)
                return result;
            if (!open_file(f, e))
                return FILES_ERROR;
            if (f->fd < 0)
                continue;
        }
        if (!f->is_mbox)
            return read_whole(f, item, e) ? FILES_ITEM : FILES_ERROR;
        enum files_result result = read_mbox(f, item, e);
        if (result != FILES_END)
            return result;
    }
}

void files_close(struct files *f)
{
    if (f == NULL)
        return;
    close_file(f);
    mbox_free(&f->mbox);
    buf_free(&f->in);
    if (f->in_folder)
        folder_close(&f->folder);
    free(f);
}
