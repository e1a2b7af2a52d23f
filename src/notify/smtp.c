#include "sending.h"

#include "base/num.h"
#include "token/token.h"

/* libcurl's name for it had one L too many. */
#if LIBCURL_VERSION_NUM >= 0x080200
#define RCPT_ALLOW_FAILS CURLOPT_MAIL_RCPT_ALLOWFAILS
#else
#define RCPT_ALLOW_FAILS CURLOPT_MAIL_RCPT_ALLLOWFAILS
#endif

static size_t give_message(char *to, size_t size, size_t n, void *ctx)
{
    struct sending *s = ctx;
    if (s->some_put_off && !s->payload->partial) {
        s->held_back = true;
        return CURL_READFUNC_ABORT;
    }
    sv part = sv_first(s->rest, size * n);
    if (part.n)
        memcpy(to, part.p, part.n);
    s->rest = sv_skip(s->rest, part.n);
    s->asked = true;
    return part.n;
}

/* RFC 4954 4; RFC 1870 6.1 */
enum { CHALLENGE = 334, TOO_LARGE = 552 };

static bool by_token(const struct sending *s)
{
    return s->channel->oauth.grant != OAUTH_NONE;
}

/* Keeps the last reply that refuses. Those that a later step of the session made good again are forgotten: a
 * greeting or login that worked in another way begins with "250-" or 235. */
static size_t take_reply(char *p, size_t size, size_t n, void *ctx)
{
    struct sending *s = ctx;
    sv line = sv_trim(sv_of(p, size * n));
    uint64_t code;
    if (!num_u64(sv_first(line, 3), 999, &code))
        return size * n;
    if (code == CHALLENGE && by_token(s)) {
        char status[TOKEN_STATUS];
        buf_reset(&s->said);
        buf_printf(&s->said, "334 %s", token_challenge(sv_skip(line, 3), status));
    } else if (code >= 400) {
        buf_reset(&s->said);
        buf_sv(&s->said, sv_first(line, ERR_QUOTE));
        s->some_refused = true;
        s->some_put_off |= code < 500;
    } else if (code == 235 || sv_starts(line, SV("250-"))) {
        s->some_refused = s->some_put_off = false;
    }
    return size * n;
}

static bool set_login(struct sending *s, sv token)
{
    const struct channel_cfg *c = s->channel;
    sv mechanism = by_token(s) ? arena_printf(s->a, "AUTH=%s", token_mechanism(&c->oauth)) : SV_ABSENT;
    const struct option_text texts[] = {
        {CURLOPT_USERNAME, c->user},
        {CURLOPT_PASSWORD, by_token(s) ? SV_ABSENT : c->password},
        {CURLOPT_XOAUTH2_BEARER, token},
        {CURLOPT_LOGIN_OPTIONS, mechanism},
    };
    return sending_set_texts(s, texts, COUNT_OF(texts));
}

static bool set_address(struct sending *s)
{
    const struct channel_cfg *c = s->channel;
    bool ipv6 = sv_find_char(c->smtp_host, ':', 0) != SIZE_MAX;
    const struct option_text texts[] = {
        {CURLOPT_URL, arena_printf(s->a, "%s://%s%.*s%s:%u/%s",
                                   c->smtp_tls == TLS_IMPLICIT ? "smtps" : "smtp", ipv6 ? "[" : "",
                                   SV_ARG(c->smtp_host), ipv6 ? "]" : "", (unsigned)c->smtp_port, s->ehlo)},
        {CURLOPT_MAIL_FROM, verdict_bare_address(c->from)},
#if LIBCURL_VERSION_NUM >= 0x075500
        {CURLOPT_PROTOCOLS_STR, SV("smtp,smtps")},
#endif
    };
    return sending_set_texts(s, texts, COUNT_OF(texts));
}

static bool set_up(struct sending *s, sv token, struct curl_slist *to)
{
    const struct option_number numbers[] = {
        {CURLOPT_UPLOAD, s->payload != NULL},
        {CURLOPT_CONNECT_ONLY, s->payload == NULL},
        {CURLOPT_USE_SSL, s->channel->smtp_tls == TLS_STARTTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE},
        {CURLOPT_CONNECTTIMEOUT_MS, (long)s->limits->send_mail},
        {CURLOPT_TIMEOUT_MS, (long)s->limits->send_mail},
        {RCPT_ALLOW_FAILS, 1},
#if LIBCURL_VERSION_NUM < 0x075500
        {CURLOPT_PROTOCOLS, CURLPROTO_SMTP | CURLPROTO_SMTPS},
#endif
    };
    buf_init(&s->said, ERR_QUOTE);
    s->rest = s->payload ? s->payload->body : SV_ABSENT;
    return set_address(s) && set_login(s, token) && sending_set_numbers(s, numbers, COUNT_OF(numbers)) &&
           curl_easy_setopt(s->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)s->rest.n) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_READFUNCTION, give_message) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_READDATA, s) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_HEADERFUNCTION, take_reply) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_HEADERDATA, s) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, to) == CURLE_OK;
}

/* Without a mail, as for a trial of the channel, the channel's own. */
static const sv *recipients(const struct sending *s, size_t *n)
{
    bool owner = s->payload && s->payload->owner.n;
    *n = owner ? 1 : s->channel->n_to;
    return owner ? &s->payload->owner : s->channel->to;
}

/* libcurl sends an address as it is, also with a line end in it. */
static bool addresses_are_safe(struct sending *s)
{
    size_t n;
    const sv *to = recipients(s, &n);
    bool safe = n && verdict_address_is_safe(verdict_bare_address(s->channel->from));
    for (size_t i = 0; i < n; i++)
        safe = safe && verdict_address_is_safe(to[i]);
    if (!safe)
        sending_failed(s, ANSWER_BROKEN, "was not asked, as an address cannot be used", "",
                       "check from and to");
    return safe;
}

static struct curl_slist *make_recipients(struct sending *s)
{
    size_t n;
    const sv *to = recipients(s, &n);
    struct curl_slist *all = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *text = arena_cstr(s->a, to[i]);
        struct curl_slist *more = text ? curl_slist_append(all, text) : NULL;
        if (more == NULL) {
            curl_slist_free_all(all);
            return NULL;
        }
        all = more;
    }
    return all;
}

/* A challenge that libcurl does not answer refuses the token (RFC 7628 3.2.2). Before anything else of the
 * session a refusal of 530 to 538 is one of the login (RFC 4954 6); Exchange
 * Online refuses passwords with 550 5.7.30. */
static bool login_refused(const struct sending *s)
{
    return !s->asked && ((by_token(s) && s->answer->code == CHALLENGE) ||
                         (s->answer->code >= 530 && s->answer->code <= 538) ||
                         sv_find(buf_view(&s->said), SV("5.7.30"), 0) != SIZE_MAX);
}

static void tell_refused_login(struct sending *s, const char *said)
{
    const struct verdict *v = verdict_of_reply(s->answer->code, false);
    bool ours = by_token(s) || s->answer->code != 530;
    sending_failed(s, ANSWER_BROKEN, ours ? "refuses the login" : v->what, said,
                   ours ? token_advice(TOKEN_SMTP, s->where, &s->channel->oauth, buf_view(&s->said))
                        : v->advice);
}

static void judge(struct sending *s, CURLcode code)
{
    char words[ERR_QUOTE];
    const char *said = err_quote(buf_view(&s->said), words);
    if (s->held_back) {
        sending_failed(s, ANSWER_RETRY, "puts a recipient off, so that nobody was sent it yet", said,
                       "if it stays so, check to");
    } else if (code == CURLE_OK && s->payload && s->some_refused) {
        sending_failed(s, ANSWER_SENT, "took the message, but not for every recipient", said, "check to");
    } else if (code == CURLE_OK) {
        s->answer->cls = ANSWER_SENT;
    } else if (code == CURLE_LOGIN_DENIED && by_token(s) && s->answer->code < CHALLENGE) {
        sending_failed(s, ANSWER_BROKEN, "offers no login by this mechanism",
                       token_mechanism(&s->channel->oauth), "allow it there, or set the other one");
    } else if (login_refused(s)) {
        tell_refused_login(s, said);
    } else if (s->answer->code >= 400) {
        const struct verdict *v = verdict_of_reply(s->answer->code, s->asked);
        s->answer->shorter = s->answer->code == TOO_LARGE;
        sending_failed(s, v->cls, v->what, said, v->advice);
    } else {
        s->answer->repeat_possible = s->asked && s->rest.n == 0;
        sending_broke(s, code);
    }
}

static void perform(struct sending *s)
{
    long reply = 0;
    CURLcode code = curl_easy_perform(s->easy);
    (void)curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &reply);
    s->answer->code = (int)reply;
    judge(s, code);
}

static void attempt(struct sending *s, sv token)
{
    *s->answer = (struct answer){.cls = ANSWER_RETRY};
    s->asked = s->some_refused = s->some_put_off = s->held_back = false;
    if (!sending_begin(s, s->channel->smtp_host, s->channel->smtp_tls == TLS_NONE) || !addresses_are_safe(s))
        return;
    struct curl_slist *to = make_recipients(s);
    if (to && set_up(s, token, to))
        perform(s);
    else
        sending_broke(s, CURLE_OUT_OF_MEMORY);
    (void)curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(to);
}

/* refused: the token that is kept was of no use. */
static bool find_token(struct sending *s, bool refused, struct token *token)
{
    const struct channel_cfg *c = s->channel;
    const struct token_owner owner = {"channel", c->name, c->user, &c->oauth};
    struct err e = {0};
    bool transient = false;
    *token = (struct token){0};
    if (!by_token(s))
        return true;
    bool ok = s->tokens ? token_get(s->tokens, &owner, refused, token, &transient, &e)
                        : err_set(&e, ERR_BUG, "a login with oauth2, and nowhere to get a token");
    if (!ok) {
        s->answer->cls = transient ? ANSWER_RETRY : ANSWER_BROKEN;
        (void)err_set(&s->answer->err, ERR_RETRY, "%s", e.msg);
    }
    return ok;
}

void smtp_send(struct sending *s)
{
    struct token token;
    if (!find_token(s, false, &token))
        return;
    attempt(s, token.value);
    if (token.cached && s->answer->cls == ANSWER_BROKEN && login_refused(s) && find_token(s, true, &token)) {
        buf_free(&s->said);
        attempt(s, token.value);
    }
    buf_free(&s->said);
}
