#include "store/digests.h"

#include "base/buf.h"
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

/* "digest", or "digest of TENANT". */
static bool put_key(struct store *s, sv tenant, buf *key, struct err *e)
{
    buf_puts(key, tenant.n ? "digest of " : "digest");
    buf_sv(key, tenant);
    return !key->failed || err_set(e, ERR_MEMORY, "%s: out of memory over a digest", s->path);
}

bool store_last_digest(struct store *s, sv tenant, int64_t *at, bool *known, struct err *e)
{
    buf key CLEANUP(buf_free);
    buf_init(&key, KIB(1));
    if (!put_key(s, tenant, &key, e))
        return false;
    struct query q = query_start(s, SQL_meta_get);
    bind_text(&q, buf_view(&key));
    return query_int(&q, at, known, e);
}

bool store_set_digest(struct store *s, sv tenant, int64_t at, struct err *e)
{
    buf key CLEANUP(buf_free);
    buf_init(&key, KIB(1));
    if (!tx_need(s, TX_DECIDE, e) || !put_key(s, tenant, &key, e))
        return false;
    struct query q = query_start(s, SQL_meta_put);
    bind_text(&q, buf_view(&key));
    bind_int(&q, at);
    return query_run(&q, e);
}
