#include "alert/compose.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "model/rule.h"
#include "sums.h"
#include "unite.h"
#include "waiting.h"

/* An item, and the notice that it stands in. */
struct piece {
    struct gathered *of;
    struct notice_item *item;
    size_t n_channels;
};

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Who hears of one domain need not hear of the others: only what the same channels hear is folded. */
static int same_thing(const struct piece *x, const struct piece *y)
{
    int c = sv_cmp(x->of->notice.tenant, y->of->notice.tenant);
    c = c ? c : sv_cmp(x->of->notice.owner, y->of->notice.owner);
    c = c ? c : memcmp(x->of->chosen, y->of->chosen, x->n_channels * sizeof *x->of->chosen);
    c = c ? c : compare(x->item->rule, y->item->rule);
    c = c ? c : compare(news_is_end(x->item->news), news_is_end(y->item->news));
    if (c ||
        x->item->rule == RULE_spoofed_under_none) /* strangers of any kind, of domains that ask for nothing */
        return c;
    return sv_cmp(x->item->subject, y->item->subject);
}

/* What is the same together, the largest domain first. */
static int by_thing(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    int c = same_thing(x, y);
    c = c ? c : compare(y->item->counts.failed, x->item->counts.failed);
    return c ? c : sv_cmp(x->item->domain, y->item->domain);
}

/* Of the same domain. False: no memory. */
static bool add_notice(const struct compose_case *c, struct gathered *to, const struct gathered *from,
                       arena *a)
{
    struct notice *n = &to->notice;
    const struct notice *more = &from->notice;
    size_t all = n->n_items + more->n_items, max = c->config->limits.notice_items;
    struct notice_item *items = arena_array(a, all, sizeof *items);
    if (items == NULL)
        return false;
    memcpy(items, n->items, n->n_items * sizeof *items);
    memcpy(items + n->n_items, more->items, more->n_items * sizeof *items);
    qsort(items, all, sizeof *items, item_by_urgency);
    n->items = items;
    n->n_items = all < max ? all : max;
    n->more += more->more + (all - n->n_items);
    n->known += more->known;
    n->severity = more->severity > n->severity ? more->severity : n->severity;
    for (size_t i = 0; i < c->config->n_channels; i++)
        to->chosen[i] = to->chosen[i] || from->chosen[i];
    return true;
}

static int by_domain(const void *a, const void *b)
{
    const struct notice *x = &((const struct gathered *)a)->notice,
                        *y = &((const struct gathered *)b)->notice;
    int c = sv_cmp(x->tenant, y->tenant);
    c = c ? c : sv_cmp(x->domain, y->domain);
    c = c ? c : sv_cmp(x->owner, y->owner);
    return c ? c : memcmp(x->id, y->id, sizeof x->id);
}

/* What mail tells of a domain and that its reports have stopped is one notice; *n of them are left. */
static bool unite_domains(const struct compose_case *c, arena *a, size_t *n)
{
    struct gathered *last = NULL;
    *n = 0;
    if (c->n > 1)
        qsort(c->list, c->n, sizeof *c->list, by_domain);
    for (size_t i = 0; i < c->n; i++) {
        const struct notice *one = &c->list[i].notice;
        if (!last || one->domain.n == 0 || !sv_eq(one->domain, last->notice.domain) ||
            !sv_eq(one->tenant, last->notice.tenant) || !sv_eq(one->owner, last->notice.owner)) {
            last = &c->list[*n];
            c->list[(*n)++] = c->list[i];
        } else if (!add_notice(c, last, &c->list[i], a)) {
            return false;
        }
    }
    return true;
}

static bool can_fold(const struct notice_item *item)
{
    return item->kind == ITEM_incident && rule_folds(item->rule);
}

static struct piece *pieces_of(const struct compose_case *c, arena *a, size_t *n)
{
    size_t all = 0;
    for (size_t i = 0; i < c->n; i++)
        all += c->list[i].notice.n_items;
    struct piece *p = arena_array(a, all, sizeof *p);
    *n = 0;
    for (size_t i = 0; p && i < c->n; i++) {
        for (size_t k = 0; k < c->list[i].notice.n_items; k++) {
            if (can_fold(&c->list[i].notice.items[k]))
                p[(*n)++] = (struct piece){&c->list[i], &c->list[i].notice.items[k], c->config->n_channels};
        }
    }
    if (p && *n > 1)
        qsort(p, *n, sizeof *p, by_thing);
    return p;
}

/* What is unknown of a policy is no weaker than what is known. */
static uint8_t weaker(uint8_t a, uint8_t b)
{
    if (a < POLICY_NONE || b < POLICY_NONE)
        return a < POLICY_NONE ? b : a;
    return a < b ? a : b;
}

/* The legs of all, and the policy that protects least. */
static void join_auth(struct notice_item *to, const struct notice_item *from)
{
    for (unsigned i = 0; i < LEG_END; i++) {
        to->dkim[i] = sat_add(to->dkim[i], from->dkim[i]);
        to->spf[i] = sat_add(to->spf[i], from->spf[i]);
    }
    to->dkim_passed = sat_add(to->dkim_passed, from->dkim_passed);
    to->spf_passed = sat_add(to->spf_passed, from->spf_passed);
    to->unclear = sat_add(to->unclear, from->unclear);
    to->p = weaker(to->p, from->p);
    to->sp = weaker(to->sp, from->sp);
    to->testing = to->testing || from->testing;
}

static void join(struct notice_item *to, const struct notice_item *from)
{
    join_auth(to, from);
    counts_add(&to->counts, &from->counts);
    to->since_told = sat_add(to->since_told, from->since_told);
    to->verified = to->verified && from->verified;
    to->severity = from->severity > to->severity ? from->severity : to->severity;
    to->first_day = from->first_day < to->first_day ? from->first_day : to->first_day;
    to->last_day = from->last_day > to->last_day ? from->last_day : to->last_day;
    waiting_join(to, from);
    to->reported = from->reported > to->reported ? from->reported : to->reported;
    /* Whatever the sizes are later, the same domains have the same name. */
    if (memcmp(from->incident, to->incident, INCIDENT_ID) < 0)
        memcpy(to->incident, from->incident, INCIDENT_ID);
}

/* The networks of its sources; where these are not all of them, at least as many as one domain has. */
static uint64_t networks_of(const struct notice_item *const *items, size_t n, const struct notice_item *all)
{
    uint64_t most = 0, named = 0;
    for (size_t i = 0; i < n; i++)
        most = items[i]->much > most ? items[i]->much : most;
    for (size_t i = 0; i < all->n_sources; i++) {
        struct cidr net = ip_neighbourhood(&all->sources[i].ip);
        size_t k = 0;
        while (k < i && !cidr_contains(&net, &all->sources[k].ip))
            k++;
        named += k == i;
    }
    return named > most ? named : most;
}

static bool join_all(const struct compose_case *c, struct piece *p, size_t n, arena *a,
                     struct notice_item *item)
{
    const struct notice_item **items = arena_array(a, n, sizeof *items);
    item->lines = arena_array(a, n, sizeof *item->lines);
    if (!items || !item->lines)
        return false;
    for (size_t i = 0; i < n; i++) {
        items[i] = p[i].item;
        item->verified_lines += p[i].item->verified;
        if (i > 0)
            join(item, p[i].item);
        if (i < c->config->limits.notice_sources)
            item->lines[item->n_lines++] = (struct notice_line){
                .name = p[i].item->domain, .severity = p[i].item->severity, .n = p[i].item->counts.failed};
    }
    item->all_lines = n;
    if (!unite(items, n, &c->config->limits, a, item))
        return false;
    if (item->rule == RULE_spoofed_under_none)
        item->much = networks_of(items, n, item);
    return true;
}

static bool fold(const struct compose_case *c, struct piece *p, size_t n, arena *a, struct gathered *out)
{
    struct notice_item *item = arena_array(a, 1, sizeof *item);
    out->chosen = arena_array(a, c->config->n_channels, sizeof *out->chosen);
    if (!item || !out->chosen)
        return false;
    memcpy(out->chosen, p[0].of->chosen, c->config->n_channels * sizeof *out->chosen);
    *item = *p[0].item;
    if (!join_all(c, p, n, a, item))
        return false;
    for (size_t i = 0; i < n; i++)
        p[i].item->kind = ITEM_END; /* is taken out below */
    out->notice = (struct notice){.created = c->now,
                                  .severity = item->severity,
                                  .tenant = p[0].of->notice.tenant,
                                  .owner = p[0].of->notice.owner,
                                  .items = item,
                                  .n_items = 1};
    c->make_id(c->make_id_ctx, out->notice.id);
    return true;
}

static void take_out_folded(struct notice *n)
{
    size_t left = 0;
    for (size_t i = 0; i < n->n_items; i++) {
        if (n->items[i].kind != ITEM_END)
            n->items[left++] = n->items[i];
    }
    if (left > 0 && left < n->n_items)
        n->severity = n->items[0].severity;
    for (size_t i = 1; i < left && left < n->n_items; i++)
        n->severity = n->items[i].severity > n->severity ? n->items[i].severity : n->severity;
    n->n_items = left;
}

/* Appends the folded ones to out, then what is left of the others. */
static bool fold_all(const struct compose_case *c, arena *a, struct gathered *out, size_t *n)
{
    size_t n_pieces;
    struct piece *p = pieces_of(c, a, &n_pieces);
    if (!p)
        return false;
    for (size_t i = 0, end; i < n_pieces; i = end) {
        size_t domains = 1;
        for (end = i + 1; end < n_pieces && same_thing(&p[i], &p[end]) == 0; end++)
            domains += !sv_eq(p[end].item->domain, p[end - 1].item->domain);
        if (domains >= COMPOSE_FOLD && !fold(c, p + i, end - i, a, &out[(*n)++]))
            return false;
    }
    for (size_t i = 0; i < c->n; i++) {
        take_out_folded(&c->list[i].notice);
        if (c->list[i].notice.n_items > 0)
            out[(*n)++] = c->list[i];
    }
    return true;
}

static uint64_t size_of(const struct notice *n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n->n_items; i++)
        sum = sat_add(sum, n->items[i].counts.failed);
    return sum;
}

static int by_urgency(const void *a, const void *b)
{
    const struct notice *x = &((const struct gathered *)a)->notice,
                        *y = &((const struct gathered *)b)->notice;
    int c = compare(y->severity, x->severity);
    c = c ? c : sv_cmp(x->tenant, y->tenant);
    c = c ? c : compare(size_of(y), size_of(x));
    return c ? c : sv_cmp(x->domain, y->domain);
}

static void add_line(struct notice_item *list, const struct notice *n, size_t max)
{
    for (size_t i = 0; i < n->n_items; i++)
        join(list, &n->items[i]);
    list->all_lines++;
    if (list->n_lines < max)
        list->lines[list->n_lines++] =
            (struct notice_line){.name = n->domain.n ? n->domain : n->items[0].domain,
                                 .severity = n->severity,
                                 .n = n->n_items + n->more};
}

/* Alertmanager is no person: it groups what it is told, and takes for over what it is not. */
static bool is_calmed(const struct compose_case *c, size_t channel)
{
    return c->config->channels[channel].type != CHANNEL_ALERTMANAGER;
}

/* What the channel does not hear of one by one; *rest has no item when it hears everything. */
static bool calm(const struct compose_case *c, struct gathered *all, size_t n, sv tenant, size_t channel,
                 arena *a, struct gathered *rest)
{
    size_t heard = 0, max = c->config->limits.notice_items;
    struct notice_item *list = arena_array(a, 1, sizeof *list);
    *rest = (struct gathered){.chosen = arena_array(a, c->config->n_channels, sizeof *rest->chosen)};
    if (!list || !rest->chosen)
        return false;
    *list = (struct notice_item){.kind = ITEM_rest,
                                 .news = NEWS_first,
                                 .episode = 1,
                                 .subject = SV("*"),
                                 .verified = true, /* until one of them is not */
                                 .first_day = INT64_MAX,
                                 .lines = arena_array(a, n, sizeof *list->lines)};
    for (size_t i = 0; list->lines && i < n; i++) {
        if (!all[i].chosen[channel] || !sv_eq(all[i].notice.tenant, tenant) || all[i].notice.owner.n)
            continue; /* an owner has few senders */
        if (all[i].notice.severity == SEVERITY_critical || heard < c->config->max_per_run) {
            heard++;
            continue;
        }
        all[i].chosen[channel] = false;
        add_line(list, &all[i].notice, max);
    }
    c->make_id(c->make_id_ctx, list->incident);
    rest->chosen[channel] = true;
    rest->notice = (struct notice){.created = c->now,
                                   .severity = list->severity,
                                   .tenant = tenant,
                                   .items = list,
                                   .n_items = list->all_lines > 0};
    c->make_id(c->make_id_ctx, rest->notice.id);
    return list->lines != NULL;
}

static bool is_heard(const struct gathered *one, size_t n_channels)
{
    for (size_t i = 0; i < n_channels; i++) {
        if (one->chosen[i])
            return true;
    }
    return n_channels == 0;
}

/* The tenants of the notices, each once. */
static sv *tenants_of(const struct gathered *all, size_t n, arena *a, size_t *n_out)
{
    sv *tenants = arena_array(a, n, sizeof *tenants);
    *n_out = 0;
    for (size_t i = 0; tenants && i < n; i++) {
        size_t k = 0;
        while (k < *n_out && !sv_eq(tenants[k], all[i].notice.tenant))
            k++;
        if (k == *n_out)
            tenants[(*n_out)++] = all[i].notice.tenant;
    }
    return tenants;
}

static bool calm_all(const struct compose_case *c, arena *a, struct gathered *all, size_t *n)
{
    size_t n_tenants, told = *n;
    const sv *tenants = tenants_of(all, told, a, &n_tenants);
    for (size_t t = 0; tenants && t < n_tenants; t++) {
        for (size_t k = 0; k < c->config->n_channels; k++) {
            if (is_calmed(c, k) && !calm(c, all, told, tenants[t], k, a, &all[*n]))
                return false;
            *n += is_calmed(c, k) && all[*n].notice.n_items > 0;
        }
    }
    size_t heard = 0;
    for (size_t i = 0; i < *n; i++) {
        if (is_heard(&all[i], c->config->n_channels))
            all[heard++] = all[i];
    }
    *n = heard;
    return tenants != NULL;
}

bool alert_compose(const struct compose_case *all, arena *a, struct gathered **out, size_t *n, struct err *e)
{
    struct compose_case domains = *all, *c = &domains;
    size_t folds = 0;
    if (!unite_domains(all, a, &domains.n))
        return err_set(e, ERR_MEMORY, "out of memory over notices");
    for (size_t i = 0; i < c->n; i++)
        folds += c->list[i].notice.n_items;
    /* At most so many notices, and a rest for each tenant and channel. */
    *out = arena_array(a, folds / COMPOSE_FOLD + c->n + c->n * c->config->n_channels + 1, sizeof **out);
    *n = 0;
    bool ok = *out && fold_all(c, a, *out, n);
    if (ok && *n > 1)
        qsort(*out, *n, sizeof **out, by_urgency);
    ok = ok && (c->all_heard || calm_all(c, a, *out, n));
    return (ok && !a->failed) || err_set(e, ERR_MEMORY, "out of memory over notices");
}
