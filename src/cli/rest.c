#include "rest.h"

#include "base/zone.h"
#include "model/quiet.h"
#include "model/route.h"

static bool can_wait(const struct notice *n)
{
    for (size_t i = 0; i < n->n_items; i++)
        if (n->items[i].severity == SEVERITY_critical && !news_is_end(n->items[i].news))
            return false;
    return n->kind != NOTICE_digest && !n->test;
}

int64_t rest_until(const struct config *c, const struct channel_cfg *channel, const struct notice *n,
                   int64_t now)
{
    const struct tenant_cfg *t = tenant_find(c, n->tenant);
    const struct quiet_cfg *q = &c->quiet;
    if (!can_wait(n))
        return now;
    if (quiet_is_set(&channel->quiet))
        q = &channel->quiet;
    else if (t && quiet_is_set(&t->quiet))
        q = &t->quiet;
    return quiet_rest(q, n->created, now, zone_ahead(q->tz.n || t == NULL ? q->tz : t->tz, now));
}

bool rest_is_set(const struct config *c)
{
    bool set = quiet_is_set(&c->quiet);
    for (size_t i = 0; i < c->n_channels; i++)
        set = set || quiet_is_set(&c->channels[i].quiet);
    for (size_t i = 0; i < c->n_tenants; i++)
        set = set || quiet_is_set(&c->tenants[i].quiet);
    return set;
}
