#include "learning.h"

#include "base/arena.h"
#include "load_config.h"
#include "store/facts.h"

bool learning_find(struct store *s, const struct config *c, uint64_t *n, int64_t *until, struct err *e)
{
    arena a;
    bool ok = true;
    arena_init(&a, CONFIG_MEMORY);
    *n = 0;
    *until = 0;
    for (size_t i = 0; ok && i < c->n_domains; i++) {
        struct store_domain_state state;
        int64_t first = 0;
        arena_reset(&a);
        ok = store_domain_state(s, c->domains[i].name, &a, &state, e) &&
             store_first_clock(s, c->domains[i].name, &first, e);
        if (!ok || state.clock == 0 || state.clock - first >= c->learn)
            continue;
        ++*n;
        *until = first + c->learn > *until ? first + c->learn : *until;
    }
    arena_free(&a);
    return ok;
}
