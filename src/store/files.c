#include "store/files.h"

#include "db.h"

bool store_file(struct store *s, int64_t mailbox, sv path, struct store_file *out, bool *known, struct err *e)
{
    struct query q = query_start(s, SQL_file_get);
    bind_int(&q, mailbox);
    bind_blob(&q, path.p, path.n);
    *known = query_row(&q);
    *out = (struct store_file){.path = path};
    if (*known) {
        out->size = (uint64_t)col_int(&q, 0);
        out->mtime = col_int(&q, 1);
        out->uid = (uint32_t)col_int(&q, 2);
        out->done = col_int(&q, 3) != 0;
    }
    return query_end(&q, e);
}

bool store_files_last(struct store *s, int64_t mailbox, uint32_t *uid, struct err *e)
{
    int64_t last;
    bool found;
    struct query q = query_start(s, SQL_file_last);
    bind_int(&q, mailbox);
    bind_int(&q, STORE_FILES_UIDVALIDITY);
    if (!query_int(&q, &last, &found, e))
        return false;
    *uid = (uint32_t)last;
    return true;
}

bool store_put_file(struct store *s, int64_t mailbox, const struct store_file *file, struct err *e)
{
    if (!tx_need(s, TX_MAILS, e))
        return false;
    struct query q = query_start(s, SQL_file_put);
    bind_int(&q, mailbox);
    bind_blob(&q, file->path.p, file->path.n);
    bind_count(&q, file->size);
    bind_int(&q, file->mtime);
    bind_int(&q, file->uid);
    bind_int(&q, file->done);
    return query_run(&q, e);
}
