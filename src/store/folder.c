#include "folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/store.h"

/* Octets up to and with the last slash. */
static size_t folder_length(sv file)
{
    size_t n = file.n;
    while (n && file.p[n - 1] != '/')
        n--;
    return n;
}

bool folder_err(const char *path, const char *what, int why, struct err *e)
{
    enum err_class cls = err_class_of_errno(why, ERR_STATE);
    return err_set(e, cls, "%s: %s: %s; %s", path, what, strerror(why),
                   cls == ERR_DISK ? "make room there, the next run catches up"
                                   : "`state` must name a path that this user can write");
}

static bool make_one(const char *path, struct err *e)
{
    struct stat st;
    if (mkdir(path, 0700) == 0)
        return true;
    int why = errno;
    if (why == EEXIST && stat(path, &st) == 0)
        why = S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
    return why == 0 || folder_err(path, "the state folder cannot be made", why, e);
}

bool folder_make(sv file, struct err *e)
{
    char *path = strndup(file.p, folder_length(file));
    if (path == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    bool ok = true;
    for (char *p = path; ok && *p; p++) {
        if (*p != '/' || p == path)
            continue;
        *p = '\0';
        ok = make_one(path, e);
        *p = '/';
    }
    free(path);
    return ok;
}

char *folder_file(sv file, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%.*s%s", (int)folder_length(file), file.p, name) < 0)
        return NULL;
    return path;
}

/* Cuts the last name off an absolute or relative path; false: nothing is left to cut. */
static bool cut_name(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path)
        return false;
    *slash = '\0';
    return true;
}

/* The nearest of the folders above the file that is there must take new files. */
bool store_may_write(sv file, struct err *e)
{
    char *path = strndup(file.p, file.n);
    if (path == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    bool good = access(path, F_OK) != 0 || access(path, R_OK | W_OK) == 0;
    if (!good)
        (void)folder_err(path, "the database cannot be written", errno, e);
    while (good && cut_name(path)) {
        if (access(path, F_OK) != 0 && errno == ENOENT)
            continue;
        good = access(path, W_OK | X_OK) == 0 ||
               folder_err(path, "the state folder cannot be written", errno, e);
        break;
    }
    free(path);
    return good;
}
