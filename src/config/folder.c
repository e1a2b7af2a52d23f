/* Mailboxes that are folders of this machine: whether they are there. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"

static bool has_folder(sv path, const char *name)
{
    char at[PATH_MAX];
    struct stat st;
    int n = snprintf(at, sizeof at, "%.*s/%s", SV_ARG(path), name);
    return n > 0 && (size_t)n < sizeof at && stat(at, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *config_folder_problem(const struct mailbox_cfg *m)
{
    char path[PATH_MAX];
    struct stat st;
    int n = snprintf(path, sizeof path, "%.*s", SV_ARG(m->path));
    if (n < 0 || (size_t)n >= sizeof path)
        return strerror(ENAMETOOLONG);
    if (stat(path, &st) != 0)
        return strerror(errno);
    if (!S_ISDIR(st.st_mode))
        return strerror(ENOTDIR);
    if (access(path, R_OK | X_OK) != 0)
        return strerror(errno);
    if (m->kind == MAILBOX_MAILDIR && !has_folder(m->path, "cur") && !has_folder(m->path, "new"))
        return "no Maildir: it has neither cur nor new";
    return NULL;
}
