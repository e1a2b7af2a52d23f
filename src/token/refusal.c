#include "refusal.h"

#include "base/attr.h"

#define BIT(grant) (1U << (grant))
#define APPS       (BIT(OAUTH_CLIENT_SECRET) | BIT(OAUTH_CLIENT_ASSERTION))
#define PEOPLE     (BIT(OAUTH_REFRESH_TOKEN) | BIT(OAUTH_DEVICE))

/* Where the refresh token came with the configuration, there is nothing to log in to. */
static const char LOG_IN_AGAIN[] = "run: dmarcwarn login NAME";
static const char NEW_REFRESH[] = "give the configuration a new refresh_token";

/* The first row that fits. Numbers of Microsoft (AADSTS…) stand before the names of RFC 6749, which they
 * come with. */
static const struct row {
    const char *error;       /* "": any */
    const char *description; /* what occurs in it; "": anything */
    unsigned grants;         /* 0: any */
    const char *what, *advice;
} rows[] = {
    {"", "AADSTS7000215", 0, "the client secret is wrong",
     "client_secret takes the secret's Value, not its ID; make a new one if the value is gone"},
    {"", "AADSTS7000222", 0, "the client secret has expired", "make a new one in the app registration"},
    {"", "AADSTS7000218", 0, "it wants a client secret",
     "switch 'Allow public client flows' on in the app registration, or set client_secret"},
    {"", "AADSTS700016", 0, "the tenant has no such application",
     "check client_id, and the tenant in token_url"},
    {"", "AADSTS700027", 0, "the certificate's signature is not accepted",
     "upload this very certificate to the app registration; see that it has not expired"},
    {"", "AADSTS700024", 0, "the assertion is not good at this time", "set the clock of this machine"},
    {"", "AADSTS90002", 0, "there is no such tenant", "check the tenant in token_url"},
    {"", "AADSTS900023", 0, "there is no such tenant", "check the tenant in token_url"},
    {"", "AADSTS65001", 0, "nobody has consented to what the application asks for",
     "let an administrator of the tenant grant consent in its API permissions"},
    {"", "AADSTS1002012", 0, "the scope does not fit an application",
     "scope must be https://outlook.office365.com/.default"},
    {"", "AADSTS70011", 0, "the scope does not exist",
     "an application takes https://outlook.office365.com/.default; a person takes "
     "https://outlook.office.com/IMAP.AccessAsUser.All or …/SMTP.Send, and offline_access"},
    {"", "AADSTS500011", 0, "the tenant does not know what scope names", "check scope"},
    {"", "AADSTS53003", 0, "a conditional access policy forbids it",
     "let an administrator exempt this application or user"},
    {"", "AADSTS50076", PEOPLE, "it wants a second factor", LOG_IN_AGAIN},
    {"", "AADSTS50079", PEOPLE, "it wants a second factor", LOG_IN_AGAIN},
    {"", "AADSTS50173", PEOPLE, "the login was revoked, as after a new password", LOG_IN_AGAIN},
    {"", "AADSTS700082", PEOPLE, "the login was not used for too long", LOG_IN_AGAIN},
    {"", "Invalid JWT Signature", 0, "the key of the service account is not accepted",
     "it was deleted there, or is another account's; make a new one"},
    {"", "short-lived", 0, "the assertion is not good at this time", "set the clock of this machine"},
    {"", "Invalid email", 0, "user is no mailbox of that Workspace",
     "user must be the address of a mailbox, no alias or group"},
    {"invalid_grant", "account not found", 0, "there is no such service account", "check issuer"},
    {"invalid_client", "", APPS, "it does not accept the application",
     "check client_id, and client_secret or the certificate"},
    {"invalid_client", "", 0, "it does not accept the application", "check client_id and client_secret"},
    {"unauthorized_client", "", BIT(OAUTH_SERVICE_ACCOUNT), "the service account may not act for the user",
     "delegate scope https://mail.google.com/ domain-wide to the account's client ID, in the Admin console "
     "under Security, API controls"},
    {"unauthorized_client", "", 0, "the application may not get tokens in this way",
     "let an administrator allow it in the application's settings"},
    {"access_denied", "", BIT(OAUTH_SERVICE_ACCOUNT), "the service account may not use this scope",
     "delegate it domain-wide in the Admin console"},
    {"access_denied", "", 0, "the person or the server said no", LOG_IN_AGAIN},
    {"invalid_scope", "", 0, "it does not know the scope", "check scope"},
    {"consent_required", "", 0, "nobody has consented to what the application asks for",
     "let an administrator of the tenant grant consent in its API permissions"},
    {"interaction_required", "", 0, "it wants a person", LOG_IN_AGAIN},
    {"expired_token", "", 0, "the code has expired before anybody confirmed it", LOG_IN_AGAIN},
    {"invalid_grant", "", PEOPLE, "the login is no longer good", LOG_IN_AGAIN},
    {"invalid_grant", "", 0, "it does not accept what proves the client",
     "check the clock of this machine, and issuer, user and key"},
    {"unsupported_grant_type", "", 0, "it does not give tokens in this way", "check token_url"},
    {"invalid_request", "", 0, "it cannot use the request", "check token_url, client_id and scope"},
    {"", "", 0, "it does not say why", "check token_url"},
};

static bool fits(const struct row *r, const struct oauth_cfg *cfg, const struct token_answer *a)
{
    return (r->error[0] == '\0' || sv_eq(a->error, sv_c(r->error))) &&
           (r->description[0] == '\0' || sv_find(a->description, sv_c(r->description), 0) != SIZE_MAX) &&
           (r->grants == 0 || r->grants & BIT(cfg->grant));
}

/* "AADSTS7000215" of a description, or nothing. */
static sv number_of(sv description)
{
    static const size_t prefix = sizeof "AADSTS" - 1;
    size_t at = sv_find(description, SV("AADSTS"), 0);
    if (at == SIZE_MAX)
        return SV_ABSENT;
    sv rest = sv_skip(description, at);
    size_t n = prefix;
    while (n < rest.n && n < prefix + 10 && ascii_is_digit(rest.p[n]))
        n++;
    return sv_first(rest, n);
}

/* The name of an error is a word; anything else may be anything. */
static sv name_of(sv error)
{
    for (size_t i = 0; i < error.n; i++)
        if (!(error.p[i] >= 'a' && error.p[i] <= 'z') && error.p[i] != '_')
            return SV_ABSENT;
    return sv_first(error, 40);
}

static bool is_own_trouble(int status, sv error)
{
    return status >= 500 || status == 429 || status == 408 || sv_eq(error, SV("temporarily_unavailable")) ||
           sv_eq(error, SV("server_error"));
}

void refusal_tell(const struct oauth_cfg *cfg, sv host, int status, const struct token_answer *a,
                  bool *transient, struct err *e)
{
    char where[ERR_QUOTE];
    sv name = name_of(a->error), number = number_of(a->description);
    (void)err_quote(host, where);
    *transient = is_own_trouble(status, a->error);
    if (*transient) {
        (void)err_set(e, ERR_UNREACHABLE,
                      "token server %s: it has trouble of its own (status %d); the next run tries again",
                      where, status);
        return;
    }
    const struct row *r = rows;
    while (!fits(r, cfg, a))
        r++;
    bool ours = r->advice == LOG_IN_AGAIN && cfg->grant == OAUTH_REFRESH_TOKEN;
    (void)err_set(e, ERR_LOGIN, "token server %s: %s (status %d%s%.*s%s%.*s); %s", where, r->what, status,
                  name.n ? ", " : "", SV_ARG(name), number.n ? ", " : "", SV_ARG(number),
                  ours ? NEW_REFRESH : r->advice);
}
