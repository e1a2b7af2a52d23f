#include "head.h"

#include "delivery.h"
#include "evidence.h"
#include "model/domain.h"

bool store_no_memory(struct store *s, struct err *e)
{
    return err_set(e, ERR_MEMORY, "%s: out of memory while reading", s->path);
}

void heads_init(struct heads *h, const struct limits *limits)
{
    map_init(&h->map, (size_t)limits->store_cache / 4);
    arena_init(&h->mem, (size_t)limits->store_cache / 4);
}

void heads_free(struct heads *h)
{
    map_free(&h->map);
    arena_free(&h->mem);
}

void heads_make_room(struct heads *h)
{
    if (h->mem.used < h->mem.cap / 4 * 3)
        return;
    map_clear(&h->map);
    arena_reset(&h->mem);
}

/* The words of a policy, in the order that both stored forms have. */
struct policy_words {
    struct word *w[7];
    enum word_list list[7];
};

static struct policy_words words_of(struct policy_published *p)
{
    return (struct policy_words){
        {&p->p, &p->sp, &p->np, &p->adkim, &p->aspf, &p->testing, &p->discovery_method},
        {POLICY_LIST, POLICY_LIST, POLICY_LIST, ALIGNMENT_LIST, ALIGNMENT_LIST, TESTING_LIST,
         DISCOVERY_LIST}};
}

/* Columns from `at` on, in the order policy_domain, p, sp, np, adkim, aspf, pct, fo, testing,
 * discovery_method; texts copied into a. */
static void read_policy(struct query *q, int at, arena *a, struct policy_published *p)
{
    const struct policy_words words = words_of(p);
    p->domain = arena_sv(a, col_text(q, at++));
    for (size_t i = 0; i < COUNT_OF(words.w); i++) {
        if (words.w[i] == &p->testing) {
            p->pct = arena_sv(a, col_text(q, at++));
            p->fo = arena_sv(a, col_text(q, at++));
        }
        *words.w[i] = word_read(words.list[i], arena_sv(a, col_text(q, at++)));
    }
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

const struct head *head_of_report(struct store *s, struct heads *heads, int64_t report, struct err *e)
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
    found ? store_no_memory(s, e)
          : err_set(e, ERR_DAMAGED, "%s: the database is damaged: a report is missing", s->path);
    return NULL;
}

/* ---- origins ---- */

static void put_word(buf *out, enum word_list list, struct word w)
{
    octets_text(out, word_text(list, w), false);
}

static void write_origin(const struct head *h, buf *out)
{
    struct policy_published policy = h->policy;
    const struct policy_words words = words_of(&policy);
    octets_number(out, h->trust.trust);
    octets_number(out, h->trust.sender);
    octets_text(out, h->trust.domain, false);
    octets_text(out, h->reporter, false);
    octets_text(out, policy.domain, false);
    octets_text(out, policy.pct, false);
    octets_text(out, policy.fo, false);
    for (size_t i = 0; i < COUNT_OF(words.w); i++)
        put_word(out, words.list[i], *words.w[i]);
}

static bool take_text(sv *from, arena *a, sv *out)
{
    uint64_t n;
    *out = SV_ABSENT;
    if (!octets_take_number(from, &n) || n > from->n + 1)
        return false;
    if (n > 0) {
        *out = arena_sv(a, sv_first(*from, (size_t)n - 1));
        *from = sv_skip(*from, (size_t)n - 1);
    }
    return true;
}

static bool read_origin(sv from, arena *a, struct head *h)
{
    const struct policy_words words = words_of(&h->policy);
    sv *const texts[] = {&h->trust.domain, &h->reporter, &h->policy.domain, &h->policy.pct, &h->policy.fo};
    uint64_t trust, sender;
    if (!octets_take_number(&from, &trust) || !octets_take_number(&from, &sender) || trust >= TRUST_END ||
        sender >= TRUST_SENDER_END)
        return false;
    *h = (struct head){.counted = true, .trust = {(enum trust)trust, (enum trust_sender)sender, SV_ABSENT}};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!take_text(&from, a, texts[i]))
            return false;
    for (size_t i = 0; i < COUNT_OF(words.w); i++) {
        sv text;
        if (!take_text(&from, a, &text))
            return false;
        *words.w[i] = word_read(words.list[i], text);
    }
    return from.n == 0;
}

const struct head *head_of_origin(struct store *s, struct heads *heads, int64_t origin, struct err *e)
{
    uint64_t known;
    int64_t key = -origin; /* no report has it */
    if (map_get(&heads->map, map_id(&key), &known))
        return (const struct head *)(uintptr_t)known;
    struct query q = query_start(s, SQL_origin_tuple);
    bind_int(&q, origin);
    struct head *h = arena_alloc(&heads->mem, sizeof *h);
    bool sound = query_row(&q) && h && read_origin(col_blob(&q, 0), &heads->mem, h);
    if (!query_end(&q, e))
        return NULL;
    if (sound && !heads->mem.failed) {
        map_put(&heads->map, map_id(&key), (uintptr_t)h);
        return h;
    }
    h == NULL || heads->mem.failed
        ? store_no_memory(s, e)
        : err_set(e, ERR_DAMAGED, "%s: the database is damaged: an origin", s->path);
    return NULL;
}

static bool make_origin(struct store *s, sv tuple, int64_t last_day, int64_t *id, struct err *e)
{
    struct query q = query_start(s, SQL_origin_put);
    bind_blob(&q, tuple.p, tuple.n);
    bind_int(&q, last_day);
    if (!query_run(&q, e))
        return false;
    *id = sqlite3_last_insert_rowid(s->db);
    return true;
}

static bool keep_origin(struct store *s, int64_t id, int64_t last_day, struct err *e)
{
    struct query q = query_start(s, SQL_origin_keep);
    bind_int(&q, id);
    bind_int(&q, last_day);
    return query_run(&q, e);
}

bool head_origin(struct store *s, const struct head *h, int64_t last_day, int64_t *id, struct err *e)
{
    bool found = false;
    buf tuple CLEANUP(buf_free);
    buf_init(&tuple, MIB(1));
    write_origin(h, &tuple);
    if (tuple.failed)
        return store_no_memory(s, e);
    struct query q = query_start(s, SQL_origin_id);
    bind_blob(&q, tuple.p, tuple.n);
    if (!query_int(&q, id, &found, e))
        return false;
    return found ? keep_origin(s, *id, last_day, e) : make_origin(s, buf_view(&tuple), last_day, id, e);
}
