#include "tenant.h"

#include "base/zone.h"
#include "model/route.h"

void tenant_sign(const struct config *c, struct notice *n)
{
    const struct tenant_cfg *t = tenant_find(c, n->tenant);
    if (t == NULL)
        return;
    n->title = t->title;
    n->lang = t->lang;
    n->tz = t->tz;
    n->ahead = zone_ahead(t->tz, n->created);
}
