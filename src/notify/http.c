#include "base/clock.h"
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

static bool set_up(struct sending *s, struct curl_slist *headers)
{
    const struct option_number numbers[] = {
        {CURLOPT_POST, 1},
        {CURLOPT_CONNECTTIMEOUT_MS, (long)s->limits->send_connect},
        {CURLOPT_TIMEOUT_MS, (long)s->limits->send_total},
    };
    const struct option_text texts[] = {{CURLOPT_URL, s->channel->url}};
    buf_init(&s->said, (size_t)s->limits->answer_size);
    return sending_set_numbers(s, numbers, COUNT_OF(numbers)) &&
           sending_set_texts(s, texts, COUNT_OF(texts)) && set_protocols(s) &&
           curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, s->payload->body.p) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->payload->body.n) ==
               CURLE_OK &&
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

/* "Expect: 100-continue" would cost a second with servers that do not know it. NULL: no memory. */
static struct curl_slist *make_headers(struct sending *s)
{
    struct curl_slist *all = NULL;
    if (add_header(s, &all, arena_printf(s->a, "Content-Type: %s", s->payload->content_type)) &&
        add_header(s, &all, SV("Expect:")) && (s->channel->type != CHANNEL_WEBHOOK || add_signature(s, &all)))
        return all;
    curl_slist_free_all(all);
    return NULL;
}

/* Also when the body of the answer was cut. */
static void judge(struct sending *s)
{
    char words[ERR_QUOTE];
    curl_off_t after = 0;
    sv said = sv_trim(buf_view(&s->said));
    const char *quoted = verdict_may_quote(said, s->channel->url) ? err_quote(said, words) : "";
    bool good = s->answer->code >= 200 && s->answer->code <= 299;
    if (curl_easy_getinfo(s->easy, CURLINFO_RETRY_AFTER, &after) == CURLE_OK && after > 0)
        s->answer->retry_after = after;
    if (good && (s->success.p == NULL || sv_eq(said, s->success))) {
        s->answer->cls = ANSWER_SENT;
    } else if (good) {
        sending_failed(s, ANSWER_BROKEN, "answers, but not as this kind of channel does", quoted,
                       "check the URL of the channel");
    } else {
        const struct verdict *v = verdict_of_status(s->answer->code);
        sv what = arena_printf(s->a, "%s: status %d", v->what, s->answer->code);
        const char *text = arena_cstr(s->a, what);
        sending_failed(s, v->cls, text ? text : v->what, quoted, v->advice);
    }
}

static void perform(struct sending *s)
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
    s->answer->repeat_possible = (uint64_t)sent >= s->payload->body.n && s->payload->body.n;
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

void http_send(struct sending *s)
{
    if (!begin(s))
        return;
    struct curl_slist *headers = make_headers(s);
    if (headers && set_up(s, headers))
        perform(s);
    else
        sending_broke(s, CURLE_OUT_OF_MEMORY);
    (void)curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    buf_free(&s->said);
}
