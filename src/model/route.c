#include "model/route.h"

#include "model/domain.h"

static bool fits_tenant(const struct route_match *m, sv tenant)
{
    for (size_t i = 0; i < m->n_tenants; i++)
        if (sv_eq(m->tenants[i], tenant))
            return true;
    return m->n_tenants == 0;
}

static bool fits_domain(const struct route_match *m, sv domain)
{
    for (size_t i = 0; i < m->n_domains; i++) {
        bool below = sv_starts(m->domains[i], SV("*."));
        sv name = sv_skip(m->domains[i], below ? 2 : 0);
        if (sv_eq(name, domain) ? !below : below && domain_is_under(domain, name))
            return true;
    }
    return m->n_domains == 0;
}

bool route_matches(const struct route_cfg *r, const struct route_subject *s)
{
    const struct route_match *m = &r->match;
    return (m->severities == 0 || m->severities >> s->severity & 1) &&
           (m->rules == 0 || m->rules >> s->rule & 1) && fits_tenant(m, s->tenant) &&
           fits_domain(m, s->domain);
}

const struct tenant_cfg *tenant_find(const struct config *c, sv name)
{
    for (size_t i = 0; i < c->n_tenants; i++)
        if (sv_eq(c->tenants[i].name, name))
            return &c->tenants[i];
    return NULL;
}

static bool choose_list(const size_t *list, size_t n, bool *chosen)
{
    for (size_t i = 0; chosen && i < n; i++)
        chosen[list[i]] = true;
    return n > 0;
}

/* The channels of one route; false: it has none. */
static bool choose_route(const struct config *c, const struct route_cfg *r, sv tenant, bool *chosen)
{
    bool any = false;
    for (size_t k = 0; k < r->n_channels; k++) {
        const struct tenant_cfg *t = r->channels[k] == TO_TENANT ? tenant_find(c, tenant) : NULL;
        if (r->channels[k] != TO_TENANT)
            any = choose_list(&r->channels[k], 1, chosen);
        else if (t)
            any = choose_list(t->channels, t->n_channels, chosen) || any;
    }
    return any;
}

static bool lists(const size_t *list, size_t n, size_t channel)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == channel)
            return true;
    return false;
}

bool channel_is_of_tenant(const struct config *c, size_t channel)
{
    for (size_t i = 0; i < c->n_tenants; i++) {
        const struct tenant_cfg *t = &c->tenants[i];
        if (lists(t->channels, t->n_channels, channel) || lists(t->digest, t->n_digest, channel))
            return true;
    }
    for (size_t i = 0; i < c->n_routes; i++) {
        const struct route_cfg *r = &c->routes[i];
        if (r->match.n_tenants && lists(r->channels, r->n_channels, channel))
            return true;
    }
    return false;
}

bool channel_may_hear_of(const struct config *c, size_t channel, sv tenant)
{
    const struct tenant_cfg *t = tenant_find(c, tenant);
    if (tenant.n == 0 || !channel_is_of_tenant(c, channel) ||
        (t && lists(t->channels, t->n_channels, channel)))
        return true;
    for (size_t i = 0; i < c->n_routes; i++) {
        const struct route_cfg *r = &c->routes[i];
        if (fits_tenant(&r->match, tenant) && lists(r->channels, r->n_channels, channel))
            return true;
    }
    return false;
}

/* What no tenant hears of, as it is nobody's. */
static bool choose_free(const struct config *c, bool *chosen)
{
    bool any = false;
    for (size_t i = 0; i < c->n_channels; i++)
        if (!channel_is_of_tenant(c, i))
            any = choose_list(&i, 1, chosen);
    return any;
}

bool route_choose(const struct config *c, const struct route_subject *s, bool *chosen)
{
    bool any = false, tenant = false;
    for (size_t i = 0; i < c->n_routes; i++) {
        const struct route_cfg *r = &c->routes[i];
        if (!route_matches(r, s))
            continue;
        any = choose_route(c, r, s->tenant, chosen) || any;
        tenant = tenant || lists(r->channels, r->n_channels, TO_TENANT);
        if (!r->go_on)
            break;
    }
    return any || (tenant && choose_free(c, chosen));
}
