/* Values that are URLs. What is printed of them is never more than the part that cannot be a secret. */
#include "load.h"
#include "model/domain.h"
#include "url.h"

static const struct scheme {
    const char *name;
    uint16_t port;
    enum tls_mode tls;
} imap_schemes[] = {{"imaps", 993, TLS_IMPLICIT}, {"imap", 143, TLS_STARTTLS}},
  smtp_schemes[] = {{"smtps", 465, TLS_IMPLICIT}, {"smtp", 25, TLS_STARTTLS}};

static void tell_fault(struct loader *l, const struct value *v, enum url_fault fault, const char *schemes)
{
    if (fault == URL_SCHEME)
        PROBLEM(l->p, v->node->at, url_scheme, v->path, sv_c(schemes));
    else if (fault == URL_LOGIN)
        PROBLEM(l->p, v->node->at, url_login, v->path);
    else if (fault == URL_HOST)
        PROBLEM(l->p, v->node->at, url_host, v->path);
    else if (fault == URL_PORT)
        PROBLEM(l->p, v->node->at, url_port, v->path);
}

/* Splits v's text and finds its scheme among two; NULL when told. */
static const struct scheme *take_server(struct loader *l, const struct value *v,
                                        const struct scheme schemes[2], const char *names, struct url *url)
{
    sv text;
    const struct scheme *found = NULL;
    if (!take_text(l, v->node, v->path, &text))
        return NULL;
    enum url_fault fault = url_split(text, url);
    for (size_t i = 0; i < 2; i++)
        if (sv_eq_nocase(url->scheme, sv_c(schemes[i].name)))
            found = &schemes[i];
    if (found == NULL)
        fault = URL_SCHEME;
    tell_fault(l, v, fault, names);
    return fault == URL_OK ? found : NULL;
}

static sv host_form(struct loader *l, sv host)
{
    return sv_find_char(host, ':', 0) == SIZE_MAX ? domain_fold(l->a, host, NULL) : host;
}

void read_mailbox_url(struct loader *l, const struct value *v)
{
    struct url url;
    struct mailbox_cfg *m = v->base;
    const struct scheme *s = take_server(l, v, imap_schemes, "imaps:// or imap://", &url);
    if (s == NULL)
        return;
    if (url.rest.n > 1)
        PROBLEM(l->p, v->node->at, mailbox_path, v->path, sv_skip(url.rest, 1));
    m->host = host_form(l, url.host);
    m->port = url.port ? url.port : s->port;
    m->tls = s->tls;
}

void read_smtp_url(struct loader *l, const struct value *v)
{
    struct url url;
    struct channel_cfg *c = v->base;
    const struct scheme *s = take_server(l, v, smtp_schemes, "smtps:// or smtp://", &url);
    if (s == NULL)
        return;
    if (url.rest.n > 1)
        PROBLEM(l->p, v->node->at, smtp_path, v->path);
    c->smtp_host = host_form(l, url.host);
    c->smtp_port = url.port ? url.port : s->port;
    c->smtp_tls = s->tls == TLS_STARTTLS && url_host_is_loopback(url.host) ? TLS_NONE : s->tls;
}

static bool is_printable_ascii(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= 0x20 || s.p[i] >= 0x7f)
            return false;
    return true;
}

/* https, or http to this machine. `wrong` is told when it is no such URL. */
static void read_http(struct loader *l, const struct value *v, sv text, enum problem wrong)
{
    struct url url;
    enum url_fault fault = url_split(text, &url);
    bool is_plain = sv_eq_nocase(url.scheme, SV("http"));
    if (fault == URL_LOGIN || fault == URL_PORT)
        tell_fault(l, v, fault, "");
    else if (fault != URL_OK || !is_printable_ascii(text) ||
             (!is_plain && !sv_eq_nocase(url.scheme, SV("https"))))
        problem_add(l->p, v->node->at, wrong, &v->path, 1);
    else if (is_plain && !url_host_is_loopback(url.host))
        PROBLEM(l->p, v->node->at, webhook_plain, v->path);
    memcpy(value_field(v), &text, sizeof text);
}

void read_webhook_url(struct loader *l, const struct value *v)
{
    sv text;
    if (take_secret(l, v->node, v->path, &text))
        read_http(l, v, text, PROBLEM_webhook_url);
}

void read_https_url(struct loader *l, const struct value *v)
{
    sv text;
    if (take_text(l, v->node, v->path, &text))
        read_http(l, v, text, PROBLEM_token_url);
}

void read_service_url(struct loader *l, const struct value *v)
{
    sv text;
    if (take_text(l, v->node, v->path, &text))
        read_http(l, v, text, PROBLEM_webhook_url);
}

void check_teams_url(struct loader *l, const struct node *node, sv path, sv text)
{
    struct url url;
    const struct node *at = node_get(node, SV("url"));
    if (at == NULL || text.n == 0 || url_split(text, &url) != URL_OK)
        return;
    sv host = domain_fold(l->a, url.host, NULL);
    bool outlook = sv_eq(host, SV("outlook.office.com")) || sv_eq(host, SV("outlook.office365.com"));
    if ((outlook && sv_starts(url.rest, SV("/webhook"))) || sv_ends(host, SV(".webhook.office.com")))
        PROBLEM(l->p, at->at, teams_retired, load_below(l, path, SV("url")));
}
