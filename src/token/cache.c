#include "cache.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sha256.h"
#include "form.h"

enum { FILE_MOST = 256 * 1024, PRINT = 2 * SHA256_SIZE + 1 };

bool kept_is_fresh(const struct kept *k, int64_t now)
{
    return k->access_token.p && k->expires - CACHE_EARLY > now;
}

/* What a token depends on. A client secret or key may be renewed without losing the refresh token. */
static bool fingerprint(const struct token_owner *o, char out[PRINT])
{
    const struct oauth_cfg *c = o->cfg;
    const sv parts[] = {c->token_url, c->client_id, c->scope, o->user, c->refresh_token, c->issuer};
    struct sha256 h;
    uint8_t digest[SHA256_SIZE];
    if (!sha256_start(&h))
        return false;
    sha256_add(&h, &c->grant, sizeof c->grant);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        sha256_add(&h, &parts[i].n, sizeof parts[i].n); /* the file never leaves the machine */
        sha256_add(&h, parts[i].p, parts[i].n);
    }
    if (!sha256_end(&h, digest))
        return false;
    hex_of(digest, sizeof digest, out);
    return true;
}

static bool refuse(const char *path, const char *what, struct err *e)
{
    int why = errno;
    return err_set(e, err_class_of_errno(why, ERR_STATE), "%s: %s: %s", path, what, strerror(why));
}

static bool check_owner(const char *folder, const char *tokens, struct err *e)
{
    struct stat outer, inner;
    if (stat(folder, &outer) != 0 || stat(tokens, &inner) != 0)
        return refuse(tokens, "cannot look at the folder of tokens", e);
    if (outer.st_uid == geteuid() && inner.st_uid == geteuid())
        return true;
    return err_set(e, ERR_STATE, "%s belongs to another user; run this as the user that owns it", folder);
}

bool cache_lock(const char *folder, int *lock, struct err *e)
{
    char *tokens = NULL;
    if (asprintf(&tokens, "%s/tokens", folder) < 0)
        return err_set(e, ERR_MEMORY, "out of memory");
    bool ok = mkdir(tokens, 0700) == 0 || errno == EEXIST;
    if (!ok)
        (void)refuse(tokens, "cannot be made", e);
    ok = ok && check_owner(folder, tokens, e);
    int fd = ok ? open(tokens, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int failed = -1;
    if (fd >= 0)
        while ((failed = flock(fd, LOCK_EX)) != 0 && errno == EINTR)
            continue;
    if (ok && failed != 0) {
        ok = refuse(tokens, "cannot be locked", e);
        fd_cleanup(&fd);
    }
    *lock = fd;
    free(tokens);
    return ok;
}

/* Names are any text; what is more than letters, digits and dashes is written as %XX. */
const char *cache_path(const char *folder, const struct token_owner *o, arena *a)
{
    buf name;
    buf_init(&name, 4096);
    form_add(&name, o->kind, o->name);
    for (size_t i = 0; i < name.n; i++)
        name.p[i] = (char)(name.p[i] == '=' ? '-' : name.p[i]);
    const char *path = name.failed ? NULL : arena_printf(a, "%s/tokens/%.*s", folder, (int)name.n, name.p).p;
    buf_free(&name);
    return path;
}

static sv text_of(const json_t *o, const char *name, arena *a)
{
    const json_t *v = json_object_get(o, name);
    return json_is_string(v) ? arena_sv(a, sv_of(json_string_value(v), json_string_length(v))) : SV_ABSENT;
}

static bool read_content(const char *path, buf *content, struct err *e)
{
    struct stat st;
    int fd CLEANUP(fd_cleanup) = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT || refuse(path, "cannot be opened", e);
    if (fstat(fd, &st) == 0 && (st.st_mode & 077))
        return err_set(e, ERR_STATE, "%s holds tokens and is open to others; run: chmod 600 %s", path, path);
    return file_read_fd(fd, path, content, e);
}

bool cache_read(const char *path, const struct token_owner *o, arena *a, struct kept *out, struct err *e)
{
    char print[PRINT];
    buf content CLEANUP(buf_wipe);
    buf_init(&content, FILE_MOST);
    *out = (struct kept){0};
    if (!read_content(path, &content, e))
        return false;
    if (!fingerprint(o, print))
        return err_set(e, ERR_MEMORY, "out of memory");
    json_t *file = json_loadb(content.p ? content.p : "", content.n, 0, NULL);
    if (sv_eq(text_of(file, "for", a), sv_c(print))) {
        out->access_token = text_of(file, "access_token", a);
        out->expires = json_integer_value(json_object_get(file, "expires"));
        out->refresh_token = text_of(file, "refresh_token", a);
    }
    json_decref(file);
    return !a->failed || err_set(e, ERR_MEMORY, "out of memory");
}

/* An absent text is left out. */
static bool put_text(json_t *o, const char *name, sv s)
{
    return s.p == NULL || json_object_set_new(o, name, json_stringn(s.p, s.n)) == 0;
}

static char *content_of(const struct kept *k, const char *print)
{
    json_t *file = json_object();
    bool ok = file && put_text(file, "for", sv_c(print)) && put_text(file, "access_token", k->access_token) &&
              json_object_set_new(file, "expires", json_integer(k->expires)) == 0 &&
              put_text(file, "refresh_token", k->refresh_token);
    char *text = ok ? json_dumps(file, JSON_COMPACT) : NULL;
    json_decref(file);
    return text;
}

bool cache_write(const char *path, const struct token_owner *o, const struct kept *k, struct err *e)
{
    char print[PRINT];
    char *text = fingerprint(o, print) ? content_of(k, print) : NULL;
    bool ok = text ? file_write_atomic(path, sv_c(text), 0600, e) : err_set(e, ERR_MEMORY, "out of memory");
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
    return ok;
}
