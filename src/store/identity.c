#include "store/identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "evidence.h"

enum { RECORD_HASH = 16 };

static int hash_cmp(const void *a, const void *b)
{
    return memcmp(a, b, RECORD_HASH);
}

static void put_record(buf *out, const struct record *r)
{
    buf_put(out, r->source_ip.b, sizeof r->source_ip.b);
    octets_number(out, r->count);
    octets_text(out, word_text(DISPOSITION_LIST, r->disposition), true);
    evidence_octets(out, r, true);
}

/* The hashes of all records, sorted, into `hashes`. */
static bool hash_records(struct record_cursor *records, buf *hashes, uint64_t *n, struct err *e)
{
    buf octets CLEANUP(buf_free);
    buf_init(&octets, SIZE_MAX);
    struct record r;
    for (*n = 0; records->next(records, &r); ++*n) {
        uint8_t digest[SHA256_SIZE];
        buf_reset(&octets);
        put_record(&octets, &r);
        if (octets.failed || !sha256(buf_view(&octets), digest))
            return err_set(e, ERR_MEMORY, "out of memory over a record of %zu octets", octets.n);
        buf_put(hashes, digest, RECORD_HASH);
        if (hashes->failed)
            return err_set(e, ERR_LIMIT, "more records than can be stored: %zu", (size_t)*n);
    }
    if (hashes->n)
        qsort(hashes->p, hashes->n / RECORD_HASH, RECORD_HASH, hash_cmp);
    return true;
}

static void put_name(buf *out, const struct report *r)
{
    int64_t begin, end;
    report_period(r, &begin, &end);
    octets_text(out, r->email.n ? r->email : r->org_name, true);
    octets_text(out, r->report_id, false);
    octets_text(out, r->domain, true);
    octets_number(out, (uint64_t)begin);
    octets_number(out, (uint64_t)end);
}

static void put_head(buf *out, const struct report *r)
{
    const struct policy_published *p = &r->policy;
    put_name(out, r);
    octets_text(out, r->org_name, true);
    octets_text(out, word_text(POLICY_LIST, p->p), true);
    octets_text(out, word_text(POLICY_LIST, p->sp), true);
    octets_text(out, word_text(POLICY_LIST, p->np), true);
    octets_text(out, word_text(ALIGNMENT_LIST, p->adkim), true);
    octets_text(out, word_text(ALIGNMENT_LIST, p->aspf), true);
    octets_text(out, p->pct, true);
    octets_text(out, p->fo, true);
    octets_text(out, word_text(TESTING_LIST, p->testing), true);
    octets_text(out, word_text(DISCOVERY_LIST, p->discovery_method), true);
}

static bool make_ids(const struct report *r, sv hashes, struct identity *out)
{
    buf octets CLEANUP(buf_free);
    uint8_t digest[SHA256_SIZE];
    struct sha256 h;
    buf_init(&octets, SIZE_MAX);
    put_name(&octets, r);
    if (octets.failed || !sha256(buf_view(&octets), digest))
        return false;
    memcpy(out->set_id, digest, SET_ID_SIZE);
    buf_reset(&octets);
    put_head(&octets, r);
    if (octets.failed || !sha256_start(&h))
        return false;
    sha256_add(&h, octets.p, octets.n);
    sha256_add(&h, hashes.p, hashes.n);
    return sha256_end(&h, out->facts_id);
}

bool identity_of(const struct report *r, struct record_cursor *records, const struct limits *limits,
                 struct identity *out, struct err *e)
{
    buf hashes CLEANUP(buf_free);
    buf_init(&hashes, (size_t)limits->report_rows * RECORD_HASH);
    if (!hash_records(records, &hashes, &out->records, e))
        return false;
    return make_ids(r, buf_view(&hashes), out) || err_set(e, ERR_MEMORY, "out of memory over a report");
}
