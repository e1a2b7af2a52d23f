#include "warnings.h"

#include "base/clock.h"
#include "base/nearest.h"
#include "config/config.h"
#include "model/domain.h"
#include "model/quiet.h"
#include "model/route.h"
#include "model/rule.h"
#include "model/silence.h"

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
static bool holds_bits(uint64_t a, uint64_t b)
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
    if (routes && item == NULL)
        PROBLEM(p, routes->key_at, nobody_told);
    for (size_t i = 0; item && i < c->n_routes; i++, item = item->next) {
        size_t k = 0;
        while (k < i && (c->routes[k].go_on || !holds_match(&c->routes[k].match, &c->routes[i].match)))
            k++;
        if (k < i)
            PROBLEM(p, item->at, dead_route, NUMBER(i + 1), NUMBER(k + 1));
    }
}

static bool routes_name_tenants(const struct config *c)
{
    for (size_t i = 0; i < c->n_routes; i++)
        for (size_t k = 0; k < c->routes[i].n_channels; k++)
            if (c->routes[i].channels[k] == TO_TENANT)
                return true;
    return c->n_routes == 0; /* the default does */
}

static void warn_tenant_of(struct loader *l, struct problems *p, const struct node *e, sv domain)
{
    sv tenant = e->text;
    const struct config *c = l->c;
    struct nearest near;
    if (tenant.n == 0 || tenant_find(c, tenant))
        return;
    nearest_start(&near, tenant);
    for (size_t i = 0; i < c->n_tenants; i++)
        nearest_offer(&near, c->tenants[i].name);
    if (nearest_best(&near).n)
        PROBLEM(p, e->at, unknown_tenant_near, domain, tenant, nearest_best(&near));
    else
        PROBLEM(p, e->at, unknown_tenant, domain, tenant);
}

/* Who lists tenants lists them all: another name is a slip of the pen. */
static void warn_tenants(struct loader *l, struct problems *p)
{
    const struct config *c = l->c;
    const struct node *domains = node_get(l->root, SV("domains")),
                      *tenants = node_get(l->root, SV("tenants"));
    for (const struct node *e = tenants && domains ? domains->first : NULL; e; e = e->next) {
        const struct node *tenant = e->kind == NODE_MAP ? node_get(e, SV("tenant")) : NULL;
        if (tenant && tenant->kind == NODE_TEXT)
            warn_tenant_of(l, p, tenant, e->key);
    }
    for (size_t i = 0; tenants && !routes_name_tenants(c) && i < c->n_tenants; i++) {
        const struct node *e = node_get(tenants, c->tenants[i].name);
        if (e && c->tenants[i].n_channels)
            PROBLEM(p, e->key_at, tenant_unheard, e->key);
    }
}

/* What fails in the agent is of no tenant and no domain. Without routes, who is no tenant hears of it. */
static bool hears_of_agent(const struct config *c)
{
    const struct route_subject subject = {.rule = RULE_agent_mailbox,
                                          .severity = rule_in_force(c, SIZE_MAX, RULE_agent_mailbox).mild,
                                          .domain = SV("")};
    bool any = c->routes && route_choose(c, &subject, NULL);
    for (size_t i = 0; c->routes == NULL && i < c->n_channels; i++)
        any = any || !channel_is_of_tenant(c, i);
    return any;
}

static void warn_agent(struct loader *l, struct problems *p)
{
    const struct node *routes = node_get(l->root, SV("routes")),
                      *channels = node_get(l->root, SV("channels"));
    bool is_empty = routes && l->c->n_routes == 0; /* which has a warning of its own */
    if (channels && !is_empty && !rule_is_off(l->c, SIZE_MAX, RULE_agent_mailbox) && !hears_of_agent(l->c))
        PROBLEM(p, routes ? routes->key_at : channels->key_at, agent_unheard);
}

static void warn_quiet_of(struct problems *p, const struct node *of, const struct quiet_cfg *q)
{
    const struct node *e = of && of->kind == NODE_MAP ? node_get(of, SV("quiet")) : NULL;
    if (e && quiet_is_always(q))
        PROBLEM(p, e->key_at, no_gap, e->key);
}

static void warn_quiet(struct loader *l, struct problems *p)
{
    const struct config *c = l->c;
    const struct node *channels = node_get(l->root, SV("channels")),
                      *tenants = node_get(l->root, SV("tenants"));
    warn_quiet_of(p, node_get(l->root, SV("alerting")), &c->quiet);
    for (size_t i = 0; channels && i < c->n_channels; i++)
        warn_quiet_of(p, node_get(channels, c->channels[i].name), &c->channels[i].quiet);
    for (size_t i = 0; tenants && i < c->n_tenants; i++)
        warn_quiet_of(p, node_get(tenants, c->tenants[i].name), &c->tenants[i].quiet);
}

static void warn_owners(struct loader *l, struct problems *p)
{
    const struct config *c = l->c;
    const struct node *channels = node_get(l->root, SV("channels"));
    for (size_t i = 0; i < c->n_senders; i++)
        if (c->senders[i].has_address)
            return;
    for (size_t i = 0; channels && i < c->n_channels; i++) {
        const struct node *e = c->channels[i].to_owner ? node_get(channels, c->channels[i].name) : NULL;
        if (e)
            PROBLEM(p, e->key_at, owner_unknown, e->key);
    }
}

static bool is_domain_known(const struct config *c, sv pattern)
{
    sv name = sv_skip(pattern, sv_starts(pattern, SV("*.")) ? 2 : 0);
    for (size_t i = 0; i < c->n_domains; i++) {
        const struct domain_cfg *d = &c->domains[i];
        if (sv_eq(d->name, name) || (d->wildcard && (d->name.n == 0 || domain_is_under(name, d->name))) ||
            (name.n < pattern.n && domain_is_under(d->name, name)))
            return true;
    }
    return false;
}

static void warn_silenced_domain(struct problems *p, const struct config *c, const struct silence_cfg *s,
                                 const struct node *e)
{
    struct nearest near;
    if (!e || s->domain.n == 0 || s->rules >> RULE_unexpected_domain & 1 || is_domain_known(c, s->domain))
        return;
    nearest_start(&near, s->domain);
    for (size_t i = 0; i < c->n_domains; i++)
        nearest_offer(&near, c->domains[i].name);
    if (nearest_best(&near).n)
        PROBLEM(p, e->at, silence_domain_near, e->key, s->domain, nearest_best(&near));
    else
        PROBLEM(p, e->at, silence_domain, e->key, s->domain);
}

/* Rules that name neither a sender nor a network have subjects that nobody lists. */
static bool names_senders(uint64_t rules)
{
    for (unsigned i = 0; i < RULE_END; i++) {
        enum rule_subject about = rule_standard((enum rule_id)i)->subject;
        if (rules >> i & 1 && about != SUBJECT_sender && about != SUBJECT_network)
            return false;
    }
    return rules != 0;
}

static void warn_silenced_subject(struct problems *p, const struct config *c, const struct silence_cfg *s,
                                  const struct node *e)
{
    struct nearest near;
    struct cidr net;
    struct err ignored;
    if (!e || s->subject.n == 0 || cidr_parse(s->subject, &net, &ignored))
        return;
    nearest_start(&near, s->subject);
    for (size_t i = 0; i < c->n_senders; i++) {
        if (sv_eq(c->senders[i].name, s->subject))
            return;
        nearest_offer(&near, c->senders[i].name);
    }
    if (nearest_best(&near).n)
        PROBLEM(p, e->at, silence_subject_near, e->key, s->subject, nearest_best(&near));
    else if (names_senders(s->rules))
        PROBLEM(p, e->at, silence_subject, e->key, s->subject);
}

/* What silences nothing, so that somebody relies on it in vain. */
static void warn_silences(struct loader *l, struct problems *p)
{
    const struct config *c = l->c;
    const struct node *list = node_get(l->root, SV("silences"));
    const struct node *item = list ? list->first : NULL;
    for (size_t i = 0; item && i < c->n_silences; i++, item = item->next) {
        const struct silence_cfg *s = &c->silences[i];
        const struct node *until = node_get(item, SV("until"));
        if (until && s->ends <= clock_now())
            PROBLEM(p, until->at, silence_over, until->key);
        warn_silenced_domain(p, c, s, node_get(item, SV("domain")));
        warn_silenced_subject(p, c, s, node_get(item, SV("subject")));
    }
}

static void warn_networks(struct problems *p, const struct node *list, sv sender, const struct cidr *nets,
                          size_t n)
{
    for (size_t i = 0; list && i < n; i++) {
        char text[CIDR_TEXT];
        bool all_v4 = ip_is_v4(&nets[i].ip) && nets[i].bits == 96;
        if (all_v4 || nets[i].bits == 0)
            PROBLEM(p, list->at, everybody, list->key, sender, sv_c(cidr_text(&nets[i], text)));
    }
}

static void warn_everybody(struct loader *l, struct problems *p)
{
    const struct node *senders = node_get(l->root, SV("senders"));
    for (size_t i = 0; senders && i < l->c->n_senders; i++) {
        const struct sender_cfg *s = &l->c->senders[i];
        const struct node *e = node_get(senders, s->name);
        if (e == NULL || e->kind != NODE_MAP)
            continue;
        warn_networks(p, node_get(e, SV("ip")), s->name, s->ips, s->n_ips);
        warn_networks(p, node_get(e, SV("networks")), s->name, s->networks, s->n_networks);
    }
}

static void warn_folders(struct loader *l, struct problems *p)
{
    const struct node *mailboxes = node_get(l->root, SV("mailboxes"));
    for (size_t i = 0; mailboxes && i < l->c->n_mailboxes; i++) {
        const struct mailbox_cfg *m = &l->c->mailboxes[i];
        const char *why = m->kind == MAILBOX_IMAP ? NULL : config_folder_problem(m);
        const struct node *e = node_get(mailboxes, m->name);
        if (why && e)
            PROBLEM(p, e->key_at, no_folder, m->name, m->path, sv_c(why));
    }
}

static void warn_exposed(const struct loader *l, struct problems *p)
{
    for (const struct exposed *x = l->exposed; x; x = x->next) {
        bool told = false;
        for (const struct exposed *y = l->exposed; y != x; y = y->next)
            told = told || (x->path.p == NULL && y->path.p == NULL && sv_eq(x->file, y->file));
        if (told || sv_ends(x->path, SV(".certificate.file"))) /* which is no secret */
            continue;
        if (x->path.p)
            PROBLEM(p, x->at, secret_for_all, x->path, x->file, x->file);
        else
            PROBLEM(p, x->at, readable_by_all, x->file);
    }
}

void config_warn(struct loader *l, struct problems *p)
{
    warn_senders(l, p);
    warn_routes(l, p);
    warn_tenants(l, p);
    warn_agent(l, p);
    warn_quiet(l, p);
    warn_owners(l, p);
    warn_silences(l, p);
    warn_everybody(l, p);
    warn_folders(l, p);
    warn_exposed(l, p);
}
