#include "include.h"

#include <glob.h>
#include <stdlib.h>

#include "base/attr.h"

struct paths {
    sv *p;
    size_t n, max;
};

static void free_glob(glob_t *g)
{
    globfree(g);
}

static int by_octets(const void *x, const void *y)
{
    return sv_cmp(*(const sv *)x, *(const sv *)y);
}

/* One more, once. False: there are too many. */
static bool add(struct paths *all, sv path)
{
    for (size_t i = 0; i < all->n; i++)
        if (sv_eq(all->p[i], path))
            return true;
    if (all->n == all->max)
        return false;
    all->p[all->n++] = path;
    return true;
}

static bool has_wildcard(const char *pattern)
{
    return strpbrk(pattern, "*?[") != NULL;
}

static bool add_pattern(struct paths *all, const struct node *item, const char *pattern, arena *a,
                        struct problems *p)
{
    glob_t found CLEANUP(free_glob) = {0};
    int rc = glob(pattern, GLOB_NOSORT, NULL, &found);
    if (rc == GLOB_NOSPACE) {
        a->failed = true;
        return false;
    }
    if (found.gl_pathc == 0) {
        if (!has_wildcard(pattern)) /* an empty conf.d/ is as good as any */
            PROBLEM(p, item->at, include_missing, sv_c(pattern));
        return true;
    }
    size_t before = all->n;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (!add(all, arena_sv(a, sv_c(found.gl_pathv[i])))) {
            PROBLEM(p, item->at, too_many_files, NUMBER(all->max));
            return false;
        }
    }
    qsort(all->p + before, all->n - before, sizeof *all->p, by_octets);
    return true;
}

static const char *full_pattern(sv folder, sv pattern, arena *a)
{
    bool is_relative = pattern.p[0] != '/';
    return arena_cstr(a,
                      is_relative ? arena_printf(a, "%.*s%.*s", SV_ARG(folder), SV_ARG(pattern)) : pattern);
}

sv *include_paths(const struct node *include, sv folder, const struct limits *l, arena *a, struct problems *p,
                  size_t *n)
{
    struct paths all = {.max = (size_t)l->config_files};
    all.p = arena_array(a, all.max, sizeof *all.p);
    *n = 0;
    if (include->kind != NODE_LIST) {
        PROBLEM(p, include->at, not_list, SV("include"), SV("conf.d/*.yml"));
        return NULL;
    }
    size_t place = 0;
    for (const struct node *item = include->first; all.p && item; item = item->next, place++) {
        if (item->kind != NODE_TEXT || item->text.n == 0) {
            PROBLEM(p, item->at, not_text, arena_printf(a, "include[%zu]", place));
            continue;
        }
        const char *pattern = full_pattern(folder, item->text, a);
        if (pattern == NULL || !add_pattern(&all, item, pattern, a, p))
            return NULL;
    }
    *n = all.n;
    return all.p;
}
