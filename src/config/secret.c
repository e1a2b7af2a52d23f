/* Secrets: the text itself, or where it is. What they say never gets into a message. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/file.h"
#include "base/program.h"
#include "load.h"

/* Without the line end that every editor puts there. */
static sv without_newline(sv s)
{
    if (sv_ends(s, SV("\n")))
        s.n--;
    if (sv_ends(s, SV("\r")))
        s.n--;
    return s;
}

static void note_exposed(struct loader *l, struct place at, sv path, sv file, const struct stat *st)
{
    struct exposed *x = S_ISREG(st->st_mode) && (st->st_mode & S_IROTH) ? arena_alloc(l->a, sizeof *x) : NULL;
    if (x == NULL)
        return;
    *x = (struct exposed){.at = at, .path = path, .file = file, .next = l->exposed};
    l->exposed = x;
}

static bool take_content(struct loader *l, const struct node *node, sv path, const char *file, sv *out)
{
    buf content CLEANUP(buf_free);
    struct err e;
    size_t most = (size_t)l->c->limits.secret_size;
    buf_init(&content, most);
    int fd CLEANUP(fd_cleanup) = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        PROBLEM(l->p, node->at, secret_open, path, sv_c(file), sv_c(strerror(errno)));
        return false;
    }
    struct stat st;
    if (fstat(fd, &st) == 0)
        note_exposed(l, node->at, path, sv_c(file), &st);
    bool ok = file_read_fd(fd, file, &content, &e);
    if (!ok && e.cls == ERR_LIMIT)
        PROBLEM(l->p, node->at, secret_large, path, sv_c(file), NUMBER(most));
    else if (!ok)
        PROBLEM(l->p, node->at, secret_read, path, sv_c(file), sv_c(strerror(errno)));
    *out = ok ? arena_sv(l->a, without_newline(buf_view(&content))) : SV_ABSENT;
    if (content.p)
        explicit_bzero(content.p, content.n);
    return ok;
}

static bool take_file(struct loader *l, const struct node *node, sv path, sv *out)
{
    sv name;
    return take_text(l, node, path, &name) && take_content(l, node, path, full_path(l, name), out);
}

/* What systemd hands to a service by LoadCredential= and SetCredentialEncrypted=, systemd.exec(5). */
static bool take_credential(struct loader *l, const struct node *node, sv path, sv *out)
{
    sv name;
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    if (!take_text(l, node, path, &name))
        return false;
    if (name.n == 0 || sv_find_char(name, '/', 0) != SIZE_MAX)
        PROBLEM(l->p, node->at, credential_name, path, name);
    else if (folder == NULL)
        PROBLEM(l->p, node->at, credential_none, path, name);
    else
        return take_content(l, node, path,
                            arena_cstr(l->a, arena_printf(l->a, "%s/%.*s", folder, SV_ARG(name))), out);
    return false;
}

static bool take_env(struct loader *l, const struct node *node, sv path, sv *out)
{
    sv name;
    if (!take_text(l, node, path, &name))
        return false;
    const char *text = arena_cstr(l->a, name), *value = text ? getenv(text) : NULL;
    if (value == NULL) {
        PROBLEM(l->p, node->at, secret_env, path, name);
        return false;
    }
    *out = arena_sv(l->a, without_newline(sv_c(value)));
    return true;
}

/* Without a shell; the first word is a path, and no search finds it. */
static const sv *take_words(struct loader *l, const struct node *node, sv path)
{
    sv *argv = node->kind == NODE_LIST && node->n ? arena_array(l->a, node->n, sizeof *argv) : NULL;
    if (argv == NULL) {
        PROBLEM(l->p, node->at, secret_command, path);
        return NULL;
    }
    size_t i = 0;
    for (const struct node *word = node->first; word; word = word->next)
        if (!take_text(l, word, path, &argv[i++]))
            return NULL;
    argv[0] = sv_c(full_path(l, argv[0]));
    return argv;
}

static bool take_command(struct loader *l, const struct node *node, sv path, sv *out)
{
    struct err e;
    const sv *argv = take_words(l, node, path);
    if (argv == NULL)
        return false;
    buf content CLEANUP(buf_free);
    buf_init(&content, (size_t)l->c->limits.secret_size);
    bool ok = program_output(argv, node->n, l->c->limits.token_time, &content, &e);
    if (ok)
        *out = arena_sv(l->a, without_newline(buf_view(&content)));
    else
        PROBLEM(l->p, node->at, secret_program, path, argv[0], sv_c(e.msg));
    if (content.p)
        explicit_bzero(content.p, content.n);
    return ok;
}

static bool take_literal(struct loader *l, const struct node *node, sv path, sv *out)
{
    if (node->kind == NODE_LIST || node->kind == NODE_MAP)
        PROBLEM(l->p, node->at, secret_shape, path);
    for (size_t i = 0; i < l->n_files; i++)
        if (l->files[i].path.p == node->at.file.p)
            l->files[i].holds_secret = true;
    struct stat st;
    const char *file = arena_cstr(l->a, node->at.file);
    if (file && stat(file, &st) == 0)
        note_exposed(l, (struct place){.file = node->at.file}, SV_ABSENT, node->at.file, &st);
    *out = node->text;
    return node->kind == NODE_TEXT;
}

static const struct {
    sv key;
    bool (*take)(struct loader *l, const struct node *node, sv path, sv *out);
} ways[] = {{SV_INIT("file"), take_file},
            {SV_INIT("credential"), take_credential},
            {SV_INIT("env"), take_env},
            {SV_INIT("command"), take_command},
            {SV_INIT("literal"), take_literal}};

static bool take_way(struct loader *l, const struct node *map, sv path, sv *out)
{
    const struct node *e = map->first;
    if (map->n == 1 && e->kind == NODE_REFUSED)
        return false;
    sv below = map->n == 1 ? arena_printf(l->a, "%.*s.%.*s", SV_ARG(path), SV_ARG(e->key)) : path;
    for (size_t i = 0; map->n == 1 && i < COUNT_OF(ways); i++)
        if (sv_eq(e->key, ways[i].key))
            return ways[i].take(l, e, below, out);
    PROBLEM(l->p, map->at, secret_shape, path);
    return false;
}

static bool check_secret(struct loader *l, const struct node *node, sv path, sv secret)
{
    bool is_clean = true;
    for (size_t i = 0; i < secret.n; i++)
        is_clean = is_clean && (unsigned char)secret.p[i] >= 0x20 && secret.p[i] != 0x7f;
    if (secret.n == 0)
        PROBLEM(l->p, node->at, secret_empty, path);
    else if (!is_clean)
        PROBLEM(l->p, node->at, secret_lines, path);
    else if (secret.n > l->c->limits.secret_size)
        PROBLEM(l->p, node->at, secret_large, path, SV("it"), NUMBER(l->c->limits.secret_size));
    return secret.n && is_clean && secret.n <= l->c->limits.secret_size;
}

static bool take_any(struct loader *l, const struct node *node, sv path, sv *out)
{
    return node->kind == NODE_MAP ? take_way(l, node, path, out) : take_literal(l, node, path, out);
}

bool take_document(struct loader *l, const struct node *node, sv path, sv *out)
{
    sv document = SV_ABSENT;
    if (!take_any(l, node, path, &document))
        return false;
    if (document.n == 0)
        PROBLEM(l->p, node->at, secret_empty, path);
    else
        *out = document;
    return document.n > 0;
}

bool take_secret(struct loader *l, const struct node *node, sv path, sv *out)
{
    sv secret = SV_ABSENT;
    if (!take_any(l, node, path, &secret) || !check_secret(l, node, path, secret))
        return false;
    *out = secret;
    return true;
}

enum { KEY_LEAST = 16 }; /* octets; RFC 2104 3 discourages shorter ones */

/* The octets of a key, raw or as Standard Webhooks 1.0 writes them. */
static bool take_key(struct loader *l, const struct value *v, sv secret, sv *out)
{
    static const char prefix[] = "whsec_";
    buf key CLEANUP(buf_free);
    buf_init(&key, secret.n);
    *out = secret;
    if (!sv_starts(secret, SV(prefix)))
        return true;
    bool ok = base64_decode(&key, sv_skip(secret, sizeof prefix - 1));
    if (!ok)
        PROBLEM(l->p, v->node->at, key_base64, v->path);
    *out = arena_sv(l->a, buf_view(&key));
    if (key.p)
        explicit_bzero(key.p, key.n);
    return ok;
}

void read_signing_key(struct loader *l, const struct value *v)
{
    sv secret, key;
    if (!take_secret(l, v->node, v->path, &secret) || !take_key(l, v, secret, &key))
        return;
    if (key.n < KEY_LEAST)
        PROBLEM(l->p, v->node->at, key_short, v->path, NUMBER(key.n), NUMBER(KEY_LEAST));
    memcpy(value_field(v), &key, sizeof key);
}
