#include "store/facts.h"

#include "base/clock.h"
#include "db.h"
#include "evidence.h"
#include "head.h"

/* Decoded values point into each other, so all go at once; between two rows only. */
static void make_room(struct store *s, struct heads *heads)
{
    if (s->decoded.used >= s->decoded.cap / 4 * 3) {
        map_clear(&s->read_names);
        map_clear(&s->read_evidence);
        arena_reset(&s->decoded);
    }
    heads_make_room(heads);
}

static bool read_name(struct store *s, int64_t id, sv *text, struct err *e)
{
    uint64_t known;
    if (map_get(&s->read_names, map_id(&id), &known)) {
        *text = *(const sv *)(uintptr_t)known;
        return true;
    }
    struct query q = query_start(s, SQL_name_text);
    bind_int(&q, id);
    bool found = query_row(&q);
    sv *kept = arena_alloc(&s->decoded, sizeof *kept);
    if (found && kept)
        *kept = arena_sv(&s->decoded, col_text(&q, 0));
    if (!query_end(&q, e))
        return false;
    if (!found)
        return err_set(e, ERR_DAMAGED, "%s: the database is damaged: a name is missing", s->path);
    if (s->decoded.failed || kept == NULL)
        return store_no_memory(s, e);
    map_put(&s->read_names, map_id(&id), (uintptr_t)kept);
    *text = *kept;
    return true;
}

struct reading {
    struct evidence_names base;
    struct store *s;
    struct err *e;
};

static bool text_of(struct evidence_names *self, int64_t id, sv *text)
{
    struct reading *in = (struct reading *)self;
    return read_name(in->s, id, text, in->e);
}

static bool decode_evidence(struct store *s, sv tuple, struct record **out, struct err *e)
{
    struct reading in = {.base = {.text_of = text_of}, .s = s, .e = e};
    *out = arena_alloc(&s->decoded, sizeof **out);
    err_clear(e);
    if (*out && evidence_read(tuple, &in.base, &s->decoded, *out))
        return true;
    if (e->cls != ERR_NONE)
        return false;
    return s->decoded.failed ? store_no_memory(s, e)
                             : err_set(e, ERR_DAMAGED, "%s: the database is damaged: evidence", s->path);
}

/* NULL: failed. */
static const struct record *read_evidence(struct store *s, int64_t id, struct err *e)
{
    uint64_t known;
    if (map_get(&s->read_evidence, map_id(&id), &known))
        return (const struct record *)(uintptr_t)known;
    struct query q = query_start(s, SQL_evidence_tuple);
    bind_int(&q, id);
    struct record *record = NULL;
    bool ok = query_row(&q) ? decode_evidence(s, col_blob(&q, 0), &record, e)
                            : err_set(e, ERR_DAMAGED, "%s: the database is damaged: evidence", s->path);
    struct err why;
    if (!query_end(&q, &why)) {
        *e = why;
        return NULL;
    }
    if (!ok)
        return NULL;
    map_put(&s->read_evidence, map_id(&id), (uintptr_t)record);
    return record;
}

static bool read_ip(sv octets, struct ip *ip)
{
    *ip = (struct ip){.b = {[10] = 0xFF, [11] = 0xFF}};
    if (octets.n == 4)
        memcpy(ip->b + 12, octets.p, 4);
    else if (octets.n == 16)
        memcpy(ip->b, octets.p, 16);
    return octets.n == 4 || octets.n == 16;
}

/* The row's own columns, from the third on: ip, count, disposition, evidence. */
static bool fill_row(struct store *s, struct query *q, const struct head *h, struct row *row, struct err *e)
{
    int64_t disposition = col_int(q, 4);
    sv word = SV_ABSENT;
    struct ip ip;
    if (!read_ip(col_blob(q, 2), &ip))
        return err_set(e, ERR_DAMAGED, "%s: the database is damaged: an address", s->path);
    const struct record *evidence = read_evidence(s, col_int(q, 5), e);
    if (evidence == NULL || (disposition && !read_name(s, disposition, &word, e)))
        return false;
    row->day = col_int(q, 0);
    row->reporter = h->reporter;
    row->trust = h->trust;
    row->policy = h->policy;
    row->record = *evidence;
    row->record.source_ip = ip;
    row->record.count = (uint64_t)col_int(q, 3);
    row->record.disposition = word_read(DISPOSITION_LIST, word);
    return true;
}

/* One reading of rows. why: an error of ours, beside those of the query. */
struct row_reading {
    struct store *s;
    struct heads heads;
    struct row row;
    store_row_fn *fn;
    void *ctx;
    struct err why;
};

/* Of a report. False: the reading is over. */
static bool pass_row(struct row_reading *r, struct query *q)
{
    int64_t report = col_int(q, 1);
    const struct head *h = head_of_report(r->s, &r->heads, report, &r->why);
    if (h == NULL || !h->counted)
        return h != NULL;
    r->row.report = report;
    r->row.begin = h->begin;
    r->row.end = h->end;
    r->row.received = h->received;
    return fill_row(r->s, q, h, &r->row, &r->why) && r->fn(r->ctx, &r->row);
}

/* Of the sums of a day and origin, which stand for a report of that day. */
static bool pass_sum(struct row_reading *r, struct query *q)
{
    enum { DAYS_END = 1 << 20 }; /* no day is as late */
    int64_t day = col_int(q, 0), origin = col_int(q, 1), lag = col_int(q, 6);
    const struct head *h = head_of_origin(r->s, &r->heads, origin, &r->why);
    if (h == NULL)
        return false;
    r->row.report = -(origin * DAYS_END + day);
    r->row.begin = day * DAY_SECONDS;
    r->row.end = r->row.begin + DAY_SECONDS;
    r->row.received = r->row.end + (r->s->in_time && lag > 1 ? 1 : lag) * DAY_SECONDS;
    return fill_row(r->s, q, h, &r->row, &r->why) && r->fn(r->ctx, &r->row);
}

static bool read_rows(struct row_reading *r, enum statement which, int64_t from_day, int64_t to_day,
                      bool (*pass)(struct row_reading *r, struct query *q), bool *more, struct err *e)
{
    struct query q = query_start(r->s, which);
    bind_text(&q, r->row.domain);
    bind_int(&q, from_day);
    bind_int(&q, to_day);
    while (*more && query_row(&q)) {
        make_room(r->s, &r->heads);
        *more = pass(r, &q);
    }
    if (!query_end(&q, e))
        return false;
    if (r->why.cls != ERR_NONE)
        *e = r->why;
    return r->why.cls == ERR_NONE;
}

bool store_rows(struct store *s, sv domain, int64_t from_day, int64_t to_day, store_row_fn *fn, void *ctx,
                struct err *e)
{
    struct row_reading r = {.s = s, .row = {.domain = domain}, .fn = fn, .ctx = ctx};
    bool more = true;
    heads_init(&r.heads, &s->limits);
    bool ok = read_rows(&r, SQL_daily_list, from_day, to_day, pass_sum, &more, e) &&
              read_rows(&r, SQL_fact_list, from_day, to_day, pass_row, &more, e);
    heads_free(&r.heads);
    return ok;
}

/* The rows of a query that was started. */
static bool list_domains(struct store *s, struct query q, arena *a, struct store_domain **out, size_t *n,
                         struct err *e)
{
    size_t room = 64;
    struct store_domain *list = arena_array(a, room, sizeof *list);
    for (*n = 0; list && query_row(&q); ++*n) {
        if (*n == room) {
            struct store_domain *more = arena_array(a, room *= 2, sizeof *more);
            list = more ? memcpy(more, list, *n * sizeof *list) : NULL;
        }
        if (list)
            list[*n] = (struct store_domain){arena_sv(a, col_text(&q, 0)), col_int(&q, 1)};
    }
    *out = list;
    return query_end(&q, e) && (!a->failed || store_no_memory(s, e));
}

bool store_overdue(struct store *s, int64_t now, arena *a, struct store_domain **out, size_t *n,
                   struct err *e)
{
    struct query q = query_start(s, SQL_deadline_list);
    bind_int(&q, now);
    return list_domains(s, q, a, out, n, e);
}

bool store_dirty(struct store *s, arena *a, struct store_domain **out, size_t *n, struct err *e)
{
    return list_domains(s, query_start(s, SQL_dirty_list), a, out, n, e);
}

bool store_domains(struct store *s, arena *a, struct store_domain **out, size_t *n, struct err *e)
{
    return list_domains(s, query_start(s, SQL_domain_list), a, out, n, e);
}

static struct policy_published copy_policy(const struct policy_published *p, arena *a)
{
    struct policy_published to = *p;
    struct word *words[] = {&to.p, &to.sp, &to.np, &to.adkim, &to.aspf, &to.testing, &to.discovery_method};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        words[i]->raw = arena_sv(a, words[i]->raw);
    to.domain = arena_sv(a, p->domain);
    to.pct = arena_sv(a, p->pct);
    to.fo = arena_sv(a, p->fo);
    return to;
}

/* The first that counts, of reports by falling clock. *why: an error of ours, beside those of the query. */
static void read_state(struct store *s, struct query *q, struct heads *heads, arena *a,
                       struct store_domain_state *out, struct err *why)
{
    while (!out->has_policy && query_row(q)) {
        make_room(s, heads);
        const struct head *h = head_of_report(s, heads, col_int(q, 1), why);
        if (h == NULL)
            return;
        if (!h->counted || h->trust.trust == TRUST_failed)
            continue;
        out->clock = col_int(q, 0);
        out->has_policy = true;
        out->verified = h->trust.trust == TRUST_verified;
        out->policy = copy_policy(&h->policy, a);
    }
}

bool store_domain_state(struct store *s, sv domain, arena *a, struct store_domain_state *out, struct err *e)
{
    struct heads heads CLEANUP(heads_free);
    struct err why = {.cls = ERR_NONE};
    heads_init(&heads, &s->limits);
    *out = (struct store_domain_state){.clock = 0};
    struct query q = query_start(s, SQL_domain_state);
    bind_text(&q, domain);
    bind_count(&q, s->limits.future_slack);
    read_state(s, &q, &heads, a, out, &why);
    if (!query_end(&q, e))
        return false;
    if (why.cls != ERR_NONE)
        *e = why;
    return why.cls == ERR_NONE && (!a->failed || store_no_memory(s, e));
}

/* Those whose event clock is not later than `to`, of the list. */
static bool keep_quiet(struct store *s, int64_t to, arena *a, struct store_domain *list, size_t *n,
                       struct err *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        struct store_domain_state state;
        if (!store_domain_state(s, list[i].domain, a, &state, e))
            return false;
        if (state.clock <= to)
            list[kept++] = list[i];
    }
    *n = kept;
    return true;
}

bool store_first_clock(struct store *s, sv domain, int64_t *out, struct err *e)
{
    bool found;
    struct query q = query_start(s, SQL_domain_first);
    bind_text(&q, domain);
    return query_int(&q, out, &found, e);
}

bool store_quiet(struct store *s, int64_t from, int64_t to, arena *a, struct store_domain **out, size_t *n,
                 struct err *e)
{
    struct query q = query_start(s, SQL_quiet_list);
    bind_int(&q, from);
    /* Where somebody knows forged reports, these do not make a domain less quiet. */
    bind_int(&q, s->trust ? INT64_MAX : to);
    return list_domains(s, q, a, out, n, e) && (!s->trust || keep_quiet(s, to, a, *out, n, e));
}

struct day_list {
    arena *a;
    int64_t *p;
    size_t n, room;
};

static void add_day(struct day_list *l, int64_t day)
{
    if (l->n == l->room) {
        int64_t *more = arena_array(l->a, l->room *= 2, sizeof *more);
        l->p = more ? memcpy(more, l->p, l->n * sizeof *l->p) : NULL;
    }
    if (l->p)
        l->p[l->n++] = day;
}

/* Ascending, each once. *why: an error of ours, beside those of the query. */
static void read_days(struct store *s, struct query *q, struct heads *heads, struct day_list *l,
                      struct err *why)
{
    while (l->p && query_row(q)) {
        int64_t day = col_int(q, 0);
        make_room(s, heads);
        const struct head *h = head_of_report(s, heads, col_int(q, 1), why);
        if (h == NULL)
            return;
        if (h->counted && h->trust.trust != TRUST_failed && (l->n == 0 || l->p[l->n - 1] != day))
            add_day(l, day);
    }
}

bool store_report_days(struct store *s, sv domain, int64_t from, arena *a, int64_t **out, size_t *n,
                       struct err *e)
{
    struct heads heads CLEANUP(heads_free);
    struct err why = {.cls = ERR_NONE};
    struct day_list l = {.a = a, .room = 64};
    heads_init(&heads, &s->limits);
    l.p = arena_array(a, l.room, sizeof *l.p);
    struct query q = query_start(s, SQL_quiet_days);
    bind_text(&q, domain);
    bind_int(&q, from);
    read_days(s, &q, &heads, &l, &why);
    *out = l.p;
    *n = l.n;
    if (!query_end(&q, e))
        return false;
    if (why.cls != ERR_NONE)
        *e = why;
    return why.cls == ERR_NONE && (!a->failed || store_no_memory(s, e));
}

bool store_is_undecided(struct store *s, bool *undecided, struct err *e)
{
    struct query q = query_start(s, SQL_meta_get);
    bind_text(&q, SV("config_hash"));
    *undecided = !query_row(&q);
    return query_end(&q, e);
}

bool store_config_changed(struct store *s, const uint8_t hash[32], bool *changed, struct err *e)
{
    struct query q = query_start(s, SQL_meta_get);
    bind_text(&q, SV("config_hash"));
    *changed = !(query_row(&q) && sv_eq(col_blob(&q, 0), sv_of(hash, 32)));
    return query_end(&q, e);
}
