/* What token servers and mail servers say, and what is made of it. */
#include "unit.h"

#include <string.h>

#include "answer.h"
#include "form.h"
#include "refusal.h"
#include "token/token.h"

static struct token_answer read(arena *a, const char *json)
{
    struct token_answer answer;
    arena_reset(a);
    if (!answer_read(sv_c(json), 16, a, &answer))
        answer.interval = -1;
    return answer;
}

static void reads_answers(void **state)
{
    arena a;
    (void)state;
    arena_init(&a, 1 << 16);
    struct token_answer t =
        read(&a, "{\"access_token\":\"abc.DEF-1\",\"expires_in\":3599,\"refresh_token\":\"r\"}");
    assert_sv_equal(t.access_token, "abc.DEF-1");
    assert_sv_equal(t.refresh_token, "r");
    assert_int_equal(t.expires_in, 3599);
    assert_int_equal(read(&a, "{\"expires_in\":\"60\"}").expires_in, 60);
    assert_int_equal(read(&a, "{\"expires_in\":-5}").expires_in, 0);
    assert_int_equal(read(&a, "{\"expires_in\":\"soon\"}").expires_in, 0);
    assert_int_equal(read(&a, "{\"expires_in\":1e300}").expires_in, 90 * 86400);
    assert_int_equal(read(&a, "{}").interval, 5);
    assert_int_equal(read(&a, "{\"interval\":1000}").interval, 60);
    assert_sv_equal(read(&a, "{\"verification_url\":\"https://x/\"}").uri, "https://x/");
    assert_int_equal(read(&a, "[1]").interval, -1);
    assert_int_equal(read(&a, "").interval, -1);
    assert_int_equal(read(&a, "{\"access_token\":").interval, -1);
    arena_free(&a);
}

/* What could end a login line, or is longer than a token may be. */
static void takes_no_odd_tokens(void **state)
{
    static const char *const odd[] = {"{\"access_token\":\"a\\u0001auth=x\"}",
                                      "{\"access_token\":\"a\\r\\nb\"}",
                                      "{\"access_token\":\"a b\"}",
                                      "{\"access_token\":\"\"}",
                                      "{\"access_token\":7}",
                                      "{\"access_token\":\"\\u00e4\"}",
                                      "{\"access_token\":\"12345678901234567\"}"};
    arena a;
    (void)state;
    arena_init(&a, 1 << 16);
    for (size_t i = 0; i < COUNT_OF(odd); i++)
        assert_null(read(&a, odd[i]).access_token.p);
    arena_free(&a);
}

static void encodes_forms(void **state)
{
    buf b;
    (void)state;
    buf_init(&b, 256);
    form_add(&b, "a", SV("x y&=+/~-._%"));
    form_add(&b, "left_out", SV_ABSENT);
    form_add(&b, "b", SV("\xc3\xa4"));
    assert_sv_equal(buf_view(&b), "a=x%20y%26%3D%2B%2F~-._%25&b=%C3%A4");
    buf_wipe(&b);
}

static const char *told(enum oauth_grant grant, int status, const char *error, const char *description,
                        bool *transient)
{
    static struct err e;
    const struct oauth_cfg cfg = {.grant = grant};
    const struct token_answer a = {.error = sv_c(error), .description = sv_c(description)};
    refusal_tell(&cfg, SV("login.example.com"), status, &a, transient, &e);
    return e.msg;
}

static void explains_refusals(void **state)
{
    bool transient;
    (void)state;
    assert_string_equal(
        told(OAUTH_CLIENT_SECRET, 401, "invalid_client", "AADSTS7000222: keys \r\n expired", &transient),
        "token server login.example.com: the client secret has expired (status 401, "
        "invalid_client, AADSTS7000222); make a new one in the app registration");
    assert_false(transient);
    assert_string_equal(told(OAUTH_DEVICE, 400, "invalid_grant", "AADSTS700082: x", &transient),
                        "token server login.example.com: the login was not used for too long (status 400, "
                        "invalid_grant, AADSTS700082); run: dmarcwarn login NAME");
    assert_string_equal(told(OAUTH_REFRESH_TOKEN, 400, "invalid_grant", "", &transient),
                        "token server login.example.com: the login is no longer good (status 400, "
                        "invalid_grant); give the configuration a new refresh_token");
    assert_non_null(
        strstr(told(OAUTH_SERVICE_ACCOUNT, 401, "unauthorized_client", "", &transient), "domain-wide"));
    assert_non_null(
        strstr(told(OAUTH_SERVICE_ACCOUNT, 400, "invalid_grant", "Invalid JWT Signature.", &transient),
               "key of the service account"));
    assert_non_null(
        strstr(told(OAUTH_CLIENT_SECRET, 503, "", "", &transient), "trouble of its own (status 503)"));
    assert_true(transient);
}

/* A server may repeat what it was sent. */
static void repeats_no_description(void **state)
{
    bool transient;
    (void)state;
    assert_null(strstr(told(OAUTH_CLIENT_SECRET, 400, "canary-Secret", "canary AADSTSx canary", &transient),
                       "canary"));
}

static const char *advice(enum token_use use, const char *host, enum oauth_grant grant, const char *said)
{
    const struct oauth_cfg cfg = {.grant = grant};
    return token_advice(use, sv_c(host), &cfg, sv_c(said));
}

static void advises_by_provider(void **state)
{
    (void)state;
    assert_non_null(
        strstr(advice(TOKEN_IMAP, "outlook.office365.com", OAUTH_CLIENT_SECRET, "NO AUTHENTICATE failed."),
               "object ID of the Enterprise application"));
    assert_non_null(
        strstr(advice(TOKEN_IMAP, "outlook.office365.com", OAUTH_DEVICE, ""), "IMAP.AccessAsUser.All"));
    assert_non_null(
        strstr(advice(TOKEN_IMAP, "OUTLOOK.office365.com", OAUTH_NONE, ""), "no passwords any more"));
    assert_non_null(strstr(advice(TOKEN_SMTP, "smtp.office365.com", OAUTH_CLIENT_SECRET,
                                  "535 5.7.139 SmtpClientAuthentication is disabled for the Tenant"),
                           "Set-CASMailbox"));
    assert_non_null(strstr(advice(TOKEN_IMAP, "imap.gmail.com", OAUTH_NONE, ""), "app password"));
    assert_non_null(strstr(advice(TOKEN_IMAP, "imap.gmail.com", OAUTH_SERVICE_ACCOUNT, ""), "domain-wide"));
    assert_string_equal(advice(TOKEN_IMAP, "notgmail.com", OAUTH_NONE, ""), "check user and password");
    assert_non_null(strstr(advice(TOKEN_SMTP, "mail.example.com", OAUTH_COMMAND, ""), "check user, scope"));
}

static void reads_challenges(void **state)
{
    char status[TOKEN_STATUS];
    (void)state;
    /* {"status":"400","schemes":"Bearer"} · {"status":"a b"} · {"x":1} */
    assert_string_equal(token_challenge(SV(" eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIn0=\r\n"), status),
                        "400");
    assert_string_equal(token_challenge(SV("eyJzdGF0dXMiOiJhIGIifQ=="), status), "");
    assert_string_equal(token_challenge(SV("eyJ4IjoxfQ=="), status), "");
    assert_string_equal(token_challenge(SV(""), status), "");
    assert_string_equal(token_challenge(SV("VXNlcm5hbWU6"), status), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_answers),          cmocka_unit_test(takes_no_odd_tokens),
        cmocka_unit_test(encodes_forms),          cmocka_unit_test(explains_refusals),
        cmocka_unit_test(repeats_no_description), cmocka_unit_test(advises_by_provider),
        cmocka_unit_test(reads_challenges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
