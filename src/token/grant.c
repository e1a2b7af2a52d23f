#include "form.h"
#include "jwt.h"
#include "tokens.h"

static void add_client(buf *form, const struct oauth_cfg *c)
{
    form_add(form, "client_id", c->client_id);
    form_add(form, "client_secret", c->client_secret);
    form_add(form, "scope", c->scope);
}

/* RFC 6749 4.4, with a secret or (RFC 7523 2.2) a signed assertion. */
static bool add_credentials(buf *form, const struct oauth_cfg *c, int64_t now, struct err *e)
{
    form_add(form, "grant_type", SV("client_credentials"));
    add_client(form, c);
    if (c->grant == OAUTH_CLIENT_SECRET)
        return true;
    buf jwt CLEANUP(buf_wipe);
    buf_init(&jwt, 64 * 1024);
    if (!jwt_client_assertion(c, now, &jwt, e))
        return false;
    form_add(form, "client_assertion_type", SV("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    form_add(form, "client_assertion", buf_view(&jwt));
    return true;
}

/* RFC 6749 6. The token on the disk is younger than the configuration's. */
static bool add_refresh(buf *form, const struct token_owner *o, const struct kept *kept, struct err *e)
{
    sv token = kept->refresh_token.p ? kept->refresh_token : o->cfg->refresh_token;
    char name[ERR_QUOTE];
    if (token.p == NULL)
        return err_set(e, ERR_LOGIN, "nobody has logged in yet; run: dmarcwarn login %s",
                       err_quote(o->name, name));
    form_add(form, "grant_type", SV("refresh_token"));
    form_add(form, "refresh_token", token);
    add_client(form, o->cfg);
    return true;
}

static bool add_account(buf *form, const struct token_owner *o, int64_t now, arena *a, sv *url, struct err *e)
{
    struct jwt_account account;
    buf jwt CLEANUP(buf_wipe);
    buf_init(&jwt, 64 * 1024);
    sv scope = o->cfg->scope.p ? o->cfg->scope : SV("https://mail.google.com/");
    if (!jwt_account(o->cfg, a, &account, e) ||
        !jwt_account_assertion(&account, scope, o->user, now, &jwt, e))
        return false;
    *url = account.token_url;
    form_add(form, "grant_type", SV("urn:ietf:params:oauth:grant-type:jwt-bearer"));
    form_add(form, "assertion", buf_view(&jwt));
    return true;
}

bool grant_form(const struct token_owner *o, const struct kept *kept, int64_t now, arena *a, sv *url,
                buf *form, struct err *e)
{
    *url = o->cfg->token_url;
    switch (o->cfg->grant) {
    case OAUTH_CLIENT_SECRET:
    case OAUTH_CLIENT_ASSERTION:
        return add_credentials(form, o->cfg, now, e);
    case OAUTH_REFRESH_TOKEN:
    case OAUTH_DEVICE:
        return add_refresh(form, o, kept, e);
    case OAUTH_SERVICE_ACCOUNT:
        return add_account(form, o, now, a, url, e);
    case OAUTH_NONE:
    case OAUTH_COMMAND:
        break;
    }
    return err_set(e, ERR_BUG, "a login without a token server asks for a token");
}
