#include "store/imports.h"

#include "db.h"

static const sv mark_key = SV_INIT("import");

struct store_mailbox_key store_import_key(void)
{
    return (struct store_mailbox_key){.host = SV(""), .user = SV("import"), .folder = SV("")};
}

bool store_mark_import(struct store *s, struct err *e)
{
    if (!tx_need(s, TX_MAILS, e))
        return false;
    struct query q = query_start(s, SQL_meta_put);
    bind_text(&q, mark_key);
    bind_int(&q, 1);
    return query_run(&q, e);
}

bool store_import_marked(struct store *s, bool *marked, struct err *e)
{
    int64_t value;
    struct query q = query_start(s, SQL_meta_get);
    bind_text(&q, mark_key);
    return query_int(&q, &value, marked, e);
}

bool store_clear_import(struct store *s, struct err *e)
{
    if (!tx_need(s, TX_DECIDE, e))
        return false;
    struct query q = query_start(s, SQL_meta_drop);
    bind_text(&q, mark_key);
    return query_run(&q, e);
}

bool store_is_delivered(struct store *s, sv domain, int64_t from, bool *yes, struct err *e)
{
    const struct store_mailbox_key key = store_import_key();
    int64_t one;
    struct query q = query_start(s, SQL_report_delivered);
    bind_text(&q, domain);
    bind_int(&q, from);
    bind_text(&q, key.user);
    return query_int(&q, &one, yes, e);
}
