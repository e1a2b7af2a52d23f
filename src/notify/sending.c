#include "sending.h"

#include "base/cert.h"
#include "model/ip.h"

void sending_failed(struct sending *s, enum answer_class cls, const char *what, const char *quoted,
                    const char *advice)
{
    char host[ERR_QUOTE];
    s->answer->cls = cls;
    (void)err_set(&s->answer->err, ERR_RETRY, "%s %s%s%s%s; %s", err_quote(s->where, host), what,
                  quoted[0] ? " (" : "", quoted, quoted[0] ? ")" : "", advice);
}

static bool out_of_memory(struct sending *s)
{
    sending_failed(s, ANSWER_RETRY, "was not asked", "out of memory", "the next run tries again");
    return false;
}

bool sending_set_numbers(struct sending *s, const struct option_number *options, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (curl_easy_setopt(s->easy, options[i].option, options[i].value) != CURLE_OK)
            return out_of_memory(s);
    return true;
}

bool sending_set_texts(struct sending *s, const struct option_text *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (options[i].value.p == NULL)
            continue;
        const char *text = arena_cstr(s->a, options[i].value);
        if (text == NULL || curl_easy_setopt(s->easy, options[i].option, text) != CURLE_OK)
            return out_of_memory(s);
    }
    return true;
}

static bool is_loopback(sv host)
{
    struct ip ip;
    if (sv_starts(host, SV("[")) && sv_ends(host, SV("]")))
        host = sv_skip(sv_first(host, host.n - 1), 1);
    return ip_parse(host, &ip) && ip_is_loopback(&ip);
}

bool sending_begin(struct sending *s, sv host, bool plain)
{
    const struct option_number numbers[] = {
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_SSL_VERIFYPEER, 1},
        {CURLOPT_SSL_VERIFYHOST, 2},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
        {CURLOPT_FOLLOWLOCATION, 0},
    };
    /* What may go unencrypted must not go through a proxy either. */
    const struct option_text texts[] = {
        {CURLOPT_CAINFO, s->channel->ca_file},
        {CURLOPT_USERAGENT, SV("dmarcwarn")},
        {CURLOPT_NOPROXY, plain ? SV("*") : SV_ABSENT},
    };
    s->where = host;
    curl_easy_reset(s->easy);
    if (plain && !is_loopback(host)) {
        sending_failed(s, ANSWER_BROKEN, "is not a loopback address, and the channel has no TLS", "",
                       "use https:// or smtps://");
        return false;
    }
    if (curl_easy_setopt(s->easy, CURLOPT_ERRORBUFFER, s->why) != CURLE_OK ||
        (s->channel->ca_file.p && curl_easy_setopt(s->easy, CURLOPT_CAPATH, NULL) != CURLE_OK))
        return out_of_memory(s);
    return sending_set_numbers(s, numbers, COUNT_OF(numbers)) && sending_set_texts(s, texts, COUNT_OF(texts));
}

struct failure {
    CURLcode code;
    enum answer_class cls;
    const char *what, *advice;
};

static const struct failure failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ANSWER_RETRY, "is not found by that name", "check the name and the DNS"},
    {CURLE_COULDNT_RESOLVE_PROXY, ANSWER_RETRY, "is behind a proxy whose name is not found",
     "check the environment's https_proxy and ALL_PROXY"},
    {CURLE_COULDNT_CONNECT, ANSWER_RETRY, "cannot be reached", "check host, port and firewall"},
    {CURLE_OPERATION_TIMEDOUT, ANSWER_RETRY, "did not answer in time", "check host, port and firewall"},
    {CURLE_USE_SSL_FAILED, ANSWER_BROKEN, "offers no STARTTLS",
     "use smtps:// if it has that, or switch STARTTLS on there"},
    {CURLE_SSL_CACERT_BADFILE, ANSWER_BROKEN, "was not asked, as ca_file cannot be read",
     "ca_file takes a PEM file of certificates"},
    {CURLE_URL_MALFORMAT, ANSWER_BROKEN, "was not asked, as the URL cannot be used",
     "check the URL of the channel"},
    {CURLE_UNSUPPORTED_PROTOCOL, ANSWER_BROKEN, "was not asked, as the URL cannot be used",
     "check the URL of the channel"},
    {CURLE_LOGIN_DENIED, ANSWER_BROKEN, "offers no login by password",
     "allow one there, or use another server"},
    {CURLE_OUT_OF_MEMORY, ANSWER_RETRY, "was not asked", "the next run tries again"},
    {CURLE_OK, ANSWER_RETRY, "broke the connection off", "the next run tries again"}, /* anything else */
};

/* libcurl's words hold host and port, never the path of a URL or a password. */
void sending_broke(struct sending *s, CURLcode code)
{
    char words[ERR_QUOTE];
    long number = 0;
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        (void)curl_easy_getinfo(s->easy, CURLINFO_SSL_VERIFYRESULT, &number);
        struct cert_fault fault = cert_fault(number);
        sending_failed(s, ANSWER_BROKEN, "has a certificate that", fault.what, fault.advice);
        return;
    }
    if (s->is_private && code == CURLE_COULDNT_CONNECT) {
        sending_failed(s, ANSWER_BROKEN, "has a private address, and the channel says deny_private", "",
                       "check the URL of the channel and what the DNS says of its host");
        return;
    }
    const struct failure *f = failures;
    while (f->code != code && f->code != CURLE_OK)
        f++;
    sending_failed(s, f->cls, f->what, err_quote(sv_c(s->why[0] ? s->why : curl_easy_strerror(code)), words),
                   f->advice);
}
