#include "config/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "address.h"
#include "base/file.h"
#include "hash.h"
#include "include.h"
#include "load.h"
#include "model/route.h"
#include "tree.h"
#include "unite.h"
#include "warnings.h"

static struct place whole_file(sv path)
{
    return (struct place){.file = path};
}

/* False when told. */
static bool read_file(sv name, buf *text, struct problems *p)
{
    struct stat st;
    struct err e;
    const char *path = name.p; /* NUL-terminated: out of an arena, which tells when it was full */
    if (path == NULL)
        return false;
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

sv folder_of(sv path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/')
        n--;
    return sv_first(path, n);
}

static void mark_owners(struct config *c)
{
    for (size_t i = 0; i < c->n_senders; i++)
        c->senders[i].has_address = address_is_valid(c->senders[i].owner);
}

/* Without routes, every channel gets what people should act on, but those that tenants name: they hear of
 * their own. */
static bool fill_routes(struct config *c, arena *a)
{
    size_t n = 0;
    if (c->routes)
        return true;
    struct route_cfg *route = arena_alloc(a, sizeof *route);
    size_t *channels = arena_array(a, c->n_channels + 1, sizeof *channels);
    if (route == NULL || channels == NULL)
        return false;
    for (size_t i = 0; i < c->n_channels; i++)
        if (!channel_is_of_tenant(c, i))
            channels[n++] = i;
    if (c->n_tenants)
        channels[n++] = TO_TENANT;
    *route = (struct route_cfg){.match = {.severities = 1U << SEVERITY_warning | 1U << SEVERITY_critical},
                                .channels = channels,
                                .n_channels = n};
    c->routes = route;
    c->n_routes = 1;
    return true;
}

/* A file as a tree; NULL when told. *text, which may be NULL, gets a copy of what it holds. */
static struct node *read_tree(sv path, const struct limits *l, arena *a, struct problems *p, sv *text)
{
    buf content CLEANUP(buf_free);
    buf_init(&content, (size_t)l->config_size);
    if (!read_file(path, &content, p))
        return NULL;
    struct node *root = tree_read(buf_view(&content), path, l, a, p);
    if (text)
        *text = arena_sv(a, buf_view(&content));
    if (content.p) /* it may hold passwords */
        explicit_bzero(content.p, content.n);
    return root;
}

/* An included file on its way into the configuration. */
struct part {
    struct config_file file;
    sv remembered;     /* as it was last good; absent: never */
    struct node *root; /* NULL: left out */
};

struct loading {
    arena *a;
    struct config *out;
    struct limits limits; /* as given */
    sv path;
    const struct node *root;
    struct problems *told;
    struct config_extra *extra;
    struct part *parts;
    struct suspect *suspects; /* one for each part */
    size_t n;
    struct loader loader;
};

static sv state_path(struct loading *g)
{
    const struct node *state = node_get(g->root, SV("state"));
    const struct node *path = state && state->kind == NODE_MAP ? node_get(state, SV("path")) : NULL;
    struct loader l = {.a = g->a, .folder = folder_of(g->path)};
    if (path && path->kind == NODE_TEXT && path->text.n)
        return sv_c(full_path(&l, path->text));
    return sv_c(schema_find("state", SV("path"))->def);
}

/* Those that are as they were first: where two files disagree, the changed one is to blame. */
static int unchanged_first(const void *x, const void *y)
{
    const struct part *a = x, *b = y;
    int c = !sv_eq(a->file.text, a->remembered) - !sv_eq(b->file.text, b->remembered);
    return c ? c : sv_cmp(a->file.path, b->file.path);
}

static void recall(struct loading *g)
{
    struct config_extra *x = g->extra;
    sv state = state_path(g);
    for (size_t i = 0; x && x->recall && i < g->n; i++)
        if (!x->recall(x->ctx, state, g->parts[i].file.path, g->a, &g->parts[i].remembered))
            g->parts[i].remembered = SV_ABSENT;
    if (g->n > 1)
        qsort(g->parts, g->n, sizeof *g->parts, unchanged_first);
}

static bool read_parts(struct loading *g)
{
    size_t n = 0;
    const struct node *include = g->root->kind == NODE_MAP ? node_get(g->root, SV("include")) : NULL;
    sv *paths = include ? include_paths(include, folder_of(g->path), &g->limits, g->a, g->told, &n) : NULL;
    g->parts = arena_array(g->a, n, sizeof *g->parts);
    g->suspects = arena_array(g->a, n, sizeof *g->suspects);
    if (g->parts == NULL || g->suspects == NULL)
        return false;
    g->told->suspects = g->suspects;
    g->n = g->told->n_suspects = n;
    for (size_t i = 0; i < n; i++) {
        struct part *part = &g->parts[i];
        part->file.path = g->suspects[i].file = paths[i];
        part->root = read_tree(paths[i], &g->limits, g->a, g->told, &part->file.text);
        part->file.failed = part->root == NULL || g->suspects[i].failed;
    }
    recall(g);
    for (size_t i = 0; i < n; i++)
        g->suspects[i].file = g->parts[i].file.path;
    return true;
}

/* Puts what it last held in the place of a part that has errors, or nothing. */
static void turn_back(struct loading *g, struct part *part)
{
    struct config_errors unheard;
    struct problems quiet;
    bool again = part->file.last_good || part->remembered.p == NULL;
    part->file.failed = true;
    part->file.last_good = !again;
    part->root = NULL;
    if (again)
        return;
    problems_start(&quiet, &unheard, 1, g->a);
    part->root = tree_read(part->remembered, part->file.path, &g->limits, g->a, &quiet);
}

/* Whether the file was told of in an earlier attempt: what is wrong with its old form is not news. */
static bool is_told(const struct loading *g, sv file)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->parts[i].file.path.p == file.p)
            return g->parts[i].file.failed;
    return false;
}

/* Loads main file and parts as they are now into *out; errors into *p. */
static void attempt(struct loading *g, struct problems *p)
{
    struct node *root = tree_copy(g->root, g->a);
    *g->out = (struct config){.limits = g->limits, .allowlist = g->out->allowlist};
    for (size_t i = 0; i < RULE_END; i++)
        g->out->rules[i].severity = SEVERITY_END;
    for (size_t i = 0; root && i < g->n; i++) {
        g->suspects[i].failed = false;
        if (g->parts[i].root)
            tree_unite(root, g->parts[i].root, g->a, p);
    }
    struct config_file *files = arena_array(g->a, g->n, sizeof *files);
    g->loader = (struct loader){
        .a = g->a, .p = p, .c = g->out, .root = root, .folder = folder_of(g->path), .files = files};
    if (root == NULL || files == NULL)
        return;
    for (size_t i = 0; i < g->n; i++)
        files[i] = g->parts[i].file;
    g->loader.n_files = g->n;
    load_tree(&g->loader);
    if (!g->a->failed)
        mark_owners(g->out);
    for (size_t i = 0; i < g->n; i++)
        g->parts[i].file.holds_secret = g->parts[i].file.holds_secret || files[i].holds_secret;
}

/* One attempt, and what follows from it. False: the parts are others now, try again. */
static bool try(struct loading *g)
{
    struct config_errors found;
    struct problems p;
    bool done = true;
    problems_start(&p, &found, g->told->cap, g->a);
    p.suspects = g->suspects;
    p.n_suspects = g->n;
    attempt(g, &p);
    for (size_t i = 0; i < found.n; i++)
        if (!is_told(g, found.list[i].file))
            problem_copy(g->told, &found.list[i]);
    g->told->out->more += found.more;
    g->told->main_failed = g->told->main_failed || p.main_failed;
    for (size_t i = 0; i < g->n && !p.main_failed; i++) {
        if (!g->suspects[i].failed)
            continue;
        turn_back(g, &g->parts[i]);
        done = false;
    }
    return done || g->a->failed;
}

static void give_extra(struct loading *g)
{
    struct config_extra *x = g->extra;
    struct problems p;
    problems_start(&p, &x->warnings, g->told->cap, g->a);
    p.are_warnings = true;
    x->files = arena_array(g->a, g->n, sizeof *x->files);
    x->n_files = x->files ? g->n : 0;
    for (size_t i = 0; i < x->n_files; i++)
        x->files[i] = g->parts[i].file;
    if (!g->told->main_failed && g->loader.root)
        config_warn(&g->loader, &p);
}

static void load(struct loading *g)
{
    g->root = read_tree(g->path, &g->limits, g->a, g->told, NULL);
    if (g->root == NULL || !read_parts(g))
        return;
    for (size_t i = 0; i < g->n; i++)
        if (g->parts[i].file.failed)
            turn_back(g, &g->parts[i]);
    while (!try(g))
        continue;
    if (g->extra && !g->a->failed)
        give_extra(g);
}

bool config_load_more(const char *path, arena *a, struct config *out, struct config_errors *errors,
                      struct config_extra *extra)
{
    struct problems p;
    struct loading g = {
        .a = a, .out = out, .limits = out->limits, .path = sv_c(path), .told = &p, .extra = extra};
    *out = (struct config){.limits = out->limits, .allowlist = out->allowlist};
    problems_start(&p, errors, (size_t)out->limits.config_errors, a);
    g.path = arena_sv(a, g.path);
    load(&g);
    bool whole = g.root && !p.main_failed && fill_routes(out, a) && config_hash(out, out->hash) && !a->failed;
    if (a->failed || (!whole && errors->n == 0)) /* whatever else was told may come of that */
        problem_no_memory(errors, sv_c(path));
    return whole;
}

bool config_load(const char *path, arena *a, struct config *out, struct config_errors *errors)
{
    return config_load_more(path, a, out, errors, NULL) && errors->n == 0;
}
