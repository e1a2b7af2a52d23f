#include "explain.h"

#include <stdlib.h>

#include "base/num.h"

static bool may_be_explained(const struct incident *i)
{
    return i->state == INCIDENT_firing &&
           (i->rule == RULE_unknown_source || i->rule == RULE_unlisted_own_server);
}

static int by_net(const void *a, const void *b)
{
    const struct explained_network *x = a, *y = b;
    return cidr_cmp(&x->net, &y->net);
}

bool explain_init(struct explanations *x, const struct alert_case *c, arena *a)
{
    size_t n = 0;
    *x = (struct explanations){0};
    if (!c->reconfigured)
        return true;
    for (size_t i = 0; i < c->n_incidents; i++)
        n += may_be_explained(&c->incidents[i]) ? c->incidents[i].n_networks : 0;
    x->p = arena_array(a, c->n_incidents, sizeof *x->p);
    x->networks = arena_array(a, n, sizeof *x->networks);
    for (size_t i = 0; x->p && x->networks && i < c->n_incidents; i++) {
        const struct incident *in = &c->incidents[i];
        if (!may_be_explained(in))
            continue;
        for (size_t k = 0; k < in->n_networks; k++)
            x->networks[x->n_networks++] = (struct explained_network){in->networks[k], x->n};
        x->p[x->n++] = (struct explanation){.incident = in, .sender = SIZE_MAX};
    }
    if (x->networks && x->n_networks > 1)
        qsort(x->networks, x->n_networks, sizeof *x->networks, by_net);
    return x->p && x->networks;
}

static void add(struct explanation *e, const struct row *row, const struct verdict *v)
{
    if (row->day < e->incident->first_day || row->day > e->incident->last_day)
        return;
    e->messages = sat_add(e->messages, row->record.count);
    if (row->record.count > e->most) {
        e->most = row->record.count;
        e->sender = v->sender;
    }
}

void explain_add(void *explanations, const struct row *row, const struct verdict *v)
{
    struct explanations *x = explanations;
    if (x->n == 0 || v->sender == SIZE_MAX)
        return;
    struct cidr net = ip_neighbourhood(&row->record.source_ip);
    size_t low = 0, high = x->n_networks;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (cidr_cmp(&x->networks[mid].net, &net) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < x->n_networks && cidr_cmp(&x->networks[low].net, &net) == 0; low++)
        add(&x->p[x->networks[low].explanation], row, v);
}

size_t explain_find(const struct explanations *x, const struct incident *incident)
{
    for (size_t i = 0; i < x->n; i++) {
        if (x->p[i].incident == incident && x->p[i].messages > 0 &&
            x->p[i].messages >= incident->told_failed / 2)
            return x->p[i].sender;
    }
    return SIZE_MAX;
}
