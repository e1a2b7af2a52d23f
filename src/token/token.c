#include "token/token.h"

#include <stdlib.h>
#include <time.h>

#include "answer.h"
#include "base/file.h"
#include "form.h"
#include "refusal.h"
#include "tokens.h"

#define RUN_MEMORY  MIB(4)
#define CALL_MEMORY MIB(4)

struct tokens *tokens_open(const struct limits *limits, sv state_path, struct err *e)
{
    struct tokens *t = calloc(1, sizeof *t);
    if (t == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(t);
        (void)err_set(e, ERR_MEMORY, "out of memory");
        return NULL;
    }
    *t = (struct tokens){.limits = limits, .easy = curl_easy_init()};
    arena_init(&t->run, RUN_MEMORY);
    arena_init(&t->call, CALL_MEMORY);
    buf_init(&t->value, (size_t)limits->token_answer);
    t->folder = file_folder(&t->run, state_path);
    if (t->easy && t->folder)
        return t;
    (void)err_set(e, ERR_MEMORY, "out of memory");
    tokens_close(t);
    return NULL;
}

void tokens_close(struct tokens *t)
{
    if (t == NULL)
        return;
    curl_easy_cleanup(t->easy);
    arena_free(&t->run);
    arena_free(&t->call);
    buf_wipe(&t->value);
    free(t);
    curl_global_cleanup();
}

int64_t tokens_now(void)
{
    return (int64_t)time(NULL);
}

/* A server that does not say how long the token is good is asked again next time. */
bool tokens_keep(const char *path, const struct token_owner *o, const struct token_answer *a, int64_t now,
                 struct kept *kept, struct err *e)
{
    kept->access_token = a->access_token;
    kept->expires = now + a->expires_in;
    if (a->refresh_token.p)
        kept->refresh_token = a->refresh_token;
    return cache_write(path, o, kept, e);
}

static bool renew(struct tokens *t, const struct token_owner *o, const char *path, struct kept *kept,
                  bool *transient, struct err *e)
{
    buf form CLEANUP(buf_wipe);
    buf_init(&form, 4 * (size_t)t->limits->token_answer);
    int64_t now = tokens_now();
    struct question q = {.cfg = o->cfg, .form = &form};
    struct reply r = {0};
    struct token_answer answer = {0};
    *transient = false;
    if (!grant_form(o, kept, now, &t->call, &q.url, &form, e))
        return false;
    bool ok = http_ask(t, &q, &r, transient, e);
    if (ok) {
        bool read = answer_read(buf_view(&r.body), (size_t)t->limits->token_size, &t->call, &answer);
        ok = read && r.status == 200 && answer.access_token.p;
        if (!ok)
            refusal_tell(o->cfg, r.host, r.status, &answer, transient, e);
    }
    buf_wipe(&r.body);
    return ok && tokens_keep(path, o, &answer, now, kept, e);
}

static bool get_kept(struct tokens *t, const struct token_owner *o, bool refused, struct token *out,
                     bool *transient, struct err *e)
{
    int lock CLEANUP(fd_cleanup) = -1;
    struct kept kept;
    if (!cache_lock(t->folder, &lock, e))
        return false;
    const char *path = cache_path(t->folder, o, &t->call);
    if (path == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (!cache_read(path, o, &t->call, &kept, e))
        return false;
    out->cached = !refused && kept_is_fresh(&kept, tokens_now());
    if (!out->cached && !renew(t, o, path, &kept, transient, e))
        return false;
    buf_sv(&t->value, kept.access_token);
    return !t->value.failed || err_set(e, ERR_MEMORY, "out of memory");
}

bool token_get(struct tokens *t, const struct token_owner *o, bool refused, struct token *out,
               bool *transient, struct err *e)
{
    *out = (struct token){0};
    *transient = false;
    if (t->value.p)
        explicit_bzero(t->value.p, t->value.cap);
    buf_reset(&t->value);
    arena_reset(&t->call);
    bool ok = o->cfg->grant == OAUTH_COMMAND ? command_run(t, o->cfg, &t->value, transient, e)
                                             : get_kept(t, o, refused, out, transient, e);
    out->value = ok ? buf_view(&t->value) : SV_ABSENT;
    return ok;
}
