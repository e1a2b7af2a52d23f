/* What a mailbox is, and what is done to its mails. */
#include "config/duration.h"
#include "load.h"

static const char *const kinds[] = {
    [MAILBOX_IMAP] = "imap", [MAILBOX_MAILDIR] = "maildir", [MAILBOX_FOLDER] = "folder"};

const char *mailbox_kind_word(enum mailbox_kind kind)
{
    return kinds[kind];
}

/* A folder is one of the server where there is a server, else one of this machine. */
void start_mailbox(const struct node *node, void *entry)
{
    struct mailbox_cfg *m = entry;
    if (node_get(node, SV("url")))
        m->kind = MAILBOX_IMAP;
    else if (node_get(node, SV("maildir")))
        m->kind = MAILBOX_MAILDIR;
    else if (node_get(node, SV("folder")) && !node_get(node, SV("user")))
        m->kind = MAILBOX_FOLDER;
}

/* The entry `key` of a map that has nothing else, or NULL. */
static const struct node *only_entry(const struct node *node, const char *key)
{
    bool alone = node->kind == NODE_MAP && node->n == 1;
    return alone ? node_get(node, sv_c(key)) : NULL;
}

/* {move: FOLDER}; false: it is something else. */
static bool take_move(struct loader *l, const struct value *v, sv *folder)
{
    const struct node *move = only_entry(v->node, "move");
    if (move && !take_text(l, move, arena_printf(l->a, "%.*s.move", SV_ARG(v->path)), folder))
        *folder = SV_ABSENT;
    return move;
}

static void take_age(struct loader *l, const struct value *v, const struct node *age, int64_t *seconds)
{
    static const struct key older_than = {.kind = KIND_duration, .max = 36500 * INT64_C(86400)};
    read_duration(l, &(struct value){.key = &older_than,
                                     .node = age,
                                     .path = arena_printf(l->a, "%.*s.delete.older_than", SV_ARG(v->path)),
                                     .base = seconds});
}

static void take_after(struct loader *l, const struct value *v, struct mailbox_cfg *m)
{
    const struct node *delete = only_entry(v->node, "delete");
    const struct node *age = delete ? only_entry(delete, "older_than") : NULL;
    bool is_text = v->node->kind == NODE_TEXT;
    if (is_text && sv_eq(v->node->text, SV("keep"))) {
        m->after = AFTER_KEEP;
    } else if (is_text && sv_eq(v->node->text, SV("seen"))) {
        m->after = AFTER_SEEN;
    } else if (age) {
        m->after = AFTER_DELETE;
        take_age(l, v, age, &m->delete_after);
    } else if (take_move(l, v, &m->after_folder)) {
        m->after = AFTER_MOVE;
    } else {
        PROBLEM(l->p, v->node->at, after_shape, v->path);
    }
}

void read_after(struct loader *l, const struct value *v)
{
    struct mailbox_cfg *m = v->base;
    take_after(l, v, m);
    if (m->kind != MAILBOX_IMAP && m->after != AFTER_KEEP)
        PROBLEM(l->p, v->node->at, after_files, v->path, sv_c(mailbox_kind_word(m->kind)));
}

void read_on_error(struct loader *l, const struct value *v)
{
    struct mailbox_cfg *m = v->base;
    if (!take_move(l, v, &m->on_error_folder))
        PROBLEM(l->p, v->node->at, on_error_shape, v->path);
}

/* INBOX is the one name that knows no capitals (RFC 9051 5.1). */
static bool is_same_folder(sv a, sv b)
{
    return sv_eq(a, b) || (sv_eq_nocase(a, SV("INBOX")) && sv_eq_nocase(b, SV("INBOX")));
}

void check_mailbox(struct loader *l, const struct node *node, sv path, const void *entry)
{
    const struct mailbox_cfg *m = entry;
    const struct {
        const char *key;
        sv folder;
    } targets[] = {{"after", m->after_folder}, {"on_error", m->on_error_folder}};
    if (m->kind == MAILBOX_IMAP)
        check_login(l, node, path);
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        const struct node *target = node_get(node, sv_c(targets[i].key));
        if (target && targets[i].folder.n && is_same_folder(targets[i].folder, m->folder))
            PROBLEM(l->p, target->at, same_folder,
                    arena_printf(l->a, "%.*s.%s.move", SV_ARG(path), targets[i].key), targets[i].folder);
    }
}
