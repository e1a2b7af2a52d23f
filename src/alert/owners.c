/* Notices for the owners of senders. */
#include <string.h>

#include "alert/alert.h"

static bool is_address(const struct config *c, sv owner)
{
    for (size_t i = 0; i < c->n_senders; i++)
        if (c->senders[i].has_address && sv_eq(c->senders[i].owner, owner))
            return true;
    return false;
}

static bool is_wanted(const struct owners_case *c)
{
    for (size_t i = 0; i < c->config->n_channels; i++)
        if (c->chosen[i] && c->config->channels[i].to_owner)
            return true;
    return false;
}

static bool is_met(const struct notice *list, size_t n, sv owner)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(list[i].owner, owner))
            return true;
    return false;
}

/* Of the items, which are in the order of urgency, those of the owner. */
static bool copy(const struct owners_case *c, sv owner, arena *a, struct notice *to)
{
    *to = *c->notice;
    to->owner = owner;
    to->items = arena_array(a, c->notice->n_items, sizeof *to->items);
    to->n_items = to->more = to->known = 0;
    for (size_t i = 0; to->items && i < c->notice->n_items; i++)
        if (sv_eq(c->notice->items[i].owner, owner))
            to->items[to->n_items++] = c->notice->items[i];
    if (to->items)
        to->severity = to->items[0].severity;
    c->make_id(c->make_id_ctx, to->id);
    return to->items != NULL;
}

bool alert_owners(const struct owners_case *c, arena *a, struct notice **out, size_t *n)
{
    *n = 0;
    *out = arena_array(a, c->notice->n_items, sizeof **out);
    if (*out == NULL || !is_wanted(c))
        return *out != NULL;
    for (size_t i = 0; i < c->notice->n_items; i++) {
        sv owner = c->notice->items[i].owner;
        if (owner.n && is_address(c->config, owner) && !is_met(*out, *n, owner) &&
            !copy(c, owner, a, &(*out)[(*n)++]))
            return false;
    }
    return true;
}
