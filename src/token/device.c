/* A person logs in on another device (RFC 8628). */
#include <time.h>

#include "answer.h"
#include "base/clock.h"
#include "base/file.h"
#include "form.h"
#include "refusal.h"
#include "tokens.h"

/* RFC 8628 3.5: what slow_down and time-outs add, seconds. */
enum { SLOWER = 5 };

enum asked { ASKED_DONE, ASKED_PENDING, ASKED_SLOWER, ASKED_FAILED };

/* An answer that is no JSON object says nothing. */
static bool ask(struct tokens *t, const struct token_owner *o, sv url, const buf *form,
                struct token_answer *answer, struct reply *r, bool *transient, struct err *e)
{
    struct question q = {.cfg = o->cfg, .url = url, .form = form};
    bool ok = http_ask(t, &q, r, transient, e);
    if (ok && !answer_read(buf_view(&r->body), (size_t)t->limits->token_size, &t->call, answer))
        *answer = (struct token_answer){0};
    buf_wipe(&r->body);
    return ok;
}

static bool begin(struct tokens *t, const struct token_owner *o, struct token_answer *answer, struct err *e)
{
    buf form CLEANUP(buf_wipe);
    buf_init(&form, 4 * (size_t)t->limits->token_answer);
    struct reply r = {0};
    bool transient;
    form_add(&form, "client_id", o->cfg->client_id);
    form_add(&form, "scope", o->cfg->scope);
    if (!ask(t, o, o->cfg->device_url, &form, answer, &r, &transient, e))
        return false;
    if (r.status == 200 && answer->device_code.p && answer->user_code.p && answer->uri.p)
        return true;
    refusal_tell(o->cfg, r.host, r.status, answer, &transient, e);
    return false;
}

static enum asked poll_once(struct tokens *t, const struct token_owner *o, sv device_code,
                            struct token_answer *answer, struct err *e)
{
    buf form CLEANUP(buf_wipe);
    buf_init(&form, 4 * (size_t)t->limits->token_answer);
    struct reply r = {0};
    bool transient;
    form_add(&form, "grant_type", SV("urn:ietf:params:oauth:grant-type:device_code"));
    form_add(&form, "device_code", device_code);
    form_add(&form, "client_id", o->cfg->client_id);
    form_add(&form, "client_secret", o->cfg->client_secret);
    if (!ask(t, o, o->cfg->token_url, &form, answer, &r, &transient, e)) {
        t->hosts = NULL; /* the person is still busy: it may be there again */
        return transient ? ASKED_SLOWER : ASKED_FAILED;
    }
    if (r.status == 200 && answer->access_token.p)
        return ASKED_DONE;
    if (sv_eq(answer->error, SV("authorization_pending")))
        return ASKED_PENDING;
    refusal_tell(o->cfg, r.host, r.status, answer, &transient, e);
    return transient || sv_eq(answer->error, SV("slow_down")) ? ASKED_SLOWER : ASKED_FAILED;
}

static bool wait_for_person(struct tokens *t, const struct token_owner *o, const struct token_answer *begun,
                            int64_t seconds, struct token_answer *answer, struct err *e)
{
    struct timespec pause = {.tv_sec = begun->interval};
    int64_t end = clock_mono_ms() + seconds * 1000;
    while (clock_mono_ms() + (int64_t)pause.tv_sec * 1000 < end) {
        (void)nanosleep(&pause, NULL);
        switch (poll_once(t, o, begun->device_code, answer, e)) {
        case ASKED_DONE:
            return true;
        case ASKED_PENDING:
            break;
        case ASKED_SLOWER:
            pause.tv_sec += SLOWER;
            break;
        case ASKED_FAILED:
            return false;
        }
    }
    return err_set(e, ERR_LOGIN, "nobody has confirmed the code in time; run it again");
}

static bool keep(struct tokens *t, const struct token_owner *o, const struct token_answer *answer,
                 struct err *e)
{
    int lock CLEANUP(fd_cleanup) = -1;
    struct kept kept = {0};
    if (answer->refresh_token.p == NULL)
        return err_set(e, ERR_LOGIN,
                       "the token server gives no refresh token, so the login would last an "
                       "hour; add offline_access to scope");
    if (!cache_lock(t->folder, &lock, e))
        return false;
    const char *path = cache_path(t->folder, o, &t->call);
    return path ? tokens_keep(path, o, answer, tokens_now(), &kept, e)
                : err_set(e, ERR_MEMORY, "out of memory");
}

bool token_login(struct tokens *t, const struct token_owner *o,
                 void (*show)(void *ctx, const struct token_prompt *p), void *ctx, struct err *e)
{
    struct token_answer begun = {0}, answer = {0};
    arena_reset(&t->call);
    if (!begin(t, o, &begun, e))
        return false;
    int64_t longest = (int64_t)t->limits->token_login;
    int64_t seconds = begun.expires_in && begun.expires_in < longest ? begun.expires_in : longest;
    show(ctx, &(struct token_prompt){begun.uri, begun.user_code, begun.uri_complete, seconds});
    return wait_for_person(t, o, &begun, seconds, &answer, e) && keep(t, o, &answer, e);
}
