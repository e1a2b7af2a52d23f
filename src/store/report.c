#include "report.h"

#include "base/clock.h"
#include "intern.h"
#include "model/domain.h"
#include "spread.h"
#include "store/identity.h"

struct new_report {
    const struct report *report;
    struct identity id;
    int64_t domain, row;
    int64_t begin, end;
    struct spread spread;
};

static bool is_intact(struct store_documents *docs, struct err *e)
{
    return docs->intact == NULL || docs->intact(docs, e);
}

static bool identify(struct store *s, struct store_documents *docs, struct record_cursor *records,
                     struct new_report *r, struct err *e)
{
    records->rewind(records);
    if (!identity_of(r->report, records, &s->limits, &r->id, e) || !is_intact(docs, e))
        return false;
    if (r->id.records != r->report->records)
        return err_set(e, ERR_BUG, "a report tells of %llu records and has %llu",
                       (unsigned long long)r->report->records, (unsigned long long)r->id.records);
    return true;
}

static bool find_report(struct store *s, struct new_report *r, bool *found, struct err *e)
{
    struct query q = query_start(s, SQL_seen_get);
    bind_blob(&q, r->id.facts_id, sizeof r->id.facts_id);
    return query_int(&q, &r->row, found, e);
}

/* A new delivery may make a known report more trusted, and so another one of its set count, which is of the
 * same domain and period: the domain is worth another look, unless one like it was there already. */
static bool mark_dirty(struct store *s, const struct arrival *how, int64_t report, struct err *e)
{
    struct query q = query_start(s, SQL_dirty_report);
    bind_int(&q, report);
    bind_int(&q, how->mail);
    return query_run(&q, e);
}

static bool put_delivery(struct store *s, const struct arrival *how, int64_t report, sv member, struct err *e)
{
    struct query q = query_start(s, SQL_delivery_put);
    bind_int(&q, report);
    bind_int(&q, how->mail);
    bind_text(&q, member);
    return query_run(&q, e) && mark_dirty(s, how, report, e);
}

static bool intern_domain(struct store *s, sv domain, int64_t *id, struct err *e)
{
    arena a CLEANUP(arena_free);
    arena_init(&a, KIB(64));
    sv folded = domain_fold(&a, domain.p ? domain : SV(""), NULL);
    return folded.p ? intern_name(s, folded, id, e)
                    : err_set(e, ERR_BUG, "the policy domain of a report is %zu octets long", domain.n);
}

static void bind_claim(struct query *q, bool has, int64_t t)
{
    has ? bind_int(q, t) : bind_null(q);
}

static void bind_policy(struct query *q, const struct policy_published *p)
{
    bind_text(q, p->domain);
    bind_text(q, word_text(POLICY_LIST, p->p));
    bind_text(q, word_text(POLICY_LIST, p->sp));
    bind_text(q, word_text(POLICY_LIST, p->np));
    bind_text(q, word_text(ALIGNMENT_LIST, p->adkim));
    bind_text(q, word_text(ALIGNMENT_LIST, p->aspf));
    bind_text(q, p->pct);
    bind_text(q, p->fo);
    bind_text(q, word_text(TESTING_LIST, p->testing));
    bind_text(q, word_text(DISCOVERY_LIST, p->discovery_method));
}

sv report_notes_text(const struct note_set *notes, char out[NOTES_TEXT])
{
    size_t n = 0;
    for (int i = 0; i < NOTE_END; i++) {
        const char *code = note_code((enum note)i);
        size_t len = strlen(code);
        if (!note_has(notes, (enum note)i) || n + len + 1 > NOTES_TEXT)
            continue;
        if (n)
            out[n++] = ' ';
        memcpy(out + n, code, len);
        n += len;
    }
    return sv_of(out, n);
}

static bool put_head(struct store *s, const struct arrival *how, struct new_report *r, struct err *e)
{
    const struct report *from = r->report;
    char notes[NOTES_TEXT];
    struct query q = query_start(s, SQL_report_put);
    bind_blob(&q, r->id.set_id, sizeof r->id.set_id);
    bind_int(&q, r->domain);
    bind_int(&q, how->received);
    bind_int(&q, r->end < how->received ? r->end : how->received);
    bind_int(&q, r->begin);
    bind_int(&q, r->end);
    bind_int(&q, r->spread.first_day);
    bind_claim(&q, from->has_begin, from->begin);
    bind_claim(&q, from->has_end, from->end);
    bind_int(&q, from->dialect == DIALECT_RFC9990 ? 9990 : 7489);
    bind_text(&q, from->version);
    bind_text(&q, from->org_name);
    bind_text(&q, from->email);
    bind_text(&q, from->extra_contact_info);
    bind_text(&q, from->report_id);
    bind_text(&q, from->generator);
    bind_policy(&q, &from->policy);
    bind_text(&q, report_notes_text(&from->notes, notes));
    bind_count(&q, from->records);
    bind_count(&q, from->records_raw);
    bind_count(&q, from->messages);
    bind_count(&q, from->dmarc_fail_messages);
    if (!query_run(&q, e))
        return false;
    r->row = sqlite3_last_insert_rowid(s->db);
    return true;
}

static bool put_errors(struct store *s, const struct new_report *r, struct err *e)
{
    for (size_t i = 0; i < r->report->n_errors; i++) {
        struct query q = query_start(s, SQL_report_error_put);
        bind_int(&q, r->row);
        bind_int(&q, (int64_t)i);
        bind_text(&q, r->report->errors[i]);
        if (!query_run(&q, e))
            return false;
    }
    return true;
}

static bool put_seen(struct store *s, const struct arrival *how, const struct new_report *r, struct err *e)
{
    struct query q = query_start(s, SQL_seen_put);
    bind_blob(&q, r->id.facts_id, sizeof r->id.facts_id);
    bind_blob(&q, r->id.set_id, sizeof r->id.set_id);
    bind_int(&q, how->received);
    bind_int(&q, r->row);
    return query_run(&q, e);
}

static bool put_fact(struct store *s, const struct new_report *r, int64_t n, const struct record *record,
                     struct err *e)
{
    int64_t disposition, evidence;
    if (!intern_name(s, word_text(DISPOSITION_LIST, record->disposition), &disposition, e) ||
        !intern_evidence(s, record, &evidence, e))
        return false;
    bool v4 = ip_is_v4(&record->source_ip);
    for (int64_t day = r->spread.first_day; day <= r->spread.last_day; day++) {
        uint64_t share = spread_share(&r->spread, record->count, day);
        if (share == 0)
            continue;
        struct query q = query_start(s, SQL_fact_put);
        bind_int(&q, r->domain);
        bind_int(&q, day);
        bind_int(&q, r->row);
        bind_int(&q, n);
        bind_blob(&q, record->source_ip.b + (v4 ? 12 : 0), v4 ? 4 : 16);
        bind_count(&q, share);
        disposition ? bind_int(&q, disposition) : bind_null(&q);
        bind_int(&q, evidence);
        if (!query_run(&q, e))
            return false;
    }
    return true;
}

static bool put_facts(struct store *s, struct store_documents *docs, struct record_cursor *records,
                      const struct new_report *r, struct err *e)
{
    struct record record;
    records->rewind(records);
    for (int64_t n = 0; records->next(records, &record); n++)
        if (!put_fact(s, r, n, &record, e))
            return false;
    return is_intact(docs, e);
}

static bool count_conflict(struct store *s, const struct new_report *r, struct store_put *put, struct err *e)
{
    struct query q = query_start(s, SQL_seen_others);
    bind_blob(&q, r->id.set_id, sizeof r->id.set_id);
    bind_int(&q, r->row);
    put->reports_conflicting += query_row(&q);
    return query_end(&q, e);
}

bool report_put(struct store *s, const struct arrival *how, struct store_documents *docs, size_t i,
                struct store_put *put, struct err *e)
{
    const struct document *document = docs->document(docs, i);
    struct record_cursor *records = docs->records(docs, i);
    struct new_report r = {.report = &document->report};
    bool known;
    if (!identify(s, docs, records, &r, e) || !find_report(s, &r, &known, e))
        return false;
    put->reports_known += known;
    put->reports_new += !known;
    if (known) /* one that has become daily sums since needs no witness any more */
        return r.row < 0 || put_delivery(s, how, r.row, document->member, e);
    report_period(r.report, &r.begin, &r.end);
    r.spread = spread_of(r.begin, r.end, s->limits.report_days);
    return intern_domain(s, r.report->domain, &r.domain, e) && put_head(s, how, &r, e) &&
           put_errors(s, &r, e) && put_seen(s, how, &r, e) &&
           put_delivery(s, how, r.row, document->member, e) && put_facts(s, docs, records, &r, e) &&
           count_conflict(s, &r, put, e);
}
