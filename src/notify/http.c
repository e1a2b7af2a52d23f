#include "base/clock.h"
#include "base/num.h"
#include "sending.h"
#include "signature.h"

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
    struct sending *s = ctx;
    buf_put(&s->said, p, size * n);
    return s->said.failed ? 0 : size * n;
}

/* The URL's scheme and host; both are libcurl's to free. */
static bool split(const char *text, char **scheme, char **host)
{
    CURLU *url = curl_url();
    bool ok = url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
              curl_url_get(url, CURLUPART_SCHEME, scheme, 0) == CURLUE_OK &&
              curl_url_get(url, CURLUPART_HOST, host, 0) == CURLUE_OK;
    curl_url_cleanup(url);
    return ok;
}

/* The channel's URL without a slash at its end, and the path. */
static sv below(const struct sending *s, const char *path, sv more, const char *end)
{
    sv url = s->channel->url;
    while (sv_ends(url, SV("/")))
        url = sv_first(url, url.n - 1);
    return arena_printf(s->a, "%.*s%s%.*s%s", SV_ARG(url), path, SV_ARG(more), end);
}

sv http_telegram(const struct sending *s)
{
    return below(s, "/bot", s->channel->token, "/sendMessage");
}

sv http_alertmanager(const struct sending *s)
{
    return below(s, "/api/v2/alerts", SV(""), "");
}

static sv target(const struct sending *s)
{
    return s->http->target ? s->http->target(s) : s->channel->url;
}

/* The handle begins anew, for a URL whose host and scheme are looked at first. */
static bool begin(struct sending *s)
{
    char *scheme = NULL, *host = NULL;
    const char *text = arena_cstr(s->a, s->channel->url);
    bool ok = text && split(text, &scheme, &host);
    if (!ok) {
        s->where = SV("the webhook");
        sending_failed(s, ANSWER_BROKEN, "was not asked, as its URL cannot be used", "",
                       "check the URL of the channel");
    } else {
        sv own = arena_sv(s->a, sv_c(host));
        ok = sending_begin(s, own, !sv_eq(sv_c(scheme), SV("https")));
        if (ok && !peer_deny_private(s)) {
            sending_broke(s, CURLE_OUT_OF_MEMORY);
            ok = false;
        }
    }
    curl_free(scheme);
    curl_free(host);
    return ok;
}

/* Only these two, and the first only where begin allowed it. */
static bool set_protocols(struct sending *s)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    const struct option_text texts[] = {{CURLOPT_PROTOCOLS_STR, SV("http,https")}};
    return sending_set_texts(s, texts, COUNT_OF(texts));
#else
    const struct option_number numbers[] = {{CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS}};
    return sending_set_numbers(s, numbers, COUNT_OF(numbers));
#endif
}

static bool set_up(struct sending *s, struct curl_slist *headers, sv body)
{
    const struct option_number numbers[] = {
        {CURLOPT_POST, 1},
        {CURLOPT_CONNECTTIMEOUT_MS, (long)s->limits->send_connect},
        {CURLOPT_TIMEOUT_MS, (long)s->limits->send_total},
    };
    const struct option_text texts[] = {{CURLOPT_URL, target(s)}};
    buf_init(&s->said, (size_t)s->limits->answer_size);
    return sending_set_numbers(s, numbers, COUNT_OF(numbers)) &&
           sending_set_texts(s, texts, COUNT_OF(texts)) && set_protocols(s) &&
           curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, body.p) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_WRITEDATA, s) == CURLE_OK;
}

static bool add_header(struct sending *s, struct curl_slist **all, sv line)
{
    const char *text = arena_cstr(s->a, line);
    struct curl_slist *more = text ? curl_slist_append(*all, text) : NULL;
    if (more)
        *all = more;
    return more != NULL;
}

/* Standard Webhooks 1.0: the id is the same at every attempt, the time is this attempt's. */
static bool add_signature(struct sending *s, struct curl_slist **all)
{
    sv id = s->payload->id, time = arena_printf(s->a, "%lld", (long long)clock_now());
    if (!add_header(s, all, arena_printf(s->a, "webhook-id: %.*s", SV_ARG(id))) ||
        !add_header(s, all, arena_printf(s->a, "webhook-timestamp: %.*s", SV_ARG(time))))
        return false;
    if (s->channel->secret.p == NULL)
        return true;
    sv signature = signature_of(s->a, s->channel->secret, id, time, s->payload->body);
    return signature.p &&
           add_header(s, all, arena_printf(s->a, "webhook-signature: %.*s", SV_ARG(signature)));
}

static bool add_token(struct sending *s, struct curl_slist **all)
{
    sv token = s->channel->token;
    return token.n == 0 ||
           add_header(s, all, arena_printf(s->a, "Authorization: Bearer %.*s", SV_ARG(token)));
}

/* "Expect: 100-continue" would cost a second with servers that do not know it. NULL: no memory. */
static struct curl_slist *make_headers(struct sending *s)
{
    struct curl_slist *all = NULL;
    if (add_header(s, &all, arena_printf(s->a, "Content-Type: %s", s->payload->content_type)) &&
        add_header(s, &all, SV("Expect:")) && (!s->http->is_signed || add_signature(s, &all)) &&
        (!s->http->bearer || add_token(s, &all)))
        return all;
    curl_slist_free_all(all);
    return NULL;
}

/* None of our secrets stands in it. */
static bool may_quote(const struct sending *s, sv said)
{
    const struct channel_cfg *c = s->channel;
    return verdict_may_quote(said, target(s)) && verdict_may_quote(said, c->token) &&
           verdict_may_quote(said, c->room);
}

/* Telegram says it in the body. */
static int64_t retry_after_in(sv said)
{
    static const sv name = SV_INIT("\"retry_after\":");
    size_t at = sv_find(said, name, 0), n = 0;
    uint64_t seconds = 0;
    sv rest = at == SIZE_MAX ? SV_ABSENT : sv_trim(sv_skip(said, at + name.n));
    while (n < rest.n && ascii_is_digit(rest.p[n]))
        n++;
    return num_u64(sv_first(rest, n), INT32_MAX, &seconds) ? (int64_t)seconds : 0;
}

static void note_wait(struct sending *s, sv said)
{
    curl_off_t after = 0;
    if (curl_easy_getinfo(s->easy, CURLINFO_RETRY_AFTER, &after) == CURLE_OK && after > 0)
        s->answer->retry_after = after;
    else if (s->answer->code == 429)
        s->answer->retry_after = retry_after_in(said);
}

static void tell_refusal(struct sending *s, const char *quoted)
{
    const struct verdict *v = verdict_of_status(s->answer->code);
    bool ours = v->cls == ANSWER_REFUSED && s->answer->code == 400 && s->http->may_be_ours;
    sv what = arena_printf(s->a, "%s: status %d", v->what, s->answer->code);
    s->answer->shorter = v->cls == ANSWER_REFUSED;
    sending_failed(s, ours ? ANSWER_BROKEN : v->cls, what.p ? what.p : v->what, quoted,
                   ours ? "check token, key and chat of the channel" : v->advice);
}

/* Also when the body of the answer was cut. */
static void judge(struct sending *s)
{
    char words[ERR_QUOTE];
    sv said = sv_trim(buf_view(&s->said));
    const char *quoted = may_quote(s, said) ? err_quote(said, words) : "";
    bool good = s->answer->code >= 200 && s->answer->code <= 299;
    note_wait(s, said);
    if (good && (s->http->success.p == NULL || sv_eq(said, s->http->success)))
        s->answer->cls = ANSWER_SENT;
    else if (good)
        sending_failed(s, ANSWER_BROKEN, "answers, but not as this kind of channel does", quoted,
                       "check the URL of the channel");
    else
        tell_refusal(s, quoted);
}

static void perform(struct sending *s, size_t octets)
{
    long status = 0;
    curl_off_t sent = 0;
    CURLcode code = curl_easy_perform(s->easy);
    (void)curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(s->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    s->answer->code = (int)status;
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && s->said.failed)) {
        judge(s);
        return;
    }
    s->answer->repeat_possible = (uint64_t)sent >= octets && octets;
    sending_broke(s, code);
}

void http_probe(struct sending *s)
{
    const struct option_number numbers[] = {
        {CURLOPT_CONNECT_ONLY, 1},
        {CURLOPT_CONNECTTIMEOUT_MS, (long)s->limits->send_connect},
        {CURLOPT_TIMEOUT_MS, (long)s->limits->send_total},
    };
    const struct option_text texts[] = {{CURLOPT_URL, s->channel->url}};
    if (!begin(s) || !sending_set_numbers(s, numbers, COUNT_OF(numbers)) ||
        !sending_set_texts(s, texts, COUNT_OF(texts)) || !set_protocols(s))
        return;
    CURLcode code = curl_easy_perform(s->easy);
    if (code == CURLE_OK)
        s->answer->cls = ANSWER_SENT;
    else
        sending_broke(s, code);
}

static void post(struct sending *s, sv body)
{
    if (!begin(s))
        return;
    struct curl_slist *headers = make_headers(s);
    if (headers && set_up(s, headers, body))
        perform(s, body.n);
    else
        sending_broke(s, CURLE_OUT_OF_MEMORY);
    (void)curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    buf_free(&s->said);
}

/* Until one is not taken; what was taken before it comes again then, and says so by its own key. */
static void post_lines(struct sending *s)
{
    sv rest = s->payload->body, line;
    s->answer->cls = ANSWER_SENT;
    while (s->answer->cls == ANSWER_SENT && sv_split(&rest, '\n', &line))
        if (line.n)
            post(s, line);
}

void http_send(struct sending *s)
{
    if (s->http->by_line)
        post_lines(s);
    else
        post(s, s->payload->body);
}
