#include "config/config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "hash.h"
#include "load.h"
#include "tree.h"

static struct place whole_file(sv path)
{
    return (struct place){.file = path};
}

/* False when told. */
static bool read_file(const char *path, buf *text, struct problems *p)
{
    struct stat st;
    struct err e;
    sv name = sv_c(path);
    int fd CLEANUP(fd_cleanup) = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        PROBLEM(p, whole_file(name), cannot_open, sv_c(strerror(errno)));
        return false;
    }
    /* Who may write here decides where passwords are sent. */
    if (S_ISREG(st.st_mode) && (st.st_mode & S_IWOTH))
        PROBLEM(p, whole_file(name), writable_by_all, name);
    if (file_read_fd(fd, path, text, &e))
        return true;
    if (e.cls == ERR_LIMIT)
        PROBLEM(p, whole_file(name), too_large, NUMBER(text->max));
    else
        PROBLEM(p, whole_file(name), cannot_read, sv_c(strerror(errno)));
    return false;
}

static sv folder_of(sv path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/')
        n--;
    return sv_first(path, n);
}

/* Without routes, every channel gets what people should act on. */
static bool fill_routes(struct config *c, arena *a)
{
    if (c->routes)
        return true;
    struct route_cfg *route = arena_alloc(a, sizeof *route);
    size_t *channels = arena_array(a, c->n_channels, sizeof *channels);
    if (route == NULL || channels == NULL)
        return false;
    for (size_t i = 0; i < c->n_channels; i++)
        channels[i] = i;
    *route = (struct route_cfg){.match = {.severities = 1U << SEVERITY_warning | 1U << SEVERITY_critical},
                                .channels = channels,
                                .n_channels = c->n_channels};
    c->routes = route;
    c->n_routes = 1;
    return true;
}

static void load(const char *path, arena *a, struct config *out, struct problems *p)
{
    sv name = arena_sv(a, sv_c(path));
    buf text CLEANUP(buf_free);
    buf_init(&text, (size_t)out->limits.config_size);
    if (!read_file(path, &text, p))
        return;
    struct loader l = {.a = a, .p = p, .c = out, .folder = folder_of(name)};
    l.root = tree_read(buf_view(&text), name, &out->limits, a, p);
    if (l.root)
        load_tree(&l);
    if (text.p) /* it may hold passwords */
        explicit_bzero(text.p, text.n);
}

bool config_load(const char *path, arena *a, struct config *out, struct config_errors *errors)
{
    struct problems p;
    *out = (struct config){.limits = out->limits};
    for (size_t i = 0; i < RULE_END; i++)
        out->rules[i].severity = SEVERITY_END;
    problems_start(&p, errors, (size_t)out->limits.config_errors, a);
    load(path, a, out, &p);
    bool whole = errors->n == 0 && fill_routes(out, a) && config_hash(out, out->hash) && !a->failed;
    if (a->failed || (!whole && errors->n == 0)) /* whatever else was told may come of that */
        problem_no_memory(errors, sv_c(path));
    return whole;
}
