#include "domains.h"

bool domain_index_build(struct domain_index *d, const struct config *cfg, arena *a)
{
    d->any = SIZE_MAX;
    d->exact = (struct name_table){arena_array(a, cfg->n_domains, sizeof *d->exact.entries), 0};
    d->below = (struct name_table){arena_array(a, cfg->n_domains, sizeof *d->below.entries), 0};
    if (!d->exact.entries || !d->below.entries)
        return false;
    for (size_t i = 0; i < cfg->n_domains; i++) {
        const struct domain_cfg *c = &cfg->domains[i];
        struct name_table *t = c->wildcard ? &d->below : &d->exact;
        if (c->wildcard && c->name.n == 0)
            d->any = i;
        else
            t->entries[t->n++] = (struct name_entry){.name = c->name, .value = i};
    }
    name_table_sort(&d->exact);
    name_table_sort(&d->below);
    return true;
}

static size_t find_name(const struct domain_index *d, sv name)
{
    if (name.n == 0)
        return SIZE_MAX;
    size_t found = name_find_exact(&d->exact, name);
    for (sv up = name_parent(name); found == SIZE_MAX && up.n > 0; up = name_parent(up))
        found = name_find_exact(&d->below, up);
    return found;
}

size_t domain_find(const struct domain_index *d, sv header_from, sv policy_domain)
{
    size_t found = find_name(d, header_from);
    if (found == SIZE_MAX && !sv_eq(header_from, policy_domain))
        found = find_name(d, policy_domain);
    return found == SIZE_MAX ? d->any : found;
}
