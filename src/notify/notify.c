#include "notify/notify.h"

#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/domain.h"
#include "sending.h"

enum { HOST = 256 };

#define ATTEMPT_MEMORY MIB(1)

/* One row a kind of channel. */
static const struct kind {
    void (*send)(struct sending *s);
    void (*probe)(struct sending *s); /* NULL: there is nothing to try */
    int64_t interval_ms;              /* between two messages to the same channel */
    struct http_kind http;
} kinds[CHANNEL_TYPE_END] = {
    [CHANNEL_SLACK] = {.send = http_send,
                       .probe = http_probe,
                       .interval_ms = 1000,
                       .http.success = SV_INIT("ok")},
    [CHANNEL_EMAIL] = {.send = smtp_send, .probe = smtp_send},
    [CHANNEL_WEBHOOK] = {.send = http_send, .probe = http_probe, .http.is_signed = true},
    [CHANNEL_STDOUT] = {.send = stdout_send},
    [CHANNEL_COMMAND] = {.send = command_send, .probe = command_probe},
    [CHANNEL_DISCORD] = {.send = http_send, .probe = http_probe, .interval_ms = 500},
    [CHANNEL_MATTERMOST] = {.send = http_send,
                            .probe = http_probe,
                            .interval_ms = 100,
                            .http.success = SV_INIT("ok")},
    [CHANNEL_TEAMS] = {.send = http_send, .probe = http_probe, .interval_ms = 500},
    [CHANNEL_GOOGLE_CHAT] = {.send = http_send, .probe = http_probe, .interval_ms = 1000},
    [CHANNEL_TELEGRAM] = {.send = http_send,
                          .probe = http_probe,
                          .interval_ms = 1000,
                          .http.target = http_telegram,
                          .http.may_be_ours = true},
    [CHANNEL_NTFY] = {.send = http_send, .probe = http_probe, .http.bearer = true},
    [CHANNEL_PAGERDUTY] = {.send = http_send,
                           .probe = http_probe,
                           .http.by_line = true,
                           .http.may_be_ours = true},
    [CHANNEL_ALERTMANAGER] = {.send = http_send, .probe = http_probe, .http.target = http_alertmanager},
    [CHANNEL_SYSLOG] = {.send = syslog_send, .probe = syslog_probe},
};

struct last {
    const struct channel_cfg *channel;
    int64_t at; /* monotonic, ms */
};

struct notify {
    const struct limits *limits;
    struct tokens *tokens; /* NULL: none */
    CURL *easy;
    arena a;
    struct last *lasts;
    size_t n_lasts;
    char ehlo[HOST]; /* empty until the first mail */
};

static bool libcurl_fits(struct err *e)
{
    static const char *const needed[] = {"https", "smtp", "smtps"};
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        const char *const *p = info->protocols;
        while (*p && !sv_eq(sv_c(*p), sv_c(needed[i])))
            p++;
        if (*p == NULL)
            return err_set(e, ERR_CONFIG,
                           "this system's libcurl %s has no %s; install the full libcurl package (Red Hat: "
                           "libcurl instead of libcurl-minimal)",
                           info->version, needed[i]);
    }
    return true;
}

struct notify *notify_open(const struct limits *limits, struct err *e)
{
    struct notify *n = calloc(1, sizeof *n);
    if (n == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(n);
        (void)err_set(e, ERR_MEMORY, "out of memory");
        return NULL;
    }
    n->limits = limits;
    arena_init(&n->a, ATTEMPT_MEMORY);
    n->easy = curl_easy_init();
    if (n->easy == NULL)
        (void)err_set(e, ERR_MEMORY, "out of memory");
    else if (libcurl_fits(e))
        return n;
    notify_close(n);
    return NULL;
}

void notify_use_tokens(struct notify *n, struct tokens *tokens)
{
    n->tokens = tokens;
}

/* The host's full name where the resolver knows it, as mail servers expect it in EHLO (RFC 5321 4.1.4). */
static void find_ehlo(char name[HOST])
{
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_flags = AI_CANONNAME};
    if (gethostname(name, HOST) != 0)
        name[0] = '\0';
    name[HOST - 1] = '\0';
    if (sv_find_char(sv_c(name), '.', 0) == SIZE_MAX && getaddrinfo(name, NULL, &hints, &found) == 0) {
        sv full = sv_c(found->ai_canonname);
        if (full.n && full.n < HOST)
            memcpy(name, full.p, full.n + 1);
        freeaddrinfo(found);
    }
    if (!domain_is_plain(sv_c(name)))
        memcpy(name, "localhost", sizeof "localhost");
}

static int64_t *last_of(struct notify *n, const struct channel_cfg *channel)
{
    for (size_t i = 0; i < n->n_lasts; i++)
        if (n->lasts[i].channel == channel)
            return &n->lasts[i].at;
    struct last *more = reallocarray(n->lasts, n->n_lasts + 1, sizeof *more);
    if (more == NULL)
        return NULL;
    n->lasts = more;
    n->lasts[n->n_lasts] = (struct last){.channel = channel};
    return &n->lasts[n->n_lasts++].at;
}

/* Sleeps until the channel may be sent to again. */
static void keep_rate(struct notify *n, const struct channel_cfg *channel, int64_t interval_ms)
{
    int64_t *at = interval_ms ? last_of(n, channel) : NULL;
    if (at == NULL)
        return;
    int64_t now = clock_mono_ms();
    int64_t wait = *at ? *at + interval_ms - now : 0;
    if (wait > 0) {
        struct timespec t = {wait / 1000, wait % 1000 * 1000000};
        (void)nanosleep(&t, NULL);
        now += wait;
    }
    *at = now;
}

static struct sending start(struct notify *n, const struct channel_cfg *channel, const struct payload *p,
                            struct answer *out)
{
    *out = (struct answer){.cls = ANSWER_RETRY};
    if (channel->type == CHANNEL_EMAIL && n->ehlo[0] == '\0')
        find_ehlo(n->ehlo);
    arena_reset(&n->a);
    return (struct sending){.easy = n->easy,
                            .limits = n->limits,
                            .tokens = n->tokens,
                            .channel = channel,
                            .payload = p,
                            .http = &kinds[channel->type].http,
                            .ehlo = n->ehlo,
                            .answer = out,
                            .a = &n->a};
}

void notify_send(struct notify *n, const struct channel_cfg *channel, const struct payload *p,
                 struct answer *out)
{
    const struct kind *kind = &kinds[channel->type];
    keep_rate(n, channel, kind->interval_ms);
    struct sending s = start(n, channel, p, out);
    kind->send(&s);
    curl_easy_reset(n->easy); /* it must not keep what points into `s` */
}

bool notify_probe(struct notify *n, const struct channel_cfg *channel, char where[ERR_QUOTE],
                  struct answer *out)
{
    struct sending s = start(n, channel, NULL, out);
    where[0] = '\0';
    if (kinds[channel->type].probe == NULL)
        return false;
    kinds[channel->type].probe(&s);
    (void)err_quote(s.where, where);
    curl_easy_reset(n->easy);
    return true;
}

void notify_close(struct notify *n)
{
    if (n == NULL)
        return;
    curl_easy_cleanup(n->easy);
    arena_free(&n->a);
    free(n->lasts);
    free(n);
    curl_global_cleanup();
}
