#include "store/facts.h"

#include "db.h"
#include "delivery.h"
#include "evidence.h"
#include "model/domain.h"

/* How a report looks in each of its rows. */
struct head {
    bool counted, alone;
    sv set_id;
    struct trust_verdict trust;
    int64_t begin, end, received;
    sv reporter, reporter_domain;
    struct policy_published policy;
};

/* Columns from `at` on, in the order policy_domain, p, sp, np, adkim, aspf, pct, fo, testing,
 * discovery_method; texts copied into a. */
static void read_policy(struct query *q, int at, arena *a, struct policy_published *p)
{
    static const enum word_list lists[] = {POLICY_LIST, POLICY_LIST, POLICY_LIST, ALIGNMENT_LIST,
                                           ALIGNMENT_LIST};
    struct word *words[] = {&p->p, &p->sp, &p->np, &p->adkim, &p->aspf};
    p->domain = arena_sv(a, col_text(q, at++));
    for (size_t i = 0; i < COUNT_OF(words); i++)
        *words[i] = word_read(lists[i], arena_sv(a, col_text(q, at++)));
    p->pct = arena_sv(a, col_text(q, at++));
    p->fo = arena_sv(a, col_text(q, at++));
    p->testing = word_read(TESTING_LIST, arena_sv(a, col_text(q, at++)));
    p->discovery_method = word_read(DISCOVERY_LIST, arena_sv(a, col_text(q, at)));
}

static bool no_memory(struct store *s, struct err *e)
{
    return err_set(e, ERR_MEMORY, "%s: out of memory while reading", s->path);
}

/* Heads live for one reading: which report of a set counts may change after it. */
struct heads {
    struct map map;
    arena mem;
};

static void heads_init(struct heads *h, const struct limits *limits)
{
    map_init(&h->map, (size_t)limits->store_cache / 4);
    arena_init(&h->mem, (size_t)limits->store_cache / 4);
}

static void heads_free(struct heads *h)
{
    map_free(&h->map);
    arena_free(&h->mem);
}

/* Decoded values point into each other, so all go at once; between two rows only. */
static void make_room(struct store *s, struct heads *heads)
{
    if (s->decoded.used >= s->decoded.cap / 4 * 3) {
        map_clear(&s->read_names);
        map_clear(&s->read_evidence);
        arena_reset(&s->decoded);
    }
    if (heads->mem.used >= heads->mem.cap / 4 * 3) {
        map_clear(&heads->map);
        arena_reset(&heads->mem);
    }
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
        return err_set(e, ERR_DISK, "%s: the database is damaged: a name is missing", s->path);
    if (s->decoded.failed || kept == NULL)
        return no_memory(s, e);
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
    return s->decoded.failed ? no_memory(s, e)
                             : err_set(e, ERR_DISK, "%s: the database is damaged: evidence", s->path);
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
                            : err_set(e, ERR_DISK, "%s: the database is damaged: evidence", s->path);
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

static void decode_head(struct query *q, arena *a, struct head *h)
{
    sv org = col_text(q, 5), domain = domain_of_address(col_text(q, 6));
    *h = (struct head){.alone = col_int(q, 1) == 0,
                       .set_id = arena_sv(a, col_blob(q, 0)),
                       .begin = col_int(q, 2),
                       .end = col_int(q, 3),
                       .received = col_int(q, 4)};
    h->reporter = arena_sv(a, org.n ? org : domain);
    h->reporter_domain = domain_fold(a, domain, NULL);
    read_policy(q, 7, a, &h->policy);
}

/* Which report of its set counts, and how far it is to be believed. */
static bool judge_head(struct store *s, struct heads *heads, int64_t report, struct head *h, struct err *e)
{
    uint64_t winner = (uint64_t)report;
    int64_t found;
    if (!delivery_trust(s, report, h->reporter_domain, &heads->mem, &h->trust, e))
        return false;
    if (!h->alone && !map_get(&heads->map, h->set_id, &winner)) {
        if (!delivery_winner(s, h->set_id, h->reporter_domain, &found, e))
            return false;
        winner = (uint64_t)found;
        map_put(&heads->map, h->set_id, winner);
    }
    h->counted = winner == (uint64_t)report;
    return true;
}

/* NULL: failed. */
static const struct head *read_head(struct store *s, struct heads *heads, int64_t report, struct err *e)
{
    uint64_t known;
    if (map_get(&heads->map, map_id(&report), &known))
        return (const struct head *)(uintptr_t)known;
    struct query q = query_start(s, SQL_report_head);
    bind_int(&q, report);
    struct head *h = arena_alloc(&heads->mem, sizeof *h);
    bool found = query_row(&q);
    if (found && h)
        decode_head(&q, &heads->mem, h);
    if (!query_end(&q, e) || (found && h && !judge_head(s, heads, report, h, e)))
        return NULL;
    if (found && !heads->mem.failed) {
        map_put(&heads->map, map_id(&report), (uintptr_t)h);
        return h;
    }
    found ? no_memory(s, e)
          : err_set(e, ERR_DISK, "%s: the database is damaged: a report is missing", s->path);
    return NULL;
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

/* The row of a report that counts. */
static bool fill_row(struct store *s, struct query *q, const struct head *h, struct row *row, struct err *e)
{
    int64_t disposition = col_int(q, 4);
    sv word = SV_ABSENT;
    struct ip ip;
    if (!read_ip(col_blob(q, 2), &ip))
        return err_set(e, ERR_DISK, "%s: the database is damaged: an address", s->path);
    const struct record *evidence = read_evidence(s, col_int(q, 5), e);
    if (evidence == NULL || (disposition && !read_name(s, disposition, &word, e)))
        return false;
    row->day = col_int(q, 0);
    row->report = col_int(q, 1);
    row->reporter = h->reporter;
    row->begin = h->begin;
    row->end = h->end;
    row->received = h->received;
    row->trust = h->trust;
    row->policy = h->policy;
    row->record = *evidence;
    row->record.source_ip = ip;
    row->record.count = (uint64_t)col_int(q, 3);
    row->record.disposition = word_read(DISPOSITION_LIST, word);
    return true;
}

/* *why: an error of ours, beside those of the query. */
static void read_rows(struct store *s, struct query *q, struct heads *heads, sv domain, store_row_fn *fn,
                      void *ctx, struct err *why)
{
    struct row row = {.domain = domain};
    while (query_row(q)) {
        make_room(s, heads);
        const struct head *h = read_head(s, heads, col_int(q, 1), why);
        if (h == NULL)
            return;
        if (h->counted && (!fill_row(s, q, h, &row, why) || !fn(ctx, &row)))
            return;
    }
}

bool store_rows(struct store *s, sv domain, int64_t from_day, int64_t to_day, store_row_fn *fn, void *ctx,
                struct err *e)
{
    struct heads heads CLEANUP(heads_free);
    struct err why = {.cls = ERR_NONE};
    heads_init(&heads, &s->limits);
    struct query q = query_start(s, SQL_fact_list);
    bind_text(&q, domain);
    bind_int(&q, from_day);
    bind_int(&q, to_day);
    read_rows(s, &q, &heads, domain, fn, ctx, &why);
    if (!query_end(&q, e))
        return false;
    if (why.cls != ERR_NONE)
        *e = why;
    return why.cls == ERR_NONE;
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
    return query_end(&q, e) && (!a->failed || no_memory(s, e));
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
        const struct head *h = read_head(s, heads, col_int(q, 1), why);
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
    return why.cls == ERR_NONE && (!a->failed || no_memory(s, e));
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
        const struct head *h = read_head(s, heads, col_int(q, 1), why);
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
    return why.cls == ERR_NONE && (!a->failed || no_memory(s, e));
}

bool store_config_changed(struct store *s, const uint8_t hash[32], bool *changed, struct err *e)
{
    struct query q = query_start(s, SQL_meta_get);
    bind_text(&q, SV("config_hash"));
    *changed = !(query_row(&q) && sv_eq(col_blob(&q, 0), sv_of(hash, 32)));
    return query_end(&q, e);
}
