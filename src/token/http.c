#include <string.h>

#include "base/cert.h"
#include "form.h"
#include "model/ip.h"
#include "tokens.h"

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
    buf *body = ctx;
    buf_put(body, p, size * n);
    return body->failed ? 0 : size * n;
}

/* Host of the URL, which is https, or http to this machine. */
static bool look_at(struct tokens *t, sv url, sv *host, bool *plain, struct err *e)
{
    char *scheme = NULL, *name = NULL;
    const char *text = arena_cstr(&t->call, url);
    CURLU *u = curl_url();
    bool ok = text && u && curl_url_set(u, CURLUPART_URL, text, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_HOST, &name, 0) == CURLUE_OK;
    *host = ok ? arena_sv(&t->call, sv_c(name)) : SV_ABSENT;
    *plain = ok && strcmp(scheme, "http") == 0;
    ok = ok && (strcmp(scheme, "https") == 0 || (*plain && ip_host_is_loopback(*host)));
    curl_free(scheme);
    curl_free(name);
    curl_url_cleanup(u);
    return ok ||
           err_set(e, ERR_CONFIG, "the URL of the token server cannot be used; it begins with https://");
}

static bool set_numbers(struct tokens *t)
{
    const struct {
        CURLoption option;
        long value;
    } options[] = {
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_POST, 1},
        {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_SSL_VERIFYPEER, 1},
        {CURLOPT_SSL_VERIFYHOST, 2},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_TIMEOUT_MS, (long)t->limits->token_time},
#if LIBCURL_VERSION_NUM < 0x075500
        {CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS},
#endif
    };
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (curl_easy_setopt(t->easy, options[i].option, options[i].value) != CURLE_OK)
            return false;
    return true;
}

static bool set_text(struct tokens *t, CURLoption option, sv text)
{
    const char *copy = text.p ? arena_cstr(&t->call, text) : NULL;
    return text.p == NULL || (copy && curl_easy_setopt(t->easy, option, copy) == CURLE_OK);
}

static bool set_up(struct tokens *t, const struct question *q, bool plain, struct reply *r, char *why)
{
    curl_easy_reset(t->easy);
    bool ok = set_numbers(t) && set_text(t, CURLOPT_URL, q->url) &&
              set_text(t, CURLOPT_CAINFO, q->cfg->ca_file) && set_text(t, CURLOPT_USERAGENT, SV("dmarcwarn"));
#if LIBCURL_VERSION_NUM >= 0x075500
    ok = ok && set_text(t, CURLOPT_PROTOCOLS_STR, SV("http,https"));
#endif
    /* What may go unencrypted must not go through a proxy either. */
    if (plain)
        ok = ok && set_text(t, CURLOPT_NOPROXY, SV("*"));
    if (q->cfg->ca_file.p)
        ok = ok && curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
    return ok && curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, why) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, q->form->p) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->form->n) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, &r->body) == CURLE_OK;
}

static const struct failure {
    CURLcode code;
    const char *what, *advice;
} failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "its name is not found", "check token_url and the DNS"},
    {CURLE_COULDNT_CONNECT, "cannot connect", "check token_url and the firewall"},
    {CURLE_OPERATION_TIMEDOUT, "no answer in time (token_time)", "check token_url and the firewall"},
    {CURLE_WRITE_ERROR, "its answer is too large (token_answer)", "check token_url"},
    {CURLE_SSL_CACERT_BADFILE, "ca_file cannot be read", "ca_file takes a PEM file of certificates"},
    {CURLE_OK, "the connection broke", "the next run tries again"}, /* anything else */
};

static void tell_failure(struct tokens *t, CURLcode code, sv host, const char *why, struct err *e)
{
    char where[ERR_QUOTE], words[ERR_QUOTE];
    long number = 0;
    (void)err_quote(host, where);
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        (void)curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &number);
        struct cert_fault fault = cert_fault(number);
        (void)err_set(e, ERR_UNREACHABLE, "token server %s: its certificate %s; %s", where, fault.what,
                      fault.advice);
        return;
    }
    const struct failure *f = failures;
    while (f->code != code && f->code != CURLE_OK)
        f++;
    (void)err_set(e, ERR_UNREACHABLE, "token server %s: %s (%s); %s", where, f->what,
                  err_quote(sv_c(why[0] ? why : curl_easy_strerror(code)), words), f->advice);
}

static const struct unreachable *find_host(const struct tokens *t, sv host)
{
    const struct unreachable *u = t->hosts;
    while (u && !sv_eq_nocase(u->host, host))
        u = u->next;
    return u;
}

/* So that a server that is away costs its time-out once and not for each mailbox. */
static void remember_host(struct tokens *t, sv host, const struct err *e)
{
    struct unreachable *u = arena_alloc(&t->run, sizeof *u);
    if (u == NULL)
        return;
    *u = (struct unreachable){.host = arena_sv(&t->run, host), .err = *e, .next = t->hosts};
    t->hosts = u;
}

bool http_ask(struct tokens *t, const struct question *q, struct reply *r, bool *transient, struct err *e)
{
    bool plain;
    char why[CURL_ERROR_SIZE] = "";
    long status = 0;
    buf_init(&r->body, (size_t)t->limits->token_answer);
    *transient = false;
    if (!look_at(t, q->url, &r->host, &plain, e))
        return false;
    const struct unreachable *gone = find_host(t, r->host);
    *transient = true;
    if (gone) {
        *e = gone->err;
        return false;
    }
    if (q->form->failed || !set_up(t, q, plain, r, why))
        return err_set(e, ERR_MEMORY, "out of memory");
    CURLcode code = curl_easy_perform(t->easy);
    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    r->status = (int)status;
    if (code != CURLE_OK) {
        tell_failure(t, code, r->host, why, e);
        remember_host(t, r->host, e);
        *transient = code != CURLE_PEER_FAILED_VERIFICATION && code != CURLE_SSL_CACERT_BADFILE;
    }
    curl_easy_reset(t->easy); /* it must not keep what points into this frame */
    return code == CURLE_OK;
}
