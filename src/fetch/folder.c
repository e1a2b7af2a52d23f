#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sv.h"

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool has_name(const struct folder_level *l, const char *name)
{
    return l->n && bsearch(&name, l->names, l->n, sizeof *l->names, by_bytes);
}

static void free_level(struct folder_level *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->names[i]);
    free(l->names);
}

/* Folders get a slash behind their name, so that the order of names is that of whole paths. */
static char *name_of(DIR *dir, const struct dirent *entry)
{
    struct stat st;
    bool is_folder = entry->d_type == DT_DIR;
    if (entry->d_type == DT_UNKNOWN)
        is_folder = fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
    char *name = NULL;
    return asprintf(&name, "%s%s", entry->d_name, is_folder ? "/" : "") < 0 ? NULL : name;
}

/* Owns the name, also when there is no room for it. */
static bool add_name(struct folder_level *l, char *name)
{
    if (name == NULL)
        return false;
    /* Room doubles at each power of two. */
    if ((l->n & (l->n - 1)) == 0) {
        char **more = reallocarray(l->names, l->n ? 2 * l->n : 1, sizeof *more);
        if (more == NULL) {
            free(name);
            return false;
        }
        l->names = more;
    }
    l->names[l->n++] = name;
    return true;
}

static bool read_names(const struct folder *f, DIR *dir, struct folder_level *l, struct err *e)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL && errno)
            return err_set(e, ERR_INPUT, "%s: cannot read the folder: %s", f->path.p, strerror(errno));
        if (entry == NULL)
            return true;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (l->n >= f->limits->folder_entries)
            return err_set(e, ERR_LIMIT,
                           "%s: more than %llu entries in one folder; raise the limit folder_entries, or "
                           "split the folder",
                           f->path.p, (unsigned long long)f->limits->folder_entries);
        if (!add_name(l, name_of(dir, entry)))
            return err_set(e, ERR_MEMORY, "%s: out of memory", f->path.p);
    }
}

/* Goes into the folder at f->path. */
static bool enter(struct folder *f, struct err *e)
{
    if (f->n >= f->limits->folder_depth)
        return err_set(e, ERR_LIMIT, "%s: folders are nested more than %llu deep (folder_depth)", f->path.p,
                       (unsigned long long)f->limits->folder_depth);
    struct folder_level *more = reallocarray(f->levels, f->n + 1, sizeof *more);
    if (more == NULL)
        return err_set(e, ERR_MEMORY, "%s: out of memory", f->path.p);
    f->levels = more;
    struct folder_level l = {.path_n = f->path.n - 1};
    DIR *dir = opendir(f->path.p);
    if (dir == NULL)
        return err_set(e, ERR_INPUT, "%s: cannot open the folder: %s", f->path.p, strerror(errno));
    bool ok = read_names(f, dir, &l, e);
    (void)closedir(dir);
    if (!ok) {
        free_level(&l);
        return false;
    }
    if (l.n)
        qsort(l.names, l.n, sizeof *l.names, by_bytes);
    l.maildir = has_name(&l, "cur/") && has_name(&l, "new/");
    f->levels[f->n++] = l;
    return true;
}

/* f->path becomes that of an entry of the innermost folder. */
static bool set_path(struct folder *f, const char *name)
{
    f->path.n = f->levels[f->n - 1].path_n;
    if (f->path.n == 0 || f->path.p[f->path.n - 1] != '/')
        buf_char(&f->path, '/');
    buf_puts(&f->path, name);
    buf_char(&f->path, '\0');
    return !f->path.failed;
}

bool folder_open(struct folder *f, const char *path, const struct limits *limits, struct err *e)
{
    *f = (struct folder){.limits = limits};
    buf_init(&f->path, PATH_MAX);
    sv name = sv_c(path);
    while (name.n > 1 && name.p[name.n - 1] == '/')
        name.n--;
    buf_sv(&f->path, name);
    buf_char(&f->path, '\0');
    if (!f->path.failed)
        return enter(f, e);
    return err_set(e, ERR_INPUT, "%s: the path is too long", path);
}

static enum folder_result error(struct err *e, const char *path, const char *why)
{
    (void)err_set(e, ERR_INPUT, "%s: %s", path, why);
    return FOLDER_ERROR;
}

/* What f->path is. FOLDER_END: nothing to tell of. */
static enum folder_result look_at(struct folder *f, bool maildir, struct err *e)
{
    struct stat st;
    char *last = &f->path.p[f->path.n - 2];
    if (*last == '/') {
        *last = '\0';
        f->path.n--;
        return enter(f, e) ? FOLDER_END : FOLDER_ERROR;
    }
    if (lstat(f->path.p, &st) != 0)
        return error(e, f->path.p, strerror(errno));
    bool link = S_ISLNK(st.st_mode);
    if (link && stat(f->path.p, &st) != 0)
        return error(e, f->path.p, strerror(errno));
    if (S_ISREG(st.st_mode))
        return maildir ? FOLDER_END : FOLDER_FILE;
    if (S_ISDIR(st.st_mode) && link)
        return error(e, f->path.p, "a link to a folder is not followed; name the folder itself");
    return error(e, f->path.p, "neither a file nor a folder");
}

enum folder_result folder_next(struct folder *f, struct err *e)
{
    while (f->n) {
        struct folder_level *l = &f->levels[f->n - 1];
        if (l->at == l->n) {
            free_level(l);
            f->n--;
            continue;
        }
        const char *name = l->names[l->at++];
        bool maildir = l->maildir;
        if (maildir && strcmp(name, "tmp/") == 0)
            continue;
        enum folder_result result =
            set_path(f, name) ? look_at(f, maildir, e) : error(e, name, "its path is too long");
        if (f->path.failed)
            buf_reset(&f->path);
        if (result != FOLDER_END)
            return result;
    }
    return FOLDER_END;
}

void folder_close(struct folder *f)
{
    while (f->n)
        free_level(&f->levels[--f->n]);
    free(f->levels);
    f->levels = NULL;
    buf_free(&f->path);
}
