#include "fetch/fetch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/random.h"
#include "mailbox.h"
#include "model/ip.h"
#include "token/token.h"

struct fetch {
    const struct limits *limits;
    const struct fetch_handler *handler;
    struct tokens *tokens; /* NULL: none */
    CURLM *multi;
    struct mailbox **boxes;
    size_t n, cap;
    size_t active;    /* not OVER */
    size_t connected; /* CONNECTING or TALKING */
    size_t first;     /* whose turn is first: the next one's each time */
    uint32_t start;   /* random: where the waiting ones are begun, so that none is last in every run */
    bool may_start;   /* somebody came or went since the last look */
    bool paused;
    int64_t paused_at;
    char *octets; /* MAILBOX_READ */
    struct curl_waitfd *waits;
    size_t waits_cap;
};

static bool libcurl_fits(struct err *e)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    bool imap = false, imaps = false;
    for (const char *const *p = info->protocols; *p; p++) {
        imap |= sv_eq(sv_c(*p), SV("imap"));
        imaps |= sv_eq(sv_c(*p), SV("imaps"));
    }
    if (imap && imaps)
        return true;
    return err_set(e, ERR_CONFIG,
                   "this system's libcurl %s has no IMAP over TLS; install the full libcurl package "
                   "(Red Hat: libcurl instead of libcurl-minimal)",
                   info->version);
}

struct fetch *fetch_open(const struct limits *limits, const struct fetch_handler *handler, struct err *e)
{
    struct fetch *f = calloc(1, sizeof *f);
    bool global = f && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (global) {
        f->limits = limits;
        f->handler = handler;
        random_bytes(&f->start, sizeof f->start);
        f->multi = curl_multi_init();
        f->octets = malloc(MAILBOX_READ);
        if (f->multi && f->octets && libcurl_fits(e))
            return f;
        if (f->multi == NULL || f->octets == NULL)
            (void)err_set(e, ERR_MEMORY, "out of memory");
        fetch_close(f);
        return NULL;
    }
    free(f);
    (void)err_set(e, ERR_MEMORY, "out of memory");
    return NULL;
}

void fetch_use_tokens(struct fetch *f, struct tokens *tokens)
{
    f->tokens = tokens;
}

/* Adding. */

static bool grow(struct fetch *f)
{
    if (f->n < f->cap)
        return true;
    size_t cap = f->cap ? f->cap * 2 : 16;
    struct mailbox **more = reallocarray(f->boxes, cap, sizeof *more);
    if (more == NULL)
        return false;
    f->boxes = more;
    f->cap = cap;
    return true;
}

static void make_prefix(char prefix[IMAP_PREFIX])
{
    unsigned char r[IMAP_PREFIX];
    random_bytes(r, sizeof r);
    for (size_t i = 0; i < IMAP_PREFIX; i++)
        prefix[i] = (char)('A' + r[i] % 26);
}

static size_t first_of_host(const struct fetch *f, sv host)
{
    size_t i = 0;
    while (i < f->n && !sv_eq_nocase(f->boxes[i]->cfg->host, host))
        i++;
    return i;
}

bool fetch_add(struct fetch *f, const struct mailbox_cfg *cfg, const struct fetch_state *state,
               uint32_t *mailbox, struct err *e)
{
    if (cfg->tls == TLS_NONE && !ip_host_is_loopback(cfg->host))
        return err_set(e, ERR_CONFIG, "%.*s: no loopback address, so TLS is needed", SV_ARG(cfg->host));
    struct mailbox *b = calloc(1, sizeof *b);
    if (b == NULL || !grow(f)) {
        free(b);
        return err_set(e, ERR_MEMORY, "out of memory");
    }
    struct imap_config config = {.limits = f->limits,
                                 .handler = f->handler,
                                 .source = (uint32_t)f->n,
                                 .folder = cfg->folder,
                                 .settles = state->settles,
                                 .looks = state->looks,
                                 .since = cfg->since ? clock_now() - cfg->since : 0,
                                 .now = clock_now()};
    make_prefix(config.prefix);
    if (!imap_proto_init(&b->proto, &config, state, e)) {
        free(b);
        return false;
    }
    b->cfg = cfg;
    b->same_host = first_of_host(f, cfg->host);
    *mailbox = (uint32_t)f->n;
    f->boxes[f->n++] = b;
    f->active++;
    f->may_start = true;
    return true;
}

/* Beginning and end of one mailbox. */

static void leave(struct fetch *f, struct mailbox *b)
{
    if (b->stage == CONNECTING || b->stage == TALKING) {
        f->connected--;
        f->boxes[b->same_host]->connected--;
    }
    imap_conn_close(&b->conn);
    b->stage = OVER;
    f->active--;
    f->may_start = true;
}

static void end(struct fetch *f, size_t i, const struct err *err, bool transient, bool stopped)
{
    struct mailbox *b = f->boxes[i];
    struct fetch_end result = {.err = *err, .transient = transient, .stopped = stopped};
    if (err->cls != ERR_NONE)
        result.uid = imap_proto_in_hand(&b->proto);
    result.left = imap_proto_left(&b->proto);
    leave(f, b);
    imap_proto_free(&b->proto);
    f->handler->done(f->handler->ctx, (uint32_t)i, &result);
}

/* refused: the token that is kept was of no use. */
static bool find_token(struct fetch *f, const struct mailbox *b, bool refused, struct token *token,
                       bool *transient, struct err *e)
{
    const struct token_owner owner = {"mailbox", b->cfg->name, b->cfg->user, &b->cfg->oauth};
    *token = (struct token){0};
    if (b->cfg->oauth.grant == OAUTH_NONE)
        return true;
    if (f->tokens == NULL)
        return err_set(e, ERR_BUG, "a login with oauth2, and nowhere to get a token");
    return token_get(f->tokens, &owner, refused, token, transient, e);
}

static void connect_to(struct fetch *f, size_t i, bool refused)
{
    struct mailbox *b = f->boxes[i];
    struct token token;
    struct err e = {0};
    bool transient = true;
    bool ok = find_token(f, b, refused, &token, &transient, &e);
    if (ok) {
        transient = true;
        b->cached_token = token.cached;
        ok = imap_conn_open(&b->conn, f->multi, b->cfg, token.value, f->limits, b, &e);
    }
    if (!ok)
        end(f, i, &e, transient, false);
}

static void start(struct fetch *f, size_t i)
{
    struct mailbox *b = f->boxes[i];
    b->stage = CONNECTING;
    f->connected++;
    f->boxes[b->same_host]->connected++;
    connect_to(f, i, false);
}

static void start_waiting(struct fetch *f)
{
    if (!f->may_start)
        return;
    f->may_start = false;
    for (size_t k = 0; k < f->n && f->connected < f->limits->parallel; k++) {
        size_t i = (f->start + k) % f->n;
        struct mailbox *b = f->boxes[i];
        if (b->stage == WAITING && f->boxes[b->same_host]->connected < f->limits->per_host)
            start(f, i);
    }
}

static size_t index_of(const struct fetch *f, const struct mailbox *b)
{
    size_t i = 0;
    while (f->boxes[i] != b)
        i++;
    return i;
}

static void take_opened(struct fetch *f, CURL *easy, CURLcode result)
{
    struct mailbox *b = NULL;
    struct err e = {0};
    bool transient = true;
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &b);
    if (!imap_conn_opened(&b->conn, result, &e, &transient)) {
        if (e.cls == ERR_LOGIN && b->cached_token) {
            imap_conn_close(&b->conn);
            connect_to(f, index_of(f, b), true);
            return;
        }
        end(f, index_of(f, b), &e, transient, false);
        return;
    }
    b->stage = TALKING;
    b->pending = true;
    b->heard_at = b->progress_at = clock_mono_ms();
}

static void take_logins(struct fetch *f)
{
    int running, queued;
    (void)curl_multi_perform(f->multi, &running);
    for (CURLMsg *m = curl_multi_info_read(f->multi, &queued); m; m = curl_multi_info_read(f->multi, &queued))
        if (m->msg == CURLMSG_DONE)
            take_opened(f, m->easy_handle, m->data.result);
}

/* A turn. */

static void turn(struct fetch *f, size_t i)
{
    struct mailbox *b = f->boxes[i];
    mailbox_turn(b, f->octets, &f->paused);
    if (b->proto.phase == PHASE_FAILED)
        (void)err_prefix(&b->proto.err, "%.*s:%u: ", SV_ARG(b->cfg->host), (unsigned)b->cfg->port);
    if (!mailbox_is_talking(b))
        end(f, i, &b->proto.err, b->proto.transient, false);
}

void fetch_turn(struct fetch *f)
{
    take_logins(f);
    for (size_t k = 0; k < f->n; k++) {
        size_t i = (f->first + k) % f->n;
        if (f->boxes[i]->stage == TALKING && !f->paused)
            turn(f, i);
    }
    f->first = f->n ? (f->first + 1) % f->n : 0;
    if (f->may_start && !f->paused) {
        start_waiting(f);
        take_logins(f);
    }
}

/* Waiting. */

static bool make_waits(struct fetch *f, size_t extra)
{
    if (f->waits && f->waits_cap >= extra + f->n)
        return true;
    size_t cap = extra + f->n + 16;
    struct curl_waitfd *more = reallocarray(f->waits, cap, sizeof *more);
    if (more == NULL)
        return false;
    f->waits = more;
    f->waits_cap = cap;
    return true;
}

/* poll(2) and libcurl have names of their own for the same. */
static const struct {
    short poll, curl;
} events[] = {{POLLIN, CURL_WAIT_POLLIN}, {POLLPRI, CURL_WAIT_POLLPRI}, {POLLOUT, CURL_WAIT_POLLOUT}};

static short to_curl(short poll)
{
    short curl = 0;
    for (size_t i = 0; i < COUNT_OF(events); i++)
        curl = (short)(curl | (poll & events[i].poll ? events[i].curl : 0));
    return curl;
}

static short to_poll(short curl)
{
    short poll = 0;
    for (size_t i = 0; i < COUNT_OF(events); i++)
        poll = (short)(poll | (curl & events[i].curl ? events[i].poll : 0));
    return poll;
}

/* Adds the mailboxes' sockets to the n that are there, and shortens *wait to the next thing to do. */
static size_t add_mailboxes(struct fetch *f, size_t n, int64_t *wait)
{
    const char *why;
    int64_t now = clock_mono_ms();
    for (size_t i = 0; i < f->n && !f->paused; i++) {
        struct mailbox *b = f->boxes[i];
        if (b->stage != TALKING)
            continue;
        int64_t left = b->pending ? 0 : mailbox_deadline(b, &why) - now;
        if (left < *wait)
            *wait = left > 0 ? left : 0;
        short out = b->proto.out.n ? CURL_WAIT_POLLOUT : 0;
        f->waits[n++] = (struct curl_waitfd){.fd = b->conn.socket, .events = (short)(CURL_WAIT_POLLIN | out)};
    }
    if (f->may_start && !f->paused)
        *wait = 0;
    return n;
}

bool fetch_wait(struct fetch *f, struct pollfd *extra, size_t n, int timeout_ms, struct err *e)
{
    int64_t wait = timeout_ms < 0 ? INT32_MAX : timeout_ms;
    int ready;
    if (!make_waits(f, n))
        return err_set(e, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < n; i++)
        f->waits[i] = (struct curl_waitfd){.fd = extra[i].fd, .events = to_curl(extra[i].events)};
    size_t all = add_mailboxes(f, n, &wait);
    CURLMcode code = curl_multi_poll(f->multi, f->waits, (unsigned)all, (int)wait, &ready);
    if (code != CURLM_OK)
        return err_set(e, ERR_MEMORY, "cannot wait for the network: %s", curl_multi_strerror(code));
    for (size_t i = 0; i < n; i++)
        extra[i].revents = to_poll(f->waits[i].revents);
    return true;
}

void fetch_pause(struct fetch *f, bool paused)
{
    if (paused == f->paused)
        return;
    f->paused = paused;
    int64_t now = clock_mono_ms();
    for (size_t i = 0; i < f->n && !paused; i++) {
        f->boxes[i]->heard_at += now - f->paused_at;
        f->boxes[i]->progress_at += now - f->paused_at;
    }
    f->paused_at = now;
}

void fetch_settle(struct fetch *f, uint32_t mailbox, const struct fetch_debt *debts, size_t n)
{
    struct mailbox *b = f->boxes[mailbox];
    if (b->stage != TALKING || b->proto.phase != PHASE_WAITING)
        return;
    imap_proto_settle(&b->proto, debts, n);
    b->pending = true;
    b->heard_at = b->progress_at = clock_mono_ms();
}

void fetch_stop(struct fetch *f)
{
    static const struct err none = {0};
    for (size_t i = 0; i < f->n; i++)
        if (f->boxes[i]->stage != OVER)
            end(f, i, &none, false, f->boxes[i]->proto.phase != PHASE_LEAVING);
}

size_t fetch_active(const struct fetch *f)
{
    return f->active;
}

uint32_t fetch_floor(const struct fetch *f, uint32_t mailbox)
{
    const struct imap_proto *p = &f->boxes[mailbox]->proto;
    return p->open ? p->floor : 0;
}

void fetch_close(struct fetch *f)
{
    if (f == NULL)
        return;
    for (size_t i = 0; i < f->n; i++) {
        imap_conn_close(&f->boxes[i]->conn);
        imap_proto_free(&f->boxes[i]->proto);
        free(f->boxes[i]);
    }
    if (f->multi)
        (void)curl_multi_cleanup(f->multi);
    free(f->boxes);
    free(f->octets);
    free(f->waits);
    free(f);
    curl_global_cleanup();
}
