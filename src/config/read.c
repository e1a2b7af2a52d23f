#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/num.h"
#include "config/duration.h"
#include "load.h"

static const char *const channel_types[] = {
#define CHANNEL_TYPE_WORD(id, word) [CHANNEL_##id] = word,
    CHANNEL_TYPES(CHANNEL_TYPE_WORD)
#undef CHANNEL_TYPE_WORD
};

const char *channel_type_word(enum channel_type type)
{
    return type < COUNT_OF(channel_types) ? channel_types[type] : "";
}

static struct place place_of_value(const struct node *node)
{
    return node->text.n == 0 && node->key.p ? node->key_at : node->at;
}

bool take_text(struct loader *l, const struct node *node, sv path, sv *out)
{
    if (node->kind == NODE_REFUSED)
        return false;
    if (node->kind != NODE_TEXT) {
        PROBLEM(l->p, node->at, not_text, path);
        return false;
    }
    if (node->text.n == 0) {
        PROBLEM(l->p, place_of_value(node), no_value, path);
        return false;
    }
    for (size_t i = 0; i < node->text.n; i++) {
        if ((unsigned char)node->text.p[i] < 0x20 || node->text.p[i] == 0x7f) {
            PROBLEM(l->p, node->at, control_character, path);
            return false;
        }
    }
    *out = node->text;
    return true;
}

const char *full_path(struct loader *l, sv path)
{
    bool is_relative = path.n && path.p[0] != '/';
    return arena_cstr(l->a, is_relative && l->folder.n
                                ? arena_printf(l->a, "%.*s%.*s", SV_ARG(l->folder), SV_ARG(path))
                                : path);
}

void read_text(struct loader *l, const struct value *v)
{
    sv text;
    if (take_text(l, v->node, v->path, &text))
        memcpy(value_field(v), &text, sizeof text);
}

void read_path(struct loader *l, const struct value *v)
{
    sv text;
    if (!take_text(l, v->node, v->path, &text))
        return;
    sv path = sv_c(full_path(l, text));
    memcpy(value_field(v), &path, sizeof path);
}

/* A file that is opened later by a library, whose message would not say where its name stands. */
void read_readable(struct loader *l, const struct value *v)
{
    sv text;
    if (!take_text(l, v->node, v->path, &text))
        return;
    const char *path = full_path(l, text);
    if (path == NULL)
        return;
    int fd CLEANUP(fd_cleanup) = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        PROBLEM(l->p, v->node->at, file_unreadable, v->path, sv_c(path), sv_c(strerror(errno)));
    sv full = sv_c(path);
    memcpy(value_field(v), &full, sizeof full);
}

void read_secret(struct loader *l, const struct value *v)
{
    sv secret;
    if (take_secret(l, v->node, v->path, &secret))
        memcpy(value_field(v), &secret, sizeof secret);
}

void read_number(struct loader *l, const struct value *v)
{
    sv text;
    uint64_t n;
    if (!take_text(l, v->node, v->path, &text))
        return;
    if (num_u64(text, (uint64_t)v->key->max, &n) && n >= (uint64_t)v->key->min)
        memcpy(value_field(v), &n, sizeof n);
    else
        PROBLEM(l->p, v->node->at, bad_number, v->path, text, NUMBER((uint64_t)v->key->min),
                NUMBER((uint64_t)v->key->max));
}

static sv duration_text(struct loader *l, int64_t seconds)
{
    buf b;
    buf_init(&b, 64);
    duration_print(seconds, &b);
    sv text = arena_sv(l->a, buf_view(&b));
    buf_free(&b);
    return text;
}

/* The first of these keys that stands in the file; the file itself where none does. */
static struct place place_of(const struct loader *l, const char *const *leaves, size_t n)
{
    const struct node *state = node_get(l->root, SV("state"));
    for (size_t i = 0; i < n && state && state->kind == NODE_MAP; i++) {
        const struct node *leaf = node_get(state, sv_c(leaves[i]));
        if (leaf)
            return leaf->at;
    }
    return l->root->at;
}

/* 0: what was written is no good, which was told. */
void check_keeping(struct loader *l)
{
    static const char *const leaves[] = {"keep_daily", "keep_rows"};
    const struct config *c = l->c;
    if (c->keep_rows == 0 || c->keep_daily == 0)
        return;
    if (c->keep_daily < c->keep_rows)
        PROBLEM(l->p, place_of(l, leaves, COUNT_OF(leaves)), kept_shorter, duration_text(l, c->keep_daily),
                duration_text(l, c->keep_rows));
    else if (c->keep_daily < c->learn)
        PROBLEM(l->p, place_of(l, leaves, 1), kept_unlearnt, duration_text(l, c->keep_daily),
                duration_text(l, c->learn));
}

void read_duration(struct loader *l, const struct value *v)
{
    sv text;
    int64_t seconds;
    if (!take_text(l, v->node, v->path, &text))
        return;
    if (!duration_parse(text, &seconds))
        PROBLEM(l->p, v->node->at, bad_duration, v->path, text);
    else if (seconds < v->key->min && v->key->too_little)
        PROBLEM(l->p, v->node->at, too_little, v->path, text, duration_text(l, v->key->min),
                sv_c(v->key->too_little));
    else if (seconds < v->key->min || seconds > v->key->max)
        PROBLEM(l->p, v->node->at, duration_range, v->path, text, duration_text(l, v->key->min),
                duration_text(l, v->key->max));
    else
        memcpy(value_field(v), &seconds, sizeof seconds);
}

static void read_limit(struct loader *l, const struct node *e)
{
    unsigned n;
    struct err err;
    sv value;
    struct nearest near;
    const struct limit_info *table = limits_table(&n);
    nearest_start(&near, e->key);
    for (unsigned i = 0; i < n; i++)
        nearest_offer(&near, sv_c(table[i].name));
    sv path = arena_printf(l->a, "limits.%.*s", SV_ARG(e->key)), best = nearest_best(&near);
    bool is_known = best.n && sv_eq(best, e->key);
    if (is_known && schema_find("", e->key))
        PROBLEM(l->p, e->key_at, unknown_elsewhere, e->key, SV("limits"), SV("the top level"));
    else if (!is_known && best.n)
        PROBLEM(l->p, e->key_at, unknown_near, e->key, SV("limits"), best);
    else if (!is_known)
        PROBLEM(l->p, e->key_at, unknown_key, e->key, SV("limits"));
    else if (take_text(l, e, path, &value) && !limits_set(&l->c->limits, e->key, value, &err))
        PROBLEM(l->p, e->at, bad_limit, sv_c(err.msg));
}

void read_limits(struct loader *l, const struct value *v)
{
    if (v->node->kind != NODE_MAP) {
        PROBLEM(l->p, v->node->at, not_map, v->path);
        return;
    }
    for (const struct node *e = v->node->first; e; e = e->next)
        if (e->kind != NODE_REFUSED)
            read_limit(l, e);
}

void start_channel(const struct node *node, void *entry)
{
    (void)node;
    ((struct channel_cfg *)entry)->type = CHANNEL_TYPE_END; /* until its key is read */
}

void check_channel(struct loader *l, const struct node *node, sv path, const void *entry)
{
    const struct channel_cfg *c = entry;
    const struct node *user = node_get(node, SV("user")), *oauth2 = node_get(node, SV("oauth2"));
    if (sv_eq(c->name, SV("tenant")))
        PROBLEM(l->p, node->key_at, word_as_name, path, c->name);
    if (c->type == CHANNEL_TEAMS)
        check_teams_url(l, node, path, c->url);
    if (c->type != CHANNEL_EMAIL)
        return;
    if (oauth2 && !user)
        PROBLEM(l->p, node->key_at, oauth_user, path);
    else if (oauth2)
        check_login(l, node, path);
    else if (!user != !node_get(node, SV("password")))
        PROBLEM(l->p, node->key_at, login_pair, path);
}

static sv all_channel_types(struct loader *l)
{
    sv all = SV("");
    for (size_t i = 0; i < COUNT_OF(channel_types); i++)
        all = arena_printf(l->a, "%.*s%s%s", SV_ARG(all), i ? ", " : "", channel_types[i]);
    return all;
}

void read_channel_type(struct loader *l, const struct value *v)
{
    sv text;
    struct nearest near;
    size_t type = 0;
    if (!take_text(l, v->node, v->path, &text))
        return;
    nearest_start(&near, text);
    while (type < COUNT_OF(channel_types) && !sv_eq(text, sv_c(channel_types[type])))
        nearest_offer(&near, sv_c(channel_types[type++]));
    sv best = nearest_best(&near);
    enum channel_type found = (enum channel_type)type;
    if (type < COUNT_OF(channel_types))
        memcpy(value_field(v), &found, sizeof found);
    else if (best.n)
        PROBLEM(l->p, v->node->at, bad_choice_near, v->path, text, all_channel_types(l), best);
    else
        PROBLEM(l->p, v->node->at, bad_choice, v->path, text, all_channel_types(l));
}

static const char *const formats[] = {[FORMAT_NATIVE] = "native", [FORMAT_ALERTMANAGER] = "alertmanager"};

const char *webhook_format_word(enum webhook_format format)
{
    return formats[format];
}

void read_webhook_format(struct loader *l, const struct value *v)
{
    size_t i = take_choice(l, v->node, v->path, formats, COUNT_OF(formats));
    enum webhook_format format = (enum webhook_format)i;
    if (i < COUNT_OF(formats))
        memcpy(value_field(v), &format, sizeof format);
}

static const char *const langs[] = {
#define LANG_WORD(id) #id,
    LANGS(LANG_WORD)
#undef LANG_WORD
};

const char *lang_word(enum lang lang)
{
    return langs[lang - 1];
}

void read_lang(struct loader *l, const struct value *v)
{
    size_t i = take_choice(l, v->node, v->path, langs, COUNT_OF(langs));
    enum lang lang = (enum lang)(i + 1);
    if (i < COUNT_OF(langs))
        memcpy(value_field(v), &lang, sizeof lang);
}
