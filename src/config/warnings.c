#include "warnings.h"

#include "model/domain.h"

static bool is_used(const struct config *c, size_t sender)
{
    for (size_t i = 0; i < c->n_domains; i++)
        for (size_t k = 0; k < c->domains[i].n_senders; k++)
            if (c->domains[i].senders[k] == sender)
                return true;
    return false;
}

static void warn_senders(struct loader *l, struct problems *p)
{
    const struct config *c = l->c;
    for (size_t i = 0; i < c->n_senders; i++) {
        if (is_used(c, i))
            continue;
        const struct node *e = node_get(node_get(l->root, SV("senders")), c->senders[i].name);
        PROBLEM(p, e->key_at, unused_sender, e->key);
    }
}

/* Whatever fits `b` fits `a`: a bit set of none is all. */
static bool holds_bits(uint32_t a, uint32_t b)
{
    return a == 0 || (b != 0 && (b & ~a) == 0);
}

static bool holds_domain(sv a, sv b)
{
    if (sv_eq(a, b))
        return true;
    bool below = sv_starts(b, SV("*."));
    sv name = sv_skip(b, below ? 2 : 0), above = sv_skip(a, 2);
    return sv_starts(a, SV("*.")) && !sv_eq(name, above) && domain_is_under(name, above);
}

static bool holds_tenant(sv a, sv b)
{
    return sv_eq(a, b);
}

static bool holds_list(const sv *a, size_t n_a, const sv *b, size_t n_b, bool (*holds)(sv, sv))
{
    if (n_a == 0)
        return true;
    for (size_t i = 0; i < n_b; i++) {
        size_t k = 0;
        while (k < n_a && !holds(a[k], b[i]))
            k++;
        if (k == n_a)
            return false;
    }
    return n_b > 0;
}

static bool holds_match(const struct route_match *a, const struct route_match *b)
{
    return holds_bits(a->severities, b->severities) && holds_bits(a->rules, b->rules) &&
           holds_list(a->tenants, a->n_tenants, b->tenants, b->n_tenants, holds_tenant) &&
           holds_list(a->domains, a->n_domains, b->domains, b->n_domains, holds_domain);
}

static void warn_routes(struct loader *l, struct problems *p)
{
    const struct config *c = l->c;
    const struct node *routes = node_get(l->root, SV("routes"));
    const struct node *item = routes ? routes->first : NULL;
    for (size_t i = 0; item && i < c->n_routes; i++, item = item->next) {
        size_t k = 0;
        while (k < i && (c->routes[k].go_on || !holds_match(&c->routes[k].match, &c->routes[i].match)))
            k++;
        if (k < i)
            PROBLEM(p, item->at, dead_route, NUMBER(i + 1), NUMBER(k + 1));
    }
}

void config_warn(struct loader *l, struct problems *p)
{
    warn_senders(l, p);
    warn_routes(l, p);
}
