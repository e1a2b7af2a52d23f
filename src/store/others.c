#include "others.h"

#include "base/sha256.h"
#include "evidence.h"

static bool hash_of(const buf *octets, uint8_t id[SHA256_SIZE], struct err *e)
{
    return (!octets->failed && sha256(buf_view(octets), id)) ||
           err_set(e, ERR_MEMORY, "out of memory over a report of %zu octets", octets->n);
}

static void octets_time(buf *out, bool has, int64_t t)
{
    octets_number(out, has);
    octets_number(out, has ? (uint64_t)t : 0);
}

static void octets_policy(buf *out, const struct tls_policy *p)
{
    octets_text(out, p->type, true);
    octets_text(out, p->domain, true);
    octets_number(out, p->ok);
    octets_number(out, p->failed);
    octets_number(out, p->n_failures);
    for (size_t i = 0; i < p->n_failures; i++) {
        const struct tls_failure *f = &p->failures[i];
        octets_text(out, f->result_type, true);
        octets_time(out, f->has_sessions, (int64_t)f->sessions);
        octets_text(out, f->sending_mta_ip, true);
        octets_text(out, f->receiving_mx_hostname, true);
        octets_text(out, f->receiving_ip, true);
        octets_text(out, f->failure_reason_code, false);
    }
}

static bool identify_tls(const struct tlsrpt *r, uint8_t id[SHA256_SIZE], struct err *e)
{
    buf octets CLEANUP(buf_free);
    buf_init(&octets, SIZE_MAX);
    octets_text(&octets, r->org_name, true);
    octets_text(&octets, r->email, true);
    octets_text(&octets, r->report_id, false);
    octets_time(&octets, r->has_begin, r->begin);
    octets_time(&octets, r->has_end, r->end);
    for (size_t i = 0; i < r->n_policies; i++)
        octets_policy(&octets, &r->policies[i]);
    return hash_of(&octets, id, e);
}

static void bind_time(struct query *q, bool has, int64_t t)
{
    has ? bind_int(q, t) : bind_null(q);
}

/* *new_row: the row that was made, or 0 when its facts were there before. */
static bool put_once(struct query *q, int64_t *new_row, struct store_put *put, struct err *e)
{
    sqlite3 *db = q->s->db;
    if (!query_run(q, e))
        return false;
    bool made = sqlite3_changes(db) > 0;
    *new_row = made ? sqlite3_last_insert_rowid(db) : 0;
    put->reports_new += made;
    put->reports_known += !made;
    return true;
}

static bool put_tls_head(struct store *s, const struct arrival *how, const struct tlsrpt *r, int64_t *row,
                         struct store_put *put, struct err *e)
{
    uint8_t id[SHA256_SIZE];
    char notes[NOTES_TEXT];
    if (!identify_tls(r, id, e))
        return false;
    struct query q = query_start(s, SQL_tls_report_put);
    bind_blob(&q, id, sizeof id);
    bind_int(&q, how->mail);
    bind_int(&q, how->received);
    bind_text(&q, r->org_name);
    bind_text(&q, r->email);
    bind_text(&q, r->report_id);
    bind_time(&q, r->has_begin, r->begin);
    bind_time(&q, r->has_end, r->end);
    bind_text(&q, report_notes_text(&r->notes, notes));
    return put_once(&q, row, put, e);
}

static bool put_tls_failure(struct store *s, int64_t row, size_t policy, size_t n,
                            const struct tls_failure *f, struct err *e)
{
    struct query q = query_start(s, SQL_tls_failure_put);
    bind_int(&q, row);
    bind_count(&q, policy);
    bind_count(&q, n);
    bind_text(&q, f->result_type);
    bind_time(&q, f->has_sessions, (int64_t)f->sessions);
    bind_text(&q, f->sending_mta_ip);
    bind_text(&q, f->receiving_mx_hostname);
    bind_text(&q, f->receiving_ip);
    bind_text(&q, f->failure_reason_code);
    return query_run(&q, e);
}

static bool put_tls_policy(struct store *s, int64_t row, size_t n, const struct tls_policy *p, struct err *e)
{
    struct query q = query_start(s, SQL_tls_policy_put);
    bind_int(&q, row);
    bind_count(&q, n);
    bind_text(&q, p->type);
    bind_text(&q, p->domain);
    bind_count(&q, p->ok);
    bind_count(&q, p->failed);
    bind_text(&q, p->text);
    if (!query_run(&q, e))
        return false;
    for (size_t i = 0; i < p->n_failures; i++)
        if (!put_tls_failure(s, row, n, i, &p->failures[i], e))
            return false;
    return true;
}

bool tlsrpt_put(struct store *s, const struct arrival *how, const struct tlsrpt *r, struct store_put *put,
                struct err *e)
{
    int64_t row;
    if (!put_tls_head(s, how, r, &row, put, e))
        return false;
    for (size_t i = 0; row && i < r->n_policies; i++)
        if (!put_tls_policy(s, row, i, &r->policies[i], e))
            return false;
    return true;
}

static bool identify_failure(const struct failure_report *f, uint8_t id[SHA256_SIZE], struct err *e)
{
    const sv texts[] = {f->feedback_type,      f->auth_failure, f->reported_domain, f->delivery_result,
                        f->identity_alignment, f->dkim_domain,  f->dkim_identity,   f->dkim_selector,
                        f->header_from_domain, f->message_id};
    buf octets CLEANUP(buf_free);
    buf_init(&octets, SIZE_MAX);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        octets_text(&octets, texts[i], false);
    octets_number(&octets, f->has_source_ip);
    if (f->has_source_ip)
        buf_put(&octets, f->source_ip.b, sizeof f->source_ip.b);
    octets_time(&octets, f->has_arrival, f->arrival);
    octets_number(&octets, f->incidents);
    return hash_of(&octets, id, e);
}

static void bind_ip(struct query *q, bool has, const struct ip *ip)
{
    bool v4 = ip_is_v4(ip);
    has ? bind_blob(q, ip->b + (v4 ? 12 : 0), v4 ? 4 : 16) : bind_null(q);
}

bool failure_put(struct store *s, const struct arrival *how, const struct failure_report *f,
                 struct store_put *put, struct err *e)
{
    uint8_t id[SHA256_SIZE];
    char notes[NOTES_TEXT];
    int64_t row;
    if (!identify_failure(f, id, e))
        return false;
    struct query q = query_start(s, SQL_failure_report_put);
    bind_blob(&q, id, sizeof id);
    bind_int(&q, how->mail);
    bind_int(&q, how->received);
    bind_text(&q, f->feedback_type);
    bind_text(&q, f->auth_failure);
    bind_ip(&q, f->has_source_ip, &f->source_ip);
    bind_text(&q, f->reported_domain);
    bind_time(&q, f->has_arrival, f->arrival);
    bind_text(&q, f->delivery_result);
    bind_text(&q, f->identity_alignment);
    bind_text(&q, f->dkim_domain);
    bind_text(&q, f->dkim_identity);
    bind_text(&q, f->dkim_selector);
    bind_count(&q, f->incidents);
    bind_text(&q, f->header_from_domain);
    bind_text(&q, f->message_id);
    bind_text(&q, report_notes_text(&f->notes, notes));
    return put_once(&q, &row, put, e);
}
