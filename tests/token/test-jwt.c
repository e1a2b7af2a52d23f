/* Signed assertions, taken apart and verified by libcrypto with keys made here. */
#include "unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* libcrypto has a type of this name, base/err.h an error class. */
#define ERR_STATE libcrypto_err_state
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#undef ERR_STATE

#include "base/base64.h"
#include "jwt.h"

enum { NOW = 1795521600, ROOM = 1 << 16 };

static EVP_PKEY *key, *other;
static char *key_pem, *other_pem, *cert_pem, *ec_pem, *locked_pem;
static X509 *cert;

static char *text_of(BIO *bio)
{
    char *p = NULL;
    long n = BIO_get_mem_data(bio, &p);
    char *copy = strndup(p, (size_t)n);
    BIO_free(bio);
    return copy;
}

static char *pem_of(EVP_PKEY *k, const EVP_CIPHER *cipher)
{
    char word[] = "word";
    BIO *bio = BIO_new(BIO_s_mem());
    int ok = PEM_write_bio_PrivateKey(bio, k, cipher, NULL, 0, NULL, cipher ? word : NULL);
    assert_int_equal(ok, 1);
    return text_of(bio);
}

static int make_keys(void **state)
{
    (void)state;
    key = EVP_RSA_gen(2048);
    other = EVP_RSA_gen(2048);
    EVP_PKEY *ec = EVP_EC_gen("P-256");
    cert = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), 0);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_sign(cert, key, EVP_sha256());
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, cert);
    cert_pem = text_of(bio);
    key_pem = pem_of(key, NULL);
    other_pem = pem_of(other, NULL);
    ec_pem = pem_of(ec, NULL);
    locked_pem = pem_of(key, EVP_aes_128_cbc());
    EVP_PKEY_free(ec);
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    X509_free(cert);
    free(key_pem);
    free(other_pem);
    free(cert_pem);
    free(ec_pem);
    free(locked_pem);
    return 0;
}

static void decode(buf *out, sv part)
{
    buf standard;
    buf_init(&standard, ROOM);
    for (size_t i = 0; i < part.n; i++) {
        assert_null(memchr("+/=", part.p[i], 3));
        buf_char(&standard, (char)(part.p[i] == '-' ? '+' : part.p[i] == '_' ? '/' : part.p[i]));
    }
    while (standard.n % 4)
        buf_char(&standard, '=');
    buf_reset(out);
    assert_true(base64_decode(out, buf_view(&standard)));
    buf_free(&standard);
}

static json_t *json_of(sv part)
{
    buf b;
    buf_init(&b, ROOM);
    decode(&b, part);
    json_t *json = json_loadb(b.p, b.n, 0, NULL);
    buf_free(&b);
    assert_non_null(json);
    return json;
}

/* Both parts, once the signature over them is found good. */
static void open_jwt(sv jwt, json_t **header, json_t **claims)
{
    sv rest = jwt, part[3];
    buf signature;
    buf_init(&signature, ROOM);
    for (size_t i = 0; i < 3; i++)
        assert_true(sv_split(&rest, '.', &part[i]));
    assert_null(rest.p);
    decode(&signature, part[2]);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n,
                                      (const unsigned char *)jwt.p, part[0].n + 1 + part[1].n),
                     1);
    EVP_MD_CTX_free(ctx);
    buf_free(&signature);
    *header = json_of(part[0]);
    *claims = json_of(part[1]);
}

static const char *text(const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));
    return s ? s : "(absent)";
}

static json_int_t number(const json_t *o, const char *name)
{
    return json_integer_value(json_object_get(o, name));
}

static void check_thumbprint(const json_t *header, const char *name, const EVP_MD *md)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n;
    buf b;
    buf_init(&b, ROOM);
    assert_int_equal(X509_digest(cert, md, digest, &n), 1);
    decode(&b, sv_c(text(header, name)));
    assert_int_equal(b.n, n);
    assert_memory_equal(b.p, digest, n);
    buf_free(&b);
}

static struct oauth_cfg app(const char *pem)
{
    return (struct oauth_cfg){.grant = OAUTH_CLIENT_ASSERTION,
                              .token_url = SV("https://login.example.com/t\"oken"),
                              .client_id = SV("app"),
                              .private_key = sv_c(pem),
                              .certificate = sv_c(cert_pem)};
}

static void signs_client_assertions(void **state)
{
    const struct oauth_cfg cfg = app(key_pem);
    json_t *header, *claims;
    struct err e = {0};
    buf out, again;
    (void)state;
    buf_init(&out, ROOM);
    buf_init(&again, ROOM);
    assert_true(jwt_client_assertion(&cfg, NOW, &out, &e));
    open_jwt(buf_view(&out), &header, &claims);
    assert_string_equal(text(header, "alg"), "RS256");
    check_thumbprint(header, "x5t", EVP_sha1());
    check_thumbprint(header, "x5t#S256", EVP_sha256());
    assert_string_equal(text(claims, "iss"), "app");
    assert_string_equal(text(claims, "sub"), "app");
    assert_string_equal(text(claims, "aud"), "https://login.example.com/t\"oken");
    assert_int_equal(strlen(text(claims, "jti")), 32);
    assert_int_equal(number(claims, "nbf"), NOW);
    assert_int_equal(number(claims, "exp"), NOW + 600);
    assert_true(jwt_client_assertion(&cfg, NOW, &again, &e));
    assert_false(sv_eq(buf_view(&out), buf_view(&again))); /* another jti */
    json_decref(header);
    json_decref(claims);
    buf_free(&out);
    buf_free(&again);
}

static void refuses_other_keys(void **state)
{
    const struct {
        const char *pem, *words;
    } keys[] = {{other_pem, "do not belong together"},
                {ec_pem, "no RSA key"},
                {locked_pem, "has a password"},
                {"hidden", "no PEM private key"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct oauth_cfg cfg = app(keys[i].pem);
        struct err e = {0};
        buf out;
        buf_init(&out, ROOM);
        assert_false(jwt_client_assertion(&cfg, NOW, &out, &e));
        assert_int_equal(e.cls, ERR_CONFIG);
        assert_non_null(strstr(e.msg, keys[i].words));
        assert_null(strstr(e.msg, "hidden"));
        buf_free(&out);
    }
}

static void signs_for_service_accounts(void **state)
{
    json_t *file = json_pack("{ss ss ss ss}", "client_email", "w@p.example", "private_key", key_pem,
                             "private_key_id", "k1", "token_uri", "https://token.example.com/");
    char *json = json_dumps(file, 0);
    const struct oauth_cfg cfg = {.grant = OAUTH_SERVICE_ACCOUNT, .private_key = sv_c(json)};
    struct jwt_account account;
    struct err e = {0};
    json_t *header, *claims;
    arena a;
    buf out;
    (void)state;
    arena_init(&a, ROOM);
    buf_init(&out, ROOM);
    assert_true(jwt_account(&cfg, &a, &account, &e));
    assert_true(jwt_account_assertion(&account, SV("mail"), SV("box@example.com"), NOW, &out, &e));
    open_jwt(buf_view(&out), &header, &claims);
    assert_string_equal(text(header, "kid"), "k1");
    assert_string_equal(text(claims, "iss"), "w@p.example");
    assert_string_equal(text(claims, "sub"), "box@example.com");
    assert_string_equal(text(claims, "scope"), "mail");
    assert_string_equal(text(claims, "aud"), "https://token.example.com/");
    assert_int_equal(number(claims, "exp"), NOW + 600);
    json_decref(header);
    json_decref(claims);
    json_decref(file);
    free(json);
    buf_free(&out);
    arena_free(&a);
}

static void needs_an_issuer(void **state)
{
    const struct oauth_cfg pem = {.private_key = SV("-----BEGIN")},
                           json = {.private_key = SV("{\"client_email\": 1}")};
    struct jwt_account account;
    struct err e = {0};
    arena a;
    (void)state;
    arena_init(&a, ROOM);
    assert_false(jwt_account(&pem, &a, &account, &e));
    assert_false(jwt_account(&json, &a, &account, &e));
    assert_int_equal(e.cls, ERR_CONFIG);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_client_assertions),
        cmocka_unit_test(refuses_other_keys),
        cmocka_unit_test(signs_for_service_accounts),
        cmocka_unit_test(needs_an_issuer),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
