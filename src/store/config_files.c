#include "store/config_files.h"

#include <stdlib.h>

#include "base/buf.h"
#include "db.h"

enum { KEY_MAX = 8192 };

static void put_key(buf *key, sv path)
{
    buf_init(key, KEY_MAX);
    buf_puts(key, "config_file:");
    buf_sv(key, path);
}

bool store_config_file(struct store *s, sv path, arena *a, sv *text, struct err *e)
{
    buf key CLEANUP(buf_free);
    put_key(&key, path);
    struct query q = query_start(s, SQL_meta_get);
    bind_text(&q, buf_view(&key));
    *text = query_row(&q) ? arena_sv(a, col_text(&q, 0)) : SV_ABSENT;
    return query_end(&q, e);
}

bool store_keep_config_file(struct store *s, sv path, sv text, struct err *e)
{
    buf key CLEANUP(buf_free);
    put_key(&key, path);
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    struct query q = query_start(s, SQL_meta_put);
    bind_text(&q, buf_view(&key));
    bind_text(&q, text);
    return query_run(&q, e) && tx_commit(s, e);
}
