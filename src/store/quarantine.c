#include "quarantine.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/attr.h"

/* Octets of all copies: a sum over the table for each mail would make a flood of them quadratic. */
static const char kept_key[] = "quarantine_kept";

bool quarantine_put(struct store *s, const struct quarantined *what, struct err *e)
{
    struct query q = query_start(s, SQL_quarantine_put);
    bind_int(&q, what->mail);
    what->document < 0 ? bind_null(&q) : bind_int(&q, what->document);
    bind_text(&q, what->member);
    bind_text(&q, sv_c(reject_code(what->reason)));
    bind_text(&q, what->detail);
    bind_int(&q, what->since);
    return query_run(&q, e);
}

static bool add_kept(struct store *s, int64_t octets, struct err *e)
{
    struct query q = query_start(s, SQL_meta_add);
    bind_text(&q, sv_c(kept_key));
    bind_int(&q, octets);
    return query_run(&q, e);
}

static bool drop_copy(struct store *s, int64_t mail, int64_t octets, struct err *e)
{
    struct query q = query_start(s, SQL_raw_drop);
    bind_int(&q, mail);
    return query_run(&q, e) && add_kept(s, -octets, e);
}

/* Drops the oldest copies until `more` octets have room. */
static bool make_room(struct store *s, size_t more, struct err *e)
{
    for (;;) {
        int64_t kept;
        bool found;
        struct query q = query_start(s, SQL_meta_get);
        bind_text(&q, sv_c(kept_key));
        if (!query_int(&q, &kept, &found, e))
            return false;
        if ((uint64_t)kept + more <= s->limits.quarantine_total)
            return true;
        q = query_start(s, SQL_raw_oldest);
        found = query_row(&q);
        int64_t mail = found ? col_int(&q, 0) : 0, octets = found ? col_int(&q, 1) : 0;
        if (!query_end(&q, e))
            return false;
        if (!found)
            return true;
        if (!drop_copy(s, mail, octets, e))
            return false;
    }
}

/* Deflated octets by malloc, *n their number; NULL when more than max would come out. */
static unsigned char *deflated(sv in, size_t max, size_t *n)
{
    z_stream z = {.next_in = (z_const Bytef *)(uintptr_t)in.p, .avail_in = (uInt)in.n};
    unsigned char *out = in.n > UINT_MAX ? NULL : malloc(max);
    if (out == NULL || deflateInit(&z, Z_DEFAULT_COMPRESSION) != Z_OK) {
        free(out);
        return NULL;
    }
    z.next_out = out;
    z.avail_out = (uInt)max;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    *n = max - z.avail_out;
    (void)deflateEnd(&z);
    if (whole)
        return out;
    free(out);
    return NULL;
}

static bool put_copy(struct store *s, int64_t mail, size_t size, const unsigned char *bytes, size_t n,
                     struct err *e)
{
    struct query q = query_start(s, SQL_raw_put);
    bind_int(&q, mail);
    bind_count(&q, size);
    bind_blob(&q, bytes, n);
    return query_run(&q, e) && add_kept(s, (int64_t)n, e);
}

/* "message/feedback-report", "Feedback-Type:". A reader that died or stopped early has not told what lies in
 * a mail; its own words do. In base64 there is no hyphen, so this costs nothing. */
static bool names_feedback(sv mail)
{
    static const sv before = SV_INIT("feedback"), behind[] = {SV_INIT("-report"), SV_INIT("-type")};
    for (size_t at = 0; (at = sv_find_char(mail, '-', at)) != SIZE_MAX; at++) {
        if (at < before.n || !sv_starts_nocase(sv_skip(mail, at - before.n), before))
            continue;
        for (size_t i = 0; i < COUNT_OF(behind); i++)
            if (sv_starts_nocase(sv_skip(mail, at), behind[i]))
                return true;
    }
    return false;
}

bool quarantine_keep(struct store *s, int64_t mail, sv bytes, struct err *e)
{
    size_t n, max = (size_t)s->limits.quarantine_mail;
    if (s->limits.quarantine_total < max)
        max = (size_t)s->limits.quarantine_total;
    unsigned char *packed = bytes.p && !names_feedback(bytes) ? deflated(bytes, max, &n) : NULL;
    if (packed == NULL)
        return true;
    bool ok = make_room(s, n, e) && put_copy(s, mail, bytes.n, packed, n, e);
    free(packed);
    return ok;
}

bool quarantine_drop(struct store *s, int64_t mail, int64_t *since, struct err *e)
{
    int64_t octets;
    bool found;
    struct query q = query_start(s, SQL_quarantine_since);
    bind_int(&q, mail);
    if (query_row(&q) && !col_null(&q, 0))
        *since = col_int(&q, 0);
    if (!query_end(&q, e))
        return false;
    q = query_start(s, SQL_quarantine_drop);
    bind_int(&q, mail);
    if (!query_run(&q, e))
        return false;
    q = query_start(s, SQL_raw_size);
    bind_int(&q, mail);
    return query_int(&q, &octets, &found, e) && (!found || drop_copy(s, mail, octets, e));
}
