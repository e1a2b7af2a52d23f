#include "judge/trust.h"

#include "base/attr.h"
#include "model/domain.h"

/* Services that write the reports of others, and mail them from a domain of their own. */
static const struct {
    sv agent;
    sv reporter; /* absent: whose they are differs */
} agents[] = {
    {SV_INIT("dmarc25.jp"), {NULL, 0}},       /* docomo.ne.jp and other Japanese providers */
    {SV_INIT("iphmx.com"), {NULL, 0}},        /* Cisco Secure Email, for its customers */
    {SV_INIT("secureserver.net"), {NULL, 0}}, /* GoDaddy, for what it hosts */
    {SV_INIT("yahoo.com"), SV_INIT("yahooinc.com")},
    {SV_INIT("yahoo.com"), SV_INIT("aol.com")},
};

static const sv exchange_hosts[] = {SV_INIT("outlook.com"), SV_INIT("exchangelabs.com"),
                                    SV_INIT("office365.us"), SV_INIT("outlook.cn")};
static const sv google_hosts[] = {SV_INIT("google.com")};

/* Ends of names that no server outside has (RFC 6762, RFC 8375, and what people use). */
static const sv private_ends[] = {SV_INIT(".internal"),  SV_INIT(".local"), SV_INIT(".localdomain"),
                                  SV_INIT(".home.arpa"), SV_INIT(".lan"),   SV_INIT(".localhost")};

struct trusting {
    const struct trust_cfg *cfg;
    const struct mail_auth *auth;
    const sv *hosts; /* ours: these and all below */
    size_t n_hosts;
    bool has_block;
    uint32_t block; /* without hops: the Received fields above the first field that is believed */
    size_t first;   /* its index */
};

/* Below a name of one label is a whole top-level domain: "mx" stands for itself alone. */
static bool is_ours_under(sv name, sv above)
{
    return sv_eq(name, above) || (sv_find_char(above, '.', 0) != SIZE_MAX && domain_is_under(name, above));
}

static bool is_under_any(sv name, const sv *above, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_ours_under(name, above[i]))
            return true;
    return false;
}

/* A host without a name that others could have is nobody else's. */
static bool is_private(sv host)
{
    for (size_t i = 0; i < COUNT_OF(private_ends); i++)
        if (sv_ends(host, private_ends[i]))
            return true;
    return sv_find_char(host, '.', 0) == SIZE_MAX;
}

static bool came_by_ours(const struct trusting *t, uint32_t hop)
{
    for (size_t i = 0; i < hop && i < t->auth->n_received; i++) {
        sv host = t->auth->received_by[i];
        if (!is_private(host) && !is_under_any(host, t->hosts, t->n_hosts))
            return false;
    }
    return hop <= t->auth->n_received;
}

void judge_trust_hosts(const struct mailbox_cfg *mailbox, arena *a, struct trust_hosts *out)
{
    sv id = mailbox->trust.authserv_id;
    sv domain = domain_fold(a, domain_of_address(mailbox->user), NULL);
    *out = (struct trust_hosts){.n = 0};
    if (mailbox->trust.in != TRUST_IN_ID)
        return;
    out->names[out->n++] = id;
    if (mailbox->host.n)
        out->names[out->n++] = domain_fold(a, mailbox->host, NULL);
    if (domain.n && is_ours_under(id, domain))
        out->names[out->n++] = domain;
}

static struct trusting trusting_of(const struct trust_cfg *cfg, const struct trust_hosts *hosts,
                                   const struct mail_auth *auth)
{
    struct trusting t = {.cfg = cfg, .auth = auth, .n_hosts = 1};
    switch (cfg->in) {
    case TRUST_IN_NOBODY:
        t.n_hosts = 0;
        break;
    case TRUST_IN_ID:
        t.hosts = hosts->names;
        t.n_hosts = hosts->n;
        break;
    case TRUST_IN_EXCHANGE_ONLINE:
        t.hosts = exchange_hosts;
        t.n_hosts = COUNT_OF(exchange_hosts);
        break;
    case TRUST_IN_GOOGLE:
        t.hosts = google_hosts;
        break;
    }
    return t;
}

/* It has the name that is believed. */
static bool is_named(const struct trusting *t, const struct auth_field *f)
{
    if (f->source != AUTH_SOURCE_results)
        return false;
    switch (t->cfg->in) {
    case TRUST_IN_NOBODY:
        return false;
    case TRUST_IN_ID: /* a server removes fields of its own id; one below it anybody can bring along */
        return sv_eq(f->id, t->cfg->authserv_id);
    case TRUST_IN_EXCHANGE_ONLINE:
        return f->id.p == NULL;
    case TRUST_IN_GOOGLE:
        return sv_eq(f->id, SV("mx.google.com"));
    }
    return false;
}

/* Exchange Online has no name: its place shows it. */
static bool is_placed(const struct trusting *t, size_t i)
{
    const struct mail_auth *m = t->auth;
    if (t->cfg->in != TRUST_IN_EXCHANGE_ONLINE)
        return true;
    for (size_t k = 0; k < i; k++)
        if (m->fields[k].source == AUTH_SOURCE_results)
            return false;
    uint32_t below = m->fields[i].hop;
    return below < m->n_received && is_under_any(m->received_by[below], t->hosts, t->n_hosts);
}

static bool is_in_reach(const struct trusting *t, uint32_t hop)
{
    return t->cfg->hops == TRUST_HOPS_UNSET ? came_by_ours(t, hop) : hop <= t->cfg->hops;
}

/* The first Authentication-Results that is believed opens the block. */
static void find_block(struct trusting *t)
{
    for (size_t i = 0; i < t->auth->n_fields && !t->has_block; i++) {
        const struct auth_field *f = &t->auth->fields[i];
        t->has_block = is_named(t, f) && is_placed(t, i) && is_in_reach(t, f->hop);
        t->block = f->hop;
        t->first = i;
    }
}

/* No server removes the Received-SPF of others, whatever receiver they name: only what stands above a field
 * of ours was written by ours. */
static bool is_believed(const struct trusting *t, size_t i)
{
    const struct auth_field *f = &t->auth->fields[i];
    bool in_reach = t->cfg->hops == TRUST_HOPS_UNSET ? f->hop == t->block : f->hop <= t->cfg->hops;
    if (!t->has_block || !in_reach)
        return false;
    if (f->source == AUTH_SOURCE_received_spf)
        return i < t->first && f->hop == t->block;
    return is_named(t, f) && is_placed(t, i);
}

/* What one method comes to. */
enum finding { FINDING_NONE, FINDING_FAIL, FINDING_PASS };

/* In one field. Of results that differ the worse one counts: a field has one of DMARC. */
static enum finding dmarc_in(const struct auth_field *f, sv from)
{
    enum finding found = FINDING_NONE;
    for (size_t i = 0; i < f->n_statements; i++) {
        const struct auth_statement *s = &f->statements[i];
        if (s->method != AUTH_METHOD_dmarc)
            continue;
        if (s->result == AUTH_RESULT_fail)
            return FINDING_FAIL;
        if (s->result == AUTH_RESULT_pass && domain_is_related(s->domain, from))
            found = FINDING_PASS;
    }
    return found;
}

static bool aligns(const struct auth_statement *s, sv from)
{
    sv domain = s->method == AUTH_METHOD_spf && s->domain.p == NULL ? s->helo : s->domain;
    return s->result == AUTH_RESULT_pass && domain.n > 0 && domain_is_related(domain, from);
}

static bool has_method(const struct auth_field *f, enum auth_method method)
{
    for (size_t i = 0; i < f->n_statements; i++)
        if (f->statements[i].method == method)
            return true;
    return false;
}

/* Of SPF there is one result, the first that is told; of DKIM there may be many. */
static bool passes(const struct trusting *t, enum auth_method method, sv from)
{
    for (size_t i = 0; i < t->auth->n_fields; i++) {
        const struct auth_field *f = &t->auth->fields[i];
        if (!is_believed(t, i) || !has_method(f, method))
            continue;
        for (size_t k = 0; k < f->n_statements; k++)
            if (f->statements[k].method == method && aligns(&f->statements[k], from))
                return true;
        if (method == AUTH_METHOD_spf)
            return false;
    }
    return false;
}

static enum trust trust_of(const struct trusting *t, sv from)
{
    for (size_t i = 0; i < t->auth->n_fields; i++) {
        if (!is_believed(t, i) || !has_method(&t->auth->fields[i], AUTH_METHOD_dmarc))
            continue;
        enum finding dmarc = dmarc_in(&t->auth->fields[i], from);
        if (dmarc != FINDING_NONE)
            return dmarc == FINDING_PASS ? TRUST_verified : TRUST_failed;
        break;
    }
    bool pass = passes(t, AUTH_METHOD_dkim, from) || passes(t, AUTH_METHOD_spf, from);
    return pass ? TRUST_verified : TRUST_unknown;
}

static enum trust_sender sender_of(sv from, sv reporter)
{
    if (reporter.n > 0 && domain_is_related(from, reporter))
        return TRUST_SENDER_own;
    for (size_t i = 0; i < COUNT_OF(agents); i++)
        if (domain_is_under(from, agents[i].agent) &&
            (agents[i].reporter.p == NULL || domain_is_under(reporter, agents[i].reporter)))
            return TRUST_SENDER_agent;
    return TRUST_SENDER_other;
}

void judge_trust(const struct trust_cfg *cfg, const struct trust_hosts *hosts, const struct mail_facts *mail,
                 sv reporter, struct trust_verdict *out)
{
    struct trusting t = trusting_of(cfg, hosts, &mail->auth);
    *out = (struct trust_verdict){.trust = TRUST_unknown};
    find_block(&t);
    if (!t.has_block || mail->from_domain.n == 0)
        return;
    out->trust = trust_of(&t, mail->from_domain);
    if (out->trust != TRUST_verified)
        return;
    out->domain = mail->from_domain;
    out->sender = sender_of(mail->from_domain, reporter);
}
