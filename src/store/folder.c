#include "folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"

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
