#include "alert/gather.h"

#include <stdlib.h>
#include <string.h>

#include "unite.h"

static int by_tenant(const void *a, const void *b)
{
    const struct gathered *x = a, *y = b;
    int c = sv_cmp(x->notice.tenant, y->notice.tenant);
    return c ? c : sv_cmp(x->notice.domain, y->notice.domain);
}

/* Of n notices of one tenant. False: no memory. */
static bool join(const struct gather_case *c, const struct gathered *from, size_t n, arena *a,
                 struct gathered *out)
{
    struct notice *to = &out->notice;
    if (n == 1 && c->kind == NOTICE_first) {
        *out = *from;
        return true;
    }
    *to = (struct notice){
        .kind = c->kind, .created = c->now, .tenant = from->notice.tenant, .owner = from->notice.owner};
    size_t all = 0, max = c->config->limits.notice_items;
    for (size_t i = 0; i < n; i++)
        all += from[i].notice.n_items;
    to->items = arena_array(a, all, sizeof *to->items);
    out->chosen = arena_array(a, c->config->n_channels, sizeof *out->chosen);
    if (to->items == NULL || out->chosen == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct notice *one = &from[i].notice;
        memcpy(to->items + to->n_items, one->items, one->n_items * sizeof *to->items);
        to->n_items += one->n_items;
        to->more += one->more;
        to->severity = one->severity > to->severity ? one->severity : to->severity;
        for (size_t k = 0; k < c->config->n_channels; k++)
            out->chosen[k] = out->chosen[k] || from[i].chosen[k];
    }
    qsort(to->items, to->n_items, sizeof *to->items, item_by_urgency);
    to->more += to->n_items > max ? to->n_items - max : 0;
    to->n_items = to->n_items > max ? max : to->n_items;
    to->domain = n == 1 ? from->notice.domain : SV_ABSENT;
    c->make_id(c->make_id_ctx, to->id);
    return true;
}

/* Brings those that the same channels hear of behind the first one; how many there are with it. */
static size_t same_audience(const struct gather_case *c, struct gathered *list, size_t n)
{
    size_t same = 1;
    for (size_t i = 1; i < n; i++) {
        struct gathered one = list[i];
        if (!sv_eq(one.notice.owner, list[0].notice.owner) ||
            memcmp(one.chosen, list[0].chosen, c->config->n_channels * sizeof *one.chosen) != 0)
            continue;
        list[i] = list[same];
        list[same++] = one;
    }
    return same;
}

bool alert_gather(const struct gather_case *c, arena *a, struct gathered **out, size_t *n, struct err *e)
{
    *n = 0;
    *out = arena_array(a, c->n, sizeof **out);
    if (*out == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (c->n > 1)
        qsort(c->list, c->n, sizeof *c->list, by_tenant);
    for (size_t from = 0, to; from < c->n; from = to) {
        for (to = from + 1; to < c->n && sv_eq(c->list[to].notice.tenant, c->list[from].notice.tenant);)
            to++;
        to = from + same_audience(c, c->list + from, to - from);
        if (!join(c, c->list + from, to - from, a, &(*out)[(*n)++]))
            return err_set(e, ERR_MEMORY, "out of memory");
    }
    return true;
}
