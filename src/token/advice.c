/* Refused logins at mail servers, in words. */
#include "base/attr.h"
#include "token/token.h"

enum provider { ANY, EXCHANGE, GOOGLE };

/* How the login was tried, as bits. */
enum { PASSWORD = 1, APP = 2, PERSON = 4, ACCOUNT = 8, TOKEN = APP | PERSON | ACCOUNT, EITHER = 15 };
enum { IMAP = 1U << TOKEN_IMAP, SMTP = 1U << TOKEN_SMTP, BOTH = IMAP | SMTP };

static const struct {
    sv suffix;
    enum provider provider;
} hosts[] = {
    {SV_INIT("office365.com"), EXCHANGE}, {SV_INIT("outlook.com"), EXCHANGE},
    {SV_INIT("office.com"), EXCHANGE},    {SV_INIT("gmail.com"), GOOGLE},
    {SV_INIT("googlemail.com"), GOOGLE},  {SV_INIT("google.com"), GOOGLE},
};

/* The first row that fits. */
static const struct row {
    enum provider provider;
    unsigned use, how;
    const char *said; /* what occurs in the server's words; "": anything */
    const char *advice;
} rows[] = {
    {EXCHANGE, SMTP, EITHER, "SmtpClientAuthentication is disabled",
     "allow authenticated SMTP for the mailbox: Set-CASMailbox -SmtpClientAuthenticationDisabled $false"},
    {EXCHANGE, BOTH, PASSWORD, "",
     "Exchange Online takes no passwords any more; use oauth2 in place of password"},
    {EXCHANGE, IMAP, APP, "",
     "check that the service principal was made with the object ID of the Enterprise application, not of the "
     "app registration; that it has FullAccess on the mailbox, and consent for IMAP.AccessAsApp; that IMAP "
     "is on for the mailbox"},
    {EXCHANGE, SMTP, APP, "",
     "check that the service principal was made with the object ID of the Enterprise application, not of the "
     "app registration; that it has FullAccess on the mailbox, and consent for SMTP.SendAsApp"},
    {EXCHANGE, IMAP, TOKEN, "",
     "check that the person who logged in is user or has FullAccess on it, that scope is "
     "https://outlook.office.com/IMAP.AccessAsUser.All, and that IMAP is on for the mailbox"},
    {EXCHANGE, SMTP, TOKEN, "",
     "check that the person who logged in is user, and that scope is https://outlook.office.com/SMTP.Send"},
    {GOOGLE, BOTH, PASSWORD, "",
     "Google takes an app password (made in the account's security settings, with 2-step verification on) "
     "or oauth2, not the account's password"},
    {GOOGLE, BOTH, ACCOUNT, "",
     "check that scope is https://mail.google.com/, delegated domain-wide to the service account, and that "
     "user is the mailbox"},
    {GOOGLE, BOTH, TOKEN, "",
     "check that scope is https://mail.google.com/, and that the person who logged in is user"},
    {ANY, BOTH, PASSWORD, "", "check user and password"},
    {ANY, BOTH, EITHER, "", "the token is good for its own server only: check user, scope and mechanism"},
};

/* "outlook.com" and every name below it. */
static bool is_of(sv host, sv domain)
{
    return sv_ends_nocase(host, domain) && (host.n == domain.n || host.p[host.n - domain.n - 1] == '.');
}

static enum provider provider_of(sv host)
{
    for (size_t i = 0; i < COUNT_OF(hosts); i++)
        if (is_of(host, hosts[i].suffix))
            return hosts[i].provider;
    return ANY;
}

static unsigned how_of(enum oauth_grant grant)
{
    static const unsigned how[] = {
        [OAUTH_NONE] = PASSWORD,        [OAUTH_CLIENT_SECRET] = APP, [OAUTH_CLIENT_ASSERTION] = APP,
        [OAUTH_REFRESH_TOKEN] = PERSON, [OAUTH_DEVICE] = PERSON,     [OAUTH_SERVICE_ACCOUNT] = ACCOUNT,
        [OAUTH_COMMAND] = PERSON,
    };
    return how[grant];
}

const char *token_advice(enum token_use use, sv host, const struct oauth_cfg *cfg, sv said)
{
    enum provider provider = provider_of(host);
    unsigned how = how_of(cfg->grant);
    const struct row *r = rows;
    while (!((r->provider == ANY || r->provider == provider) && r->use & 1U << use && r->how & how &&
             (r->said[0] == '\0' || sv_find(said, sv_c(r->said), 0) != SIZE_MAX)))
        r++;
    return r->advice;
}

const char *token_mechanism(const struct oauth_cfg *cfg)
{
    return cfg->mechanism == OAUTH_BEARER ? "OAUTHBEARER" : "XOAUTH2";
}
