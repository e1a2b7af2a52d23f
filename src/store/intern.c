#include "intern.h"

#include "evidence.h"

/* The id of the one row with that value, which is made when there is none. */
static bool row_id(struct store *s, enum statement get, enum statement put, sv value, bool is_text,
                   int64_t *id, struct err *e)
{
    bool found;
    struct query q = query_start(s, get);
    is_text ? bind_text(&q, value) : bind_blob(&q, value.p, value.n);
    if (!query_int(&q, id, &found, e) || found)
        return found;
    q = query_start(s, put);
    is_text ? bind_text(&q, value) : bind_blob(&q, value.p, value.n);
    if (!query_run(&q, e))
        return false;
    *id = sqlite3_last_insert_rowid(s->db);
    return true;
}

bool intern_name(struct store *s, sv text, int64_t *id, struct err *e)
{
    uint64_t known;
    *id = 0;
    if (text.p == NULL)
        return true;
    if (map_get(&s->names, text, &known)) {
        *id = (int64_t)known;
        return true;
    }
    if (!row_id(s, SQL_name_id, SQL_name_put, text, true, id, e))
        return false;
    map_put(&s->names, text, (uint64_t)*id);
    return true;
}

struct interning {
    struct evidence_names base;
    struct store *s;
    struct err *e;
};

static int64_t id_of(struct evidence_names *self, sv text)
{
    struct interning *in = (struct interning *)self;
    int64_t id;
    return intern_name(in->s, text, &id, in->e) ? id : -1;
}

static bool intern_new_evidence(struct store *s, const struct record *r, int64_t *id, struct err *e)
{
    buf tuple CLEANUP(buf_free);
    struct interning in = {.base = {.id_of = id_of}, .s = s, .e = e};
    buf_init(&tuple, SIZE_MAX);
    if (!evidence_write(&tuple, r, &in.base))
        return tuple.failed ? err_set(e, ERR_MEMORY, "out of memory over a record") : false;
    return row_id(s, SQL_evidence_id, SQL_evidence_put, buf_view(&tuple), false, id, e);
}

bool intern_evidence(struct store *s, const struct record *r, int64_t *id, struct err *e)
{
    buf octets CLEANUP(buf_free);
    uint64_t known;
    buf_init(&octets, SIZE_MAX);
    evidence_octets(&octets, r, false);
    if (octets.failed)
        return err_set(e, ERR_MEMORY, "out of memory over a record");
    if (map_get(&s->evidence, buf_view(&octets), &known)) {
        *id = (int64_t)known;
        return true;
    }
    if (!intern_new_evidence(s, r, id, e))
        return false;
    map_put(&s->evidence, buf_view(&octets), (uint64_t)*id);
    return true;
}
