#include "jwt.h"

#include <jansson.h>
#include <stdlib.h>

/* libcrypto has a type of this name, base/err.h an error class. */
#define ERR_STATE libcrypto_err_state
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#undef ERR_STATE

#include "base/base64.h"
#include "base/random.h"
#include "base/sha256.h"
#include "form.h"

/* A JSON key file has 2.4 KiB, a signature 512 octets at most with the longest keys in use. */
enum { PART = 64 * 1024, ID = 16 };

static void free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void free_cert(X509 **cert)
{
    X509_free(*cert);
}

static void free_bio(BIO **bio)
{
    BIO_free(*bio);
}

static void free_digest(EVP_MD_CTX **ctx)
{
    EVP_MD_CTX_free(*ctx);
}

static void free_json(json_t **json)
{
    json_decref(*json);
}

static bool out_of_memory(struct err *e)
{
    return err_set(e, ERR_MEMORY, "out of memory");
}

/* An encrypted key is refused: libcrypto would ask for its password on the terminal. */
static int no_password(char *to, int size, int writing, void *ctx)
{
    (void)to, (void)size, (void)writing, (void)ctx;
    return -1;
}

static EVP_PKEY *read_key(sv pem, struct err *e)
{
    BIO *bio CLEANUP(free_bio) = BIO_new_mem_buf(pem.p, (int)pem.n);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
    if (key == NULL)
        (void)err_set(e, ERR_CONFIG,
                      "the private key is no PEM private key, or has a password; write it without one: "
                      "openssl pkey -in KEY -out NEW");
    else if (EVP_PKEY_base_id(key) == EVP_PKEY_RSA)
        return key;
    else
        (void)err_set(e, ERR_CONFIG,
                      "the private key is no RSA key, which RS256 needs; make one of 2048 bits");
    EVP_PKEY_free(key);
    return NULL;
}

/* Base64 for URLs, without padding (RFC 7515 2). */
static void put_base64url(buf *out, sv in)
{
    size_t from = out->n;
    base64_encode(out, in);
    for (size_t i = from; i < out->n; i++)
        out->p[i] = (char)(out->p[i] == '+' ? '-' : out->p[i] == '/' ? '_' : out->p[i]);
    while (out->n > from && out->p[out->n - 1] == '=')
        out->n--;
}

static bool put_json(buf *out, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    if (text)
        put_base64url(out, sv_c(text));
    free(text);
    return text != NULL;
}

static bool put_signature(buf *out, sv signed_part, EVP_PKEY *key)
{
    unsigned char signature[2048];
    size_t n = sizeof signature;
    EVP_MD_CTX *ctx CLEANUP(free_digest) = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestSign(ctx, signature, &n, (const unsigned char *)signed_part.p, signed_part.n) == 1;
    if (ok)
        put_base64url(out, sv_of(signature, n));
    return ok;
}

static bool put_jwt(buf *out, json_t *header, json_t *claims, EVP_PKEY *key, struct err *e)
{
    buf jwt CLEANUP(buf_wipe);
    buf_init(&jwt, PART);
    bool ok = put_json(&jwt, header);
    buf_char(&jwt, '.');
    ok = ok && put_json(&jwt, claims) && !jwt.failed;
    size_t n = jwt.n;
    buf_char(&jwt, '.');
    ok = ok && put_signature(&jwt, sv_of(jwt.p, n), key);
    buf_sv(out, buf_view(&jwt));
    return (ok && !jwt.failed && !out->failed) || out_of_memory(e);
}

static X509 *read_certificate(sv pem, EVP_PKEY *key, struct err *e)
{
    BIO *bio CLEANUP(free_bio) = BIO_new_mem_buf(pem.p, (int)pem.n);
    X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, no_password, NULL) : NULL;
    if (cert == NULL)
        (void)err_set(e, ERR_CONFIG, "the certificate is no PEM certificate (-----BEGIN CERTIFICATE-----)");
    else if (X509_check_private_key(cert, key) == 1)
        return cert;
    else
        (void)err_set(e, ERR_CONFIG, "certificate and private_key do not belong together");
    X509_free(cert);
    return NULL;
}

static bool put_thumbprint(json_t *header, const char *name, const X509 *cert, const EVP_MD *md)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    buf text;
    buf_init(&text, PART);
    bool ok = X509_digest(cert, md, digest, &n) == 1;
    put_base64url(&text, sv_of(digest, n));
    ok = ok && !text.failed && json_object_set_new(header, name, json_stringn(text.p, text.n)) == 0;
    buf_free(&text);
    return ok;
}

bool jwt_client_assertion(const struct oauth_cfg *cfg, int64_t now, buf *out, struct err *e)
{
    uint8_t id[ID];
    char id_text[2 * ID + 1];
    random_bytes(id, sizeof id);
    hex_of(id, sizeof id, id_text);
    EVP_PKEY *key CLEANUP(free_key) = read_key(cfg->private_key, e);
    X509 *cert CLEANUP(free_cert) = key ? read_certificate(cfg->certificate, key, e) : NULL;
    if (cert == NULL)
        return false;
    json_t *header CLEANUP(free_json) = json_pack("{ss ss}", "alg", "RS256", "typ", "JWT");
    json_t *claims CLEANUP(free_json) = json_pack(
        "{ss% ss% ss% ss sI sI sI}", "aud", cfg->token_url.p, cfg->token_url.n, "iss", cfg->client_id.p,
        cfg->client_id.n, "sub", cfg->client_id.p, cfg->client_id.n, "jti", id_text, "iat", (json_int_t)now,
        "nbf", (json_int_t)now, "exp", (json_int_t)now + JWT_LIFETIME);
    if (!header || !put_thumbprint(header, "x5t", cert, EVP_sha1()) ||
        !put_thumbprint(header, "x5t#S256", cert, EVP_sha256()))
        return out_of_memory(e);
    return put_jwt(out, header, claims, key, e);
}

/* The value of a key, or what stands there already. */
static sv text_of(const json_t *object, const char *name, sv first, arena *a)
{
    const json_t *v = json_object_get(object, name);
    if (first.p || !json_is_string(v))
        return first;
    return arena_sv(a, sv_of(json_string_value(v), json_string_length(v)));
}

bool jwt_account(const struct oauth_cfg *cfg, arena *a, struct jwt_account *out, struct err *e)
{
    *out = (struct jwt_account){.issuer = cfg->issuer, .token_url = cfg->token_url};
    if (sv_starts(sv_trim(cfg->private_key), SV("{"))) {
        json_t *file CLEANUP(free_json) = json_loadb(cfg->private_key.p, cfg->private_key.n, 0, NULL);
        out->issuer = text_of(file, "client_email", out->issuer, a);
        out->token_url = text_of(file, "token_uri", out->token_url, a);
        out->key_id = text_of(file, "private_key_id", out->key_id, a);
        out->private_key = text_of(file, "private_key", SV_ABSENT, a);
    } else {
        out->private_key = cfg->private_key;
    }
    if (out->token_url.p == NULL)
        out->token_url = SV("https://oauth2.googleapis.com/token");
    if (out->issuer.p && out->private_key.p)
        return true;
    return err_set(
        e, ERR_CONFIG,
        "service_account is no JSON key file with client_email and private_key; make a key of type "
        "JSON for the account");
}

bool jwt_account_assertion(const struct jwt_account *account, sv scope, sv user, int64_t now, buf *out,
                           struct err *e)
{
    EVP_PKEY *key CLEANUP(free_key) = read_key(account->private_key, e);
    if (key == NULL)
        return false;
    json_t *header CLEANUP(free_json) = json_pack("{ss ss}", "alg", "RS256", "typ", "JWT");
    json_t *claims CLEANUP(free_json) =
        json_pack("{ss% ss% ss% ss% sI sI}", "iss", account->issuer.p, account->issuer.n, "scope", scope.p,
                  scope.n, "aud", account->token_url.p, account->token_url.n, "sub", user.p, user.n, "iat",
                  (json_int_t)now, "exp", (json_int_t)now + JWT_LIFETIME);
    if (header && account->key_id.p &&
        json_object_set_new(header, "kid", json_stringn(account->key_id.p, account->key_id.n)) != 0)
        return out_of_memory(e);
    return put_jwt(out, header, claims, key, e);
}
