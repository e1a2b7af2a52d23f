#include "trust.h"

#include "judge/trust.h"
#include "mailbox_key.h"
#include "store/facts.h"

struct trusted_mailbox {
    int64_t id; /* in the store */
    const struct trust_cfg *trust;
    struct trust_hosts hosts;
};

struct trusted_mailboxes {
    struct trusted_mailbox *p;
    size_t n;
};

static void answer(void *ctx, const struct store_origin *origin, struct trust_verdict *out)
{
    const struct trusted_mailboxes *m = ctx;
    *out = (struct trust_verdict){.trust = TRUST_unknown};
    for (size_t i = 0; i < m->n; i++)
        if (m->p[i].id == origin->mailbox)
            judge_trust(m->p[i].trust, &m->p[i].hosts, &origin->mail, origin->reporter, out);
}

bool trust_answer(struct store *s, const struct config *c, arena *a, struct err *e)
{
    struct trusted_mailboxes *m = arena_alloc(a, sizeof *m);
    struct trusted_mailbox *p = arena_array(a, c->n_mailboxes, sizeof *p);
    if (m == NULL || p == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    m->p = p;
    for (size_t i = 0; i < c->n_mailboxes; i++) {
        const struct mailbox_cfg *cfg = &c->mailboxes[i];
        struct store_mailbox_key key = mailbox_key(cfg);
        if (cfg->trust.in == TRUST_IN_NOBODY)
            continue;
        p[m->n].trust = &cfg->trust;
        judge_trust_hosts(cfg, a, &p[m->n].hosts);
        if (!store_mailbox_id(s, &key, &p[m->n].id, e))
            return false;
        m->n += p[m->n].id != 0;
    }
    store_ask_trust(s, m->n > 0 ? answer : NULL, m);
    return true;
}
