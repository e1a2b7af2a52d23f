#include "mailbox_key.h"

struct store_mailbox_key mailbox_key(const struct mailbox_cfg *cfg)
{
    if (cfg->kind != MAILBOX_IMAP)
        return (struct store_mailbox_key){.folder = cfg->path};
    return (struct store_mailbox_key){
        .host = cfg->host, .port = cfg->port, .user = cfg->user, .folder = cfg->folder};
}

const struct mailbox_cfg *mailbox_of(const struct config *c, const struct store_mailbox_key *key)
{
    for (size_t i = 0; i < c->n_mailboxes; i++) {
        struct store_mailbox_key own = mailbox_key(&c->mailboxes[i]);
        if (sv_eq(own.host, key->host) && own.port == key->port && sv_eq(own.user, key->user) &&
            sv_eq(own.folder, key->folder))
            return &c->mailboxes[i];
    }
    return NULL;
}
