/* Whose Authentication-Results are believed. */
#include "base/nearest.h"
#include "load.h"
#include "model/domain.h"

static const char *const services[] = {
    [TRUST_IN_EXCHANGE_ONLINE] = "exchange-online", [TRUST_IN_GOOGLE] = "google"};

const char *trust_service_word(enum trust_in in)
{
    return services[in];
}

static bool take_service(sv word, struct trust_cfg *t)
{
    for (size_t i = TRUST_IN_EXCHANGE_ONLINE; i < COUNT_OF(services); i++) {
        if (sv_eq(word, sv_c(services[i]))) {
            t->in = (enum trust_in)i;
            return true;
        }
    }
    return false;
}

static void tell_word(struct loader *l, const struct value *v)
{
    struct nearest near;
    nearest_start(&near, v->node->text);
    for (size_t i = TRUST_IN_EXCHANGE_ONLINE; i < COUNT_OF(services); i++)
        nearest_offer(&near, sv_c(services[i]));
    sv best = nearest_best(&near);
    if (best.n)
        PROBLEM(l->p, v->node->at, trust_near, v->path, v->node->text, best);
    else
        PROBLEM(l->p, v->node->at, trust_word, v->path, v->node->text, v->node->text);
}

void read_trust(struct loader *l, const struct value *v)
{
    struct trust_cfg *t = value_field(v);
    const struct node *node = v->node;
    if (node->kind == NODE_MAP) {
        t->hops = TRUST_HOPS_UNSET;
        (void)load_map(l, v, v->key->path, t);
    } else if (node->kind != NODE_TEXT || (node->text.n == 0 && !node->quoted)) {
        PROBLEM(l->p, node->at, trust_shape, v->path);
    } else if (take_service(node->text, t)) {
        t->hops = TRUST_HOPS_UNSET;
    } else {
        tell_word(l, v);
    }
}

/* An authserv-id is any token (RFC 8601 2.5), mostly the name of a host. */
static bool is_authserv_id(sv id)
{
    for (size_t i = 0; i < id.n; i++)
        if ((unsigned char)id.p[i] <= ' ' || (unsigned char)id.p[i] >= 0x7F || strchr(";=()\"", id.p[i]))
            return false;
    return id.n > 0 && id.n <= DOMAIN_MAX;
}

void read_authserv_id(struct loader *l, const struct value *v)
{
    struct trust_cfg *t = v->base;
    sv id;
    if (!take_text(l, v->node, v->path, &id) || take_service(id, t))
        return;
    if (is_authserv_id(id)) {
        t->in = TRUST_IN_ID;
        t->authserv_id = domain_fold(l->a, id, NULL);
    } else
        PROBLEM(l->p, v->node->at, bad_authserv_id, v->path, id);
}

void read_hops(struct loader *l, const struct value *v)
{
    read_number(l, v);
}
