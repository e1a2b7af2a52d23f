#include "imap_curl.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/cert.h"
#include "imap_answer.h"
#include "imap_reader.h"
#include "token/token.h"

/* libcurl copies the text; an absent one leaves the option alone. */
static bool set_text(CURL *easy, CURLoption option, sv text)
{
    if (text.p == NULL)
        return true;
    char *copy = strndup(text.p, text.n);
    bool ok = copy && curl_easy_setopt(easy, option, copy) == CURLE_OK;
    if (copy)
        explicit_bzero(copy, text.n);
    free(copy);
    return ok;
}

static bool set_numbers(CURL *easy, const struct mailbox_cfg *cfg, const struct limits *limits)
{
    const struct {
        CURLoption option;
        long value;
    } options[] = {
        {CURLOPT_CONNECT_ONLY, 1},
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_PORT, cfg->port},
        {CURLOPT_USE_SSL, cfg->tls == TLS_STARTTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE},
        {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_SSL_VERIFYPEER, 1},
        {CURLOPT_SSL_VERIFYHOST, 2},
        {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_CONNECTTIMEOUT_MS, (long)limits->imap_connect}, /* covers TLS and login too */
        {CURLOPT_TCP_KEEPALIVE, 1},
#if LIBCURL_VERSION_NUM < 0x075500
        {CURLOPT_PROTOCOLS, CURLPROTO_IMAP | CURLPROTO_IMAPS},
#endif
    };
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (curl_easy_setopt(easy, options[i].option, options[i].value) != CURLE_OK)
            return false;
    return true;
}

static bool set_url(CURL *easy, const struct mailbox_cfg *cfg)
{
    bool ipv6 = sv_find_char(cfg->host, ':', 0) != SIZE_MAX;
    char *url = NULL;
    if (asprintf(&url, "%s://%s%.*s%s/", cfg->tls == TLS_IMPLICIT ? "imaps" : "imap", ipv6 ? "[" : "",
                 SV_ARG(cfg->host), ipv6 ? "]" : "") < 0)
        return false;
    bool ok = curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
    free(url);
    return ok;
}

/* A challenge refuses the token, and libcurl may not wait for the tagged answer. */
static void take_challenge(struct imap_conn *c, sv line)
{
    char status[TOKEN_STATUS];
    if (c->cfg->oauth.grant == OAUTH_NONE || token_challenge(sv_skip(line, 1), status)[0] == '\0')
        return;
    c->said_n = (size_t)snprintf(c->said, sizeof c->said, "+ NO token refused with status %s", status);
}

/* The server's lines during the login: its last tagged answer or BYE is kept, to be quoted. */
static size_t take_said(char *p, size_t size, size_t n, void *ctx)
{
    struct imap_conn *c = ctx;
    sv line = sv_of(p, size * n);
    if (sv_starts(line, SV("+")))
        take_challenge(c, line);
    bool bye = sv_starts_nocase(line, SV("* BYE"));
    if (bye || (!sv_starts(line, SV("*")) && !sv_starts(line, SV("+")))) {
        c->said_n = line.n < sizeof c->said ? line.n : sizeof c->said;
        memcpy(c->said, line.p, c->said_n);
    }
    return size * n;
}

static bool set_callbacks(struct imap_conn *c, void *owner)
{
    return curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->why) == CURLE_OK &&
           curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, take_said) == CURLE_OK &&
           curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c) == CURLE_OK &&
           curl_easy_setopt(c->easy, CURLOPT_PRIVATE, owner) == CURLE_OK;
}

/* Without the option libcurl would try the password's mechanisms with a token too, and not fall back. */
static bool set_login(CURL *easy, const struct mailbox_cfg *cfg, sv token)
{
    if (token.p == NULL)
        return set_text(easy, CURLOPT_PASSWORD, cfg->password);
    const char *option = cfg->oauth.mechanism == OAUTH_BEARER ? "AUTH=OAUTHBEARER" : "AUTH=XOAUTH2";
    return set_text(easy, CURLOPT_XOAUTH2_BEARER, token) &&
           curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, option) == CURLE_OK;
}

/* A ca_file stands alone: the folder of the system's authorities is not looked into beside it. */
static bool set_texts(CURL *easy, const struct mailbox_cfg *cfg, sv token)
{
    bool ok = set_url(easy, cfg) && set_text(easy, CURLOPT_USERNAME, cfg->user) &&
              set_login(easy, cfg, token) && set_text(easy, CURLOPT_CAINFO, cfg->ca_file);
#if LIBCURL_VERSION_NUM >= 0x075500
    ok = ok && curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "imap,imaps") == CURLE_OK;
#endif
    /* What may go unencrypted must not go through a proxy either. */
    if (cfg->tls == TLS_NONE)
        ok = ok && curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK;
    if (cfg->ca_file.p)
        ok = ok && curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
    return ok;
}

bool imap_conn_open(struct imap_conn *c, CURLM *multi, const struct mailbox_cfg *cfg, sv token,
                    const struct limits *limits, void *owner, struct err *e)
{
    *c = (struct imap_conn){.cfg = cfg, .limits = limits, .socket = CURL_SOCKET_BAD, .multi = multi};
    c->easy = curl_easy_init();
    if (c->easy && set_numbers(c->easy, cfg, limits) && set_texts(c->easy, cfg, token) &&
        set_callbacks(c, owner) && curl_multi_add_handle(multi, c->easy) == CURLM_OK)
        return true;
    curl_easy_cleanup(c->easy);
    c->easy = NULL;
    return err_set(e, ERR_MEMORY, "libcurl takes no connection to %.*s: out of memory", SV_ARG(cfg->host));
}

/* libcurl 7.76 says LOGOUT in its clean-up and waits for the answer; on a socket that is shut it does not. */
void imap_conn_close(struct imap_conn *c)
{
    if (c->easy == NULL)
        return;
    if (c->socket != CURL_SOCKET_BAD)
        (void)shutdown(c->socket, SHUT_RDWR);
    (void)curl_multi_remove_handle(c->multi, c->easy);
    curl_easy_cleanup(c->easy);
    c->easy = NULL;
    c->socket = CURL_SOCKET_BAD;
}

struct failure {
    CURLcode code;
    enum err_class cls;
    bool transient;
    const char *what, *advice;
};

static const struct failure failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ERR_UNREACHABLE, true, "its name is not found",
     "check the name and the DNS"},
    {CURLE_COULDNT_RESOLVE_PROXY, ERR_UNREACHABLE, true, "the proxy's name is not found",
     "check the environment's imaps_proxy, imap_proxy and ALL_PROXY"},
    {CURLE_COULDNT_CONNECT, ERR_UNREACHABLE, true, "cannot connect", "check host, port and firewall"},
    {CURLE_OPERATION_TIMEDOUT, ERR_UNREACHABLE, true, "the login took too long (imap_connect)",
     "check host, port and firewall"},
    {CURLE_USE_SSL_FAILED, ERR_UNREACHABLE, false, "the server offers no STARTTLS",
     "use imaps:// if it has that, or switch STARTTLS on at the server"},
    {CURLE_WEIRD_SERVER_REPLY, ERR_UNREACHABLE, true, "it does not answer like an IMAP server",
     "check the port, and imaps:// against imap://"},
    {CURLE_SSL_CACERT_BADFILE, ERR_CONFIG, false, "its ca_file cannot be read",
     "ca_file takes a PEM file of certificates"},
    {CURLE_SSL_CONNECT_ERROR, ERR_UNREACHABLE, false, "TLS cannot be set up",
     "check the port, and imaps:// against imap://; TLS 1.2 is the least"},
    {CURLE_OUT_OF_MEMORY, ERR_MEMORY, true, "out of memory", "the next run tries again"},
};

static const struct failure broken = {CURLE_OK, ERR_UNREACHABLE, true,
                                      "the connection broke during the login", "the next run tries again"};

static const struct failure *failure_of(CURLcode code)
{
    for (size_t i = 0; i < COUNT_OF(failures); i++)
        if (failures[i].code == code)
            return &failures[i];
    return &broken;
}

/* A TLS that breaks with the connection is the network's fault, not the server's configuration. */
static bool is_network_error(const struct imap_conn *c)
{
    static const sv words[] = {SV_INIT("SSL_ERROR_SYSCALL"), SV_INIT("unexpected eof")};
    long number = 0;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (sv_find(sv_c(c->why), words[i], 0) != SIZE_MAX)
            return true;
    return curl_easy_getinfo(c->easy, CURLINFO_OS_ERRNO, &number) == CURLE_OK && number != 0;
}

static bool refuse_certificate(struct imap_conn *c, struct err *e)
{
    long number = 0;
    (void)curl_easy_getinfo(c->easy, CURLINFO_SSL_VERIFYRESULT, &number);
    struct cert_fault fault = cert_fault(number);
    return err_set(e, ERR_UNREACHABLE, "%.*s:%u: its certificate %s; %s", SV_ARG(c->cfg->host),
                   (unsigned)c->cfg->port, fault.what, fault.advice);
}

static bool refuse_login(struct imap_conn *c, struct err *e, bool *transient)
{
    char words[ERR_QUOTE], user[ERR_QUOTE];
    sv rest = sv_of(c->said, c->said_n);
    (void)imap_word(&rest);
    struct imap_answer a = imap_answer_of(rest);
    *transient = a.status == IMAP_BYE || imap_answer_transient(&a);
    bool by_token = c->cfg->oauth.grant != OAUTH_NONE;
    if (a.status == IMAP_OK || a.status == IMAP_OTHER)
        return err_set(e, ERR_LOGIN, "%.*s:%u: the server offers no login by %s; allow one there for %s",
                       SV_ARG(c->cfg->host), (unsigned)c->cfg->port,
                       by_token ? token_mechanism(&c->cfg->oauth) : "password",
                       err_quote(c->cfg->user, user));
    return err_set(e, *transient ? ERR_UNREACHABLE : ERR_LOGIN,
                   "%.*s:%u: login refused for %s: the server says: %s; %s", SV_ARG(c->cfg->host),
                   (unsigned)c->cfg->port, err_quote(c->cfg->user, user), err_quote(a.whole, words),
                   *transient ? "the next run tries again"
                              : token_advice(TOKEN_IMAP, c->cfg->host, &c->cfg->oauth, rest));
}

static bool fail(struct imap_conn *c, CURLcode code, struct err *e, bool *transient)
{
    char words[ERR_QUOTE];
    bool network = code == CURLE_SSL_CONNECT_ERROR && is_network_error(c);
    const struct failure *f = network ? &broken : failure_of(code);
    *transient = f->transient;
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        *transient = false;
        return refuse_certificate(c, e);
    }
    if (code == CURLE_LOGIN_DENIED || sv_starts_nocase(sv_of(c->said, c->said_n), SV("* BYE")))
        return refuse_login(c, e, transient);
    return err_set(e, f->cls, "%.*s:%u: %s (%s); %s", SV_ARG(c->cfg->host), (unsigned)c->cfg->port, f->what,
                   err_quote(sv_c(c->why[0] ? c->why : curl_easy_strerror(code)), words), f->advice);
}

bool imap_conn_opened(struct imap_conn *c, CURLcode result, struct err *e, bool *transient)
{
    if (result == CURLE_OK)
        result = curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &c->socket);
    if (result == CURLE_OK && c->socket != CURL_SOCKET_BAD)
        return true;
    return fail(c, result == CURLE_OK ? CURLE_RECV_ERROR : result, e, transient);
}

enum imap_io imap_conn_recv(struct imap_conn *c, char *to, size_t room, size_t *n)
{
    *n = 0;
    CURLcode code = curl_easy_recv(c->easy, to, room, n);
    if (code == CURLE_AGAIN)
        return IO_AGAIN;
    if (code != CURLE_OK)
        return IO_ERROR;
    return *n ? IO_DONE : IO_CLOSED;
}

enum imap_io imap_conn_send(struct imap_conn *c, sv octets, size_t *n)
{
    *n = 0;
    CURLcode code = curl_easy_send(c->easy, octets.p, octets.n, n);
    if (code == CURLE_AGAIN)
        return IO_AGAIN;
    return code == CURLE_OK ? IO_DONE : IO_ERROR;
}
