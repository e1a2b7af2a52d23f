#include "store/digests.h"

#include "db.h"

bool store_report_count(struct store *s, sv domain, int64_t from, uint64_t *out, struct err *e)
{
    int64_t n;
    bool found;
    struct query q = query_start(s, SQL_report_count);
    bind_text(&q, domain);
    bind_int(&q, from);
    bool ok = query_int(&q, &n, &found, e);
    *out = ok ? (uint64_t)n : 0;
    return ok;
}

bool store_last_digest(struct store *s, int64_t *at, bool *known, struct err *e)
{
    struct query q = query_start(s, SQL_meta_get);
    bind_text(&q, SV("digest"));
    return query_int(&q, at, known, e);
}

bool store_set_digest(struct store *s, int64_t at, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_meta_put);
    bind_text(&q, SV("digest"));
    bind_int(&q, at);
    return query_run(&q, e);
}
