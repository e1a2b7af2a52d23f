/* Between the walk over the keys (load.c) and the readers of values (read.c, read_url.c, secret.c). */
#ifndef CONFIG_LOAD_H
#define CONFIG_LOAD_H

#include "base/arena.h"
#include "model/policy.h"
#include "node.h"
#include "problem.h"
#include "schema.h"

struct loader {
    arena *a;
    struct problems *p;
    struct config *c;
    sv folder; /* of the file whose value is read, with its last '/'; empty: the working directory */
    struct config_file *files; /* included ones */
    size_t n_files;
    const struct node *root;
    struct exposed *exposed; /* the newest first */
};

/* A file with a secret that anybody may read: the configuration itself (path absent) or one that it names. */
struct exposed {
    struct place at;
    sv path, file;
    struct exposed *next;
};

/* A value to be read: what it must be, what stands there, its path for messages, and the structure
 * (struct config, or that of the entry) that takes it. */
struct value {
    const struct key *key;
    const struct node *node;
    sv path;
    void *base;
};

/* Each tells what is wrong, and writes only what is right. */
typedef void value_reader(struct loader *l, const struct value *v);
#define KIND_READER(name, words) value_reader read_##name;
KINDS(KIND_READER)
#undef KIND_READER

/* Fills *l->c from l->root; what is wrong is in l->p. */
void load_tree(struct loader *l);

/* A non-empty text without control characters; false when it is none, which was told. */
bool take_text(struct loader *l, const struct node *node, sv path, sv *out) NODISCARD;

/* The secret that the node is or names (config.h: password and its kin); false when told. */
bool take_secret(struct loader *l, const struct node *node, sv path, sv *out) NODISCARD;

/* Reads the keys of a map into base: those that `pattern` has in the schema. */
void load_keys(struct loader *l, const char *pattern, sv path, const struct node *map, void *base);

/* path.key, or key alone at the top level. */
sv load_below(struct loader *l, sv path, sv key);

/* One of words[0 … n-1]; its index, or SIZE_MAX when told. */
size_t take_choice(struct loader *l, const struct node *node, sv path, const char *const *words, size_t n);

/* One word, or a list of words, as bits: `take` gives the place of one, or SIZE_MAX when told. */
typedef size_t take_fn(struct loader *l, const struct node *node, sv path);
uint64_t take_bits(struct loader *l, const struct value *v, take_fn *take);

/* A domain name in comparable form, with `lead` ("." or "*.") kept where it stands before it. */
bool take_domain(struct loader *l, const struct node *node, sv path, sv lead, sv *out) NODISCARD;

/* "19:00-07:00" into a struct span_cfg; false when told. */
bool read_span(struct loader *l, const struct node *item, sv path, void *to) NODISCARD;

void check_sender(struct loader *l, const struct node *node, sv path, const void *entry);
void check_silence(struct loader *l, const struct node *node, sv path, const void *entry);
void check_domain(struct loader *l, const struct node *node, sv path, const void *entry);
const char *sender_kind_word(enum sender_kind kind);

/* The same for a document of several lines, like a key. */
bool take_document(struct loader *l, const struct node *node, sv path, sv *out) NODISCARD;

/* load_keys of v's map; false: it is no map, which was told. */
bool load_map(struct loader *l, const struct value *v, const char *pattern, void *base);

/* One login: password or oauth2. */
void check_login(struct loader *l, const struct node *node, sv path);
const char *mechanism_word(enum oauth_mechanism m);

/* The parts of a mailbox that depend on each other. */
void start_mailbox(const struct node *node, void *entry);
void check_mailbox(struct loader *l, const struct node *node, sv path, const void *entry);
const char *mailbox_kind_word(enum mailbox_kind kind);
/* Of TRUST_IN_EXCHANGE_ONLINE and TRUST_IN_GOOGLE. */
const char *trust_service_word(enum trust_in in);

/* Those of a channel. */
void start_channel(const struct node *node, void *entry);
void check_channel(struct loader *l, const struct node *node, sv path, const void *entry);
const char *channel_type_word(enum channel_type type);
const char *lang_word(enum lang lang);
const char *webhook_format_word(enum webhook_format format);
/* Microsoft has retired the connectors that Teams had at first. */
void check_teams_url(struct loader *l, const struct node *node, sv path, sv url);

/* How long what is stored is kept. */
void check_keeping(struct loader *l);

/* The folder of a file, with its last '/'; empty: the working directory. */
sv folder_of(sv path);

/* path, or folder/path when it is relative; NUL-terminated in the arena. */
const char *full_path(struct loader *l, sv path);

static inline void *value_field(const struct value *v)
{
    return (char *)v->base + v->key->at;
}

#endif
