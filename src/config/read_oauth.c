/* OAuth2: which keys stand there decides how a token is got. */
#include "base/attr.h"
#include "load.h"

static const char *const mechanisms[] = {[OAUTH_XOAUTH2] = "xoauth2", [OAUTH_BEARER] = "oauthbearer"};

const char *mechanism_word(enum oauth_mechanism m)
{
    return mechanisms[m];
}

/* The first one whose key is there. */
static const struct grant {
    sv key;
    enum oauth_grant grant;
    const char *needs, *also; /* blanks between */
} grants[] = {
    {SV_INIT("command"), OAUTH_COMMAND, "", ""},
    {SV_INIT("service_account"), OAUTH_SERVICE_ACCOUNT, "", "issuer token_url scope"},
    {SV_INIT("device_url"), OAUTH_DEVICE, "token_url client_id scope", "client_secret"},
    {SV_INIT("refresh_token"), OAUTH_REFRESH_TOKEN, "token_url client_id", "scope client_secret"},
    {SV_INIT("certificate"), OAUTH_CLIENT_ASSERTION, "private_key token_url client_id scope", ""},
    {SV_INIT("client_secret"), OAUTH_CLIENT_SECRET, "token_url client_id scope", ""},
};

static bool has_word(const char *words, sv word)
{
    sv one, rest = sv_c(words);
    while (sv_split(&rest, ' ', &one))
        if (sv_eq(one, word))
            return true;
    return false;
}

static void check_grant(struct loader *l, const struct value *v, const struct grant *g)
{
    sv need, rest = sv_c(g->needs);
    while (sv_split(&rest, ' ', &need))
        if (!node_get(v->node, need))
            PROBLEM(l->p, v->node->key_at, missing_key, v->path, need);
    for (const struct node *e = v->node->first; e; e = e->next)
        if (!sv_eq(e->key, g->key) && schema_find("oauth2", e->key) && !has_word(g->needs, e->key) &&
            !has_word(g->also, e->key) && !has_word("mechanism ca_file", e->key))
            PROBLEM(l->p, e->key_at, oauth_other, v->path, e->key, g->key);
}

void read_oauth2(struct loader *l, const struct value *v)
{
    struct oauth_cfg *cfg = value_field(v);
    if (!load_map(l, v, "oauth2", cfg))
        return;
    for (size_t i = 0; i < COUNT_OF(grants); i++) {
        if (node_get(v->node, grants[i].key)) {
            cfg->grant = grants[i].grant;
            check_grant(l, v, &grants[i]);
            return;
        }
    }
    PROBLEM(l->p, v->node->key_at, oauth_grant, v->path,
            SV("client_secret, certificate, refresh_token, device_url, service_account, command"));
}

void read_mechanism(struct loader *l, const struct value *v)
{
    enum oauth_mechanism *m = value_field(v);
    size_t i = take_choice(l, v->node, v->path, mechanisms, COUNT_OF(mechanisms));
    if (i != SIZE_MAX)
        *m = (enum oauth_mechanism)i;
}

void read_pem(struct loader *l, const struct value *v)
{
    sv document;
    if (take_document(l, v->node, v->path, &document))
        memcpy(value_field(v), &document, sizeof document);
}

void read_account(struct loader *l, const struct value *v)
{
    read_pem(l, v);
}

void check_login(struct loader *l, const struct node *node, sv path)
{
    bool password = node_get(node, SV("password")), oauth2 = node_get(node, SV("oauth2"));
    if (password && oauth2)
        PROBLEM(l->p, node->key_at, two_logins, path);
    else if (!password && !oauth2)
        PROBLEM(l->p, node->key_at, no_login, path);
}
