/* Where a notice goes. */
#ifndef MODEL_ROUTE_H
#define MODEL_ROUTE_H

#include "model/policy.h"

/* What routes choose by. tenant may be absent; domain is the policy domain, folded. */
struct route_subject {
    enum rule_id rule;
    enum severity severity;
    sv tenant, domain;
};

/* The tenant of that name, or NULL: of one that is only a name nothing else is known. */
const struct tenant_cfg *tenant_find(const struct config *c, sv name);

/* A tenant has it, or a route that is for tenants alone names it: others' matters are not for it. */
bool channel_is_of_tenant(const struct config *c, size_t channel);

/* The channel is nobody's, or this tenant's too, or the matter is nobody's (an empty tenant). */
bool channel_may_hear_of(const struct config *c, size_t channel, sv tenant);

bool route_matches(const struct route_cfg *r, const struct route_subject *s);

/* Sets chosen[i] for each channel that the routes choose: those of the first route that matches, and of
 * further ones while go_on is set. Where these are for the tenant and it has none (what fails in the agent is
 * no tenant's), those that are of no tenant. False: none. chosen has config.n_channels elements and may be
 * NULL. */
bool route_choose(const struct config *c, const struct route_subject *s, bool *chosen);

#endif
