#include "hash.h"

#include "base/attr.h"
#include "base/sha256.h"
#include "config/config.h"

static void add_u64(struct sha256 *h, uint64_t v)
{
    uint8_t octets[8];
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(v >> (8 * i));
    sha256_add(h, octets, sizeof octets);
}

/* With its length, so that no two lists of texts look the same. */
static void add_sv(struct sha256 *h, sv s)
{
    add_u64(h, s.n);
    sha256_add(h, s.p, s.n);
}

static void add_texts(struct sha256 *h, const sv *texts, size_t n)
{
    add_u64(h, n);
    for (size_t i = 0; i < n; i++)
        add_sv(h, texts[i]);
}

static void add_networks(struct sha256 *h, const struct cidr *nets, size_t n)
{
    add_u64(h, n);
    for (size_t i = 0; i < n; i++) {
        sha256_add(h, nets[i].ip.b, sizeof nets[i].ip.b);
        add_u64(h, nets[i].bits);
    }
}

static void add_sender(struct sha256 *h, const struct sender_cfg *s)
{
    add_sv(h, s->name);
    add_u64(h, s->kind);
    add_networks(h, s->ips, s->n_ips);
    add_networks(h, s->networks, s->n_networks);
    add_u64(h, s->n_dkims);
    for (size_t i = 0; i < s->n_dkims; i++) {
        add_sv(h, s->dkims[i].domain);
        add_texts(h, s->dkims[i].selectors, s->dkims[i].n_selectors);
    }
    add_texts(h, s->spfs, s->n_spfs);
    add_texts(h, s->signs_as, s->n_signs_as);
    add_texts(h, s->bounces_as, s->n_bounces_as);
    add_u64(h, s->shared);
    add_u64(h, (uint64_t)s->expires);
}

static void add_rule(struct sha256 *h, const struct rule_cfg *r)
{
    add_u64(h, r->off);
    add_u64(h, r->on);
    add_u64(h, r->min_messages);
    add_u64(h, r->share_bp);
    add_u64(h, r->window_days);
    add_u64(h, r->factor);
    add_u64(h, r->severity);
}

static void add_domain(struct sha256 *h, const struct domain_cfg *d)
{
    add_sv(h, d->name);
    add_u64(h, d->wildcard);
    add_u64(h, d->n_senders);
    for (size_t i = 0; i < d->n_senders; i++)
        add_u64(h, d->senders[i]);
    add_u64(h, d->policy.p);
    add_u64(h, d->policy.sp);
    add_u64(h, d->policy.np);
    add_u64(h, d->parked);
    add_u64(h, d->unwatched);
    add_u64(h, d->min_messages);
    add_sv(h, d->tenant);
    add_u64(h, d->rules != NULL);
    for (size_t i = 0; d->rules && i < RULE_END; i++)
        add_rule(h, &d->rules[i]);
}

/* Not the channels: where a notice goes changes nothing that was decided, but whether anybody is told of
 * a thing does. */
static void add_route(struct sha256 *h, const struct route_cfg *r)
{
    add_u64(h, r->match.severities);
    add_u64(h, r->match.rules);
    add_texts(h, r->match.tenants, r->match.n_tenants);
    add_texts(h, r->match.domains, r->match.n_domains);
    add_u64(h, r->n_channels > 0);
    for (size_t i = 0; i < r->n_channels; i++)
        add_u64(h, r->channels[i] == TO_TENANT);
    add_u64(h, r->go_on);
}

/* Likewise whether a tenant hears of anything. */
static void add_tenant(struct sha256 *h, const struct tenant_cfg *t)
{
    add_sv(h, t->name);
    add_u64(h, t->n_channels > 0);
}

static void add_silence(struct sha256 *h, const struct silence_cfg *s)
{
    add_u64(h, s->rules);
    add_sv(h, s->tenant);
    add_sv(h, s->domain);
    add_sv(h, s->subject);
    add_u64(h, (uint64_t)s->ends);
}

/* Of a mailbox only whose word is believed about its mails, and which mails these are. */
static void add_mailbox(struct sha256 *h, const struct mailbox_cfg *m)
{
    if (m->trust.in == TRUST_IN_NOBODY)
        return;
    add_sv(h, m->host);
    add_u64(h, m->port);
    add_sv(h, m->user);
    add_sv(h, m->folder);
    add_sv(h, m->path);
    add_u64(h, m->trust.in);
    add_sv(h, m->trust.authserv_id);
    add_u64(h, m->trust.hops);
}

bool config_hash(const struct config *c, uint8_t out[32])
{
    struct sha256 h;
    if (!sha256_start(&h))
        return false;
    for (size_t i = 0; i < c->n_mailboxes; i++)
        add_mailbox(&h, &c->mailboxes[i]);
    add_u64(&h, c->n_senders);
    for (size_t i = 0; i < c->n_senders; i++)
        add_sender(&h, &c->senders[i]);
    add_u64(&h, c->n_domains);
    for (size_t i = 0; i < c->n_domains; i++)
        add_domain(&h, &c->domains[i]);
    for (size_t i = 0; i < RULE_END; i++)
        add_rule(&h, &c->rules[i]);
    add_u64(&h, c->n_routes);
    for (size_t i = 0; i < c->n_routes; i++)
        add_route(&h, &c->routes[i]);
    for (size_t i = 0; i < c->n_tenants; i++)
        add_tenant(&h, &c->tenants[i]);
    add_u64(&h, (uint64_t)c->max_age);
    add_u64(&h, (uint64_t)c->repeat.first);
    add_u64(&h, (uint64_t)c->repeat.most);
    add_u64(&h, (uint64_t)c->cool_down);
    add_u64(&h, (uint64_t)c->learn);
    add_u64(&h, c->n_silences);
    for (size_t i = 0; i < c->n_silences; i++)
        add_silence(&h, &c->silences[i]);
    return sha256_end(&h, out);
}

static void add_oauth(struct sha256 *h, const struct oauth_cfg *o)
{
    const sv texts[] = {o->token_url,     o->device_url,  o->client_id,   o->scope,  o->client_secret,
                        o->refresh_token, o->private_key, o->certificate, o->issuer, o->ca_file};
    add_u64(h, o->grant);
    add_u64(h, o->mechanism);
    add_texts(h, texts, COUNT_OF(texts));
    add_texts(h, o->command, o->n_command);
}

static void add_quiet(struct sha256 *h, const struct quiet_cfg *q)
{
    add_u64(h, q->n_times);
    for (size_t i = 0; i < q->n_times; i++)
        add_u64(h, (uint64_t)q->times[i].from << 16 | q->times[i].to);
    add_u64(h, q->days);
    add_sv(h, q->tz);
}

/* Of all who have some: what rests for the channel may be due now. */
static void add_quiets(struct sha256 *h, const struct config *config, const struct channel_cfg *c)
{
    add_quiet(h, &c->quiet);
    add_quiet(h, &config->quiet);
    for (size_t i = 0; i < config->n_tenants; i++) {
        add_quiet(h, &config->tenants[i].quiet);
        add_sv(h, config->tenants[i].tz);
    }
}

uint32_t config_channel_tag(const struct config *config, const struct channel_cfg *c)
{
    struct sha256 h;
    uint8_t sum[SHA256_SIZE] = {0};
    const sv texts[] = {c->url,       c->ca_file, c->secret,   c->token, c->room,
                        c->smtp_host, c->user,    c->password, c->from,  c->socket_path};
    if (!sha256_start(&h))
        return 1;
    add_u64(&h, c->type);
    add_u64(&h, c->format);
    add_u64(&h, c->deny_private);
    add_u64(&h, c->smtp_port);
    add_u64(&h, c->smtp_tls);
    add_texts(&h, texts, COUNT_OF(texts));
    add_texts(&h, c->to, c->n_to);
    add_u64(&h, c->to_owner);
    add_texts(&h, c->command, c->n_command);
    add_oauth(&h, &c->oauth);
    add_quiets(&h, config, c);
    if (!sha256_end(&h, sum))
        return 1;
    return (uint32_t)sum[0] << 16 | (uint32_t)sum[1] << 8 | sum[2] | 1U << 24;
}
