#include "store/thin.h"

#include "base/clock.h"
#include "delivery.h"
#include "head.h"

enum phase {
    PHASE_REPORTS,
    PHASE_MAILS,
    PHASE_SUMS,
    PHASE_SEEN,
    PHASE_ORIGINS,
    PHASE_TLS,
    PHASE_FAILURES,
    PHASE_SPACE
};

enum {
    LIST = 500,        /* reports or mails looked at in one go */
    REPORT_WORTH = 10, /* rows that the rest of a report counts for */
    SLACK = 16,        /* one part in so many of the file may lie free: the next reports fill it */
    SLACK_OCTETS = 1 << 20
};

static const char thinned_key[] = "thinned";

/* What one step may still do, in rows. */
struct step {
    struct store *s;
    struct store_thinning *t;
    struct heads heads;
    int64_t left;
};

static bool ask(struct store *s, enum statement which, int64_t argument, int64_t *out, bool *found,
                struct err *e)
{
    struct query q = query_start(s, which);
    bind_int(&q, argument);
    *found = query_row(&q) && !col_null(&q, 0);
    *out = *found ? col_int(&q, 0) : 0;
    return query_end(&q, e);
}

static bool do_with(struct store *s, enum statement which, const int64_t *arguments, size_t n, struct err *e)
{
    struct query q = query_start(s, which);
    for (size_t i = 0; i < n; i++)
        bind_int(&q, arguments[i]);
    return query_run(&q, e);
}

#define DO(s, which, e, ...)                                                                                 \
    do_with(s, SQL_##which, (const int64_t[]){__VA_ARGS__}, COUNT_OF(((const int64_t[]){__VA_ARGS__})), e)

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The start of the day that lies that long before. */
static int64_t day_before(int64_t t, int64_t seconds)
{
    return day_of(t - seconds) * DAY_SECONDS;
}

/* Where what goes ends: a day. */
static int64_t gone_before(const struct store_thinning *t)
{
    return day_before(t->newest, t->keep_daily) / DAY_SECONDS;
}

/* ---- reports become sums ---- */

struct old_report {
    int64_t id, domain, first_day, last_day;
    const struct head *head;
};

static int64_t lag_of(const struct head *h)
{
    int64_t late = h->received - h->end;
    return (late + (late > 0 ? DAY_SECONDS - 1 : late < 0 ? 1 - DAY_SECONDS : 0)) / DAY_SECONDS;
}

static bool move_day(struct step *p, const struct old_report *r, int64_t day, int64_t origin, struct err *e)
{
    if (r->head->counted && !DO(p->s, thin_day, e, r->domain, day, r->id, origin, lag_of(r->head)))
        return false;
    if (!DO(p->s, thin_fact, e, r->domain, day, r->id))
        return false;
    p->left -= sqlite3_changes(p->s->db);
    return true;
}

static bool mark_seen(struct store *s, const struct old_report *r, struct err *e)
{
    struct query q = query_start(s, SQL_thin_seen);
    bind_blob(&q, r->head->set_id.p, r->head->set_id.n);
    bind_int(&q, r->id);
    bind_int(&q, r->last_day > 0 ? -r->last_day : -1);
    return query_run_one(&q, e);
}

static bool move_report(struct step *p, const struct old_report *r, struct err *e)
{
    int64_t origin = 0;
    if (r->head->counted && !head_origin(p->s, r->head, r->last_day, &origin, e))
        return false;
    for (int64_t day = r->first_day; day <= r->last_day; day++)
        if (!move_day(p, r, day, origin, e))
            return false;
    p->left -= REPORT_WORTH;
    p->t->reports++;
    return mark_seen(p->s, r, e) && DO(p->s, thin_error, e, r->id) && DO(p->s, thin_delivery, e, r->id) &&
           DO(p->s, thin_head, e, r->id);
}

/* *found false: it went before another of its set. */
static bool load_report(struct step *p, int64_t id, struct old_report *r, bool *found, struct err *e)
{
    struct query q = query_start(p->s, SQL_thin_report);
    bind_int(&q, id);
    *found = query_row(&q);
    *r = (struct old_report){.id = id};
    if (*found) {
        r->domain = col_int(&q, 0);
        r->first_day = col_int(&q, 1);
        r->last_day = day_of(col_int(&q, 2) - 1);
    }
    if (!query_end(&q, e) || !*found)
        return !*found && e->cls == ERR_NONE;
    r->head = head_of_report(p->s, &p->heads, id, e);
    return r->head != NULL;
}

/* Of those that claim to be the same report the one that counts goes first: with that it is settled that none
 * of the others ever will. */
static bool move_winner(struct step *p, const struct head *of, struct err *e)
{
    struct old_report r;
    int64_t winner;
    bool found;
    if (!delivery_winner(p->s, of->set_id, of->reporter_domain, &winner, e))
        return false;
    if (winner < 0)
        return true;
    return load_report(p, winner, &r, &found, e) && (!found || move_report(p, &r, e));
}

static bool move_one(struct step *p, int64_t id, struct err *e)
{
    struct old_report r;
    bool found;
    heads_make_room(&p->heads);
    if (!load_report(p, id, &r, &found, e))
        return false;
    return !found || ((r.head->counted || move_winner(p, r.head, e)) && move_report(p, &r, e));
}

static bool list_reports(struct store *s, int64_t domain, int64_t before, int64_t ids[LIST], size_t *n,
                         struct err *e)
{
    struct query q = query_start(s, SQL_thin_list);
    bind_int(&q, domain);
    bind_int(&q, before);
    bind_int(&q, LIST);
    for (*n = 0; *n < LIST && query_row(&q); ++*n)
        ids[*n] = col_int(&q, 0);
    return query_end(&q, e);
}

/* *done false: some are left. */
static bool thin_domain(struct step *p, int64_t domain, bool *done, struct err *e)
{
    int64_t ids[LIST], newest;
    size_t n = LIST;
    bool found;
    if (!ask(p->s, SQL_thin_newest, domain, &newest, &found, e))
        return false;
    int64_t before = day_before(earlier(newest, p->t->now), p->t->keep_rows);
    int64_t gone = gone_before(p->t) * DAY_SECONDS;
    before = before > gone ? before : gone;
    if (!list_reports(p->s, domain, before, ids, &n, e))
        return false;
    size_t i = 0;
    for (; i < n && p->left > 0; i++)
        if (!move_one(p, ids[i], e))
            return false;
    p->t->cut = n && before > p->t->cut ? before : p->t->cut;
    *done = i == n && n < LIST;
    return true;
}

static bool find_newest(struct step *p, struct err *e)
{
    int64_t domain = 0, newest, latest = INT64_MIN;
    bool more = true, found;
    while (more) {
        if (!ask(p->s, SQL_thin_domain, domain, &domain, &more, e) ||
            (more && !ask(p->s, SQL_thin_newest, domain, &newest, &found, e)))
            return false;
        latest = more && newest > latest ? newest : latest;
    }
    p->t->newest = latest == INT64_MIN ? 0 : earlier(latest, p->t->now);
    return true;
}

/* Since when rows are whole is known with the first of them that is not. */
static bool note_cut(struct step *p, struct err *e)
{
    int64_t known;
    if (p->t->cut == 0)
        return true;
    if (!store_thinned(p->s, &known, e))
        return false;
    struct query q = query_start(p->s, SQL_meta_put);
    bind_text(&q, sv_c(thinned_key));
    bind_int(&q, p->t->cut > known ? p->t->cut : known);
    return query_run(&q, e);
}

static bool thin_reports(struct step *p, bool *over, struct err *e)
{
    bool found = true;
    if (p->t->at == 0 && !find_newest(p, e))
        return false;
    while (p->left > 0) {
        int64_t domain;
        bool done = false;
        if (!ask(p->s, SQL_thin_domain, p->t->at, &domain, &found, e))
            return false;
        if (!found)
            break;
        if (!thin_domain(p, domain, &done, e))
            return false;
        p->t->at = done ? domain : p->t->at;
    }
    *over = !found;
    return note_cut(p, e);
}

bool store_thinned(struct store *s, int64_t *before, struct err *e)
{
    bool found;
    struct query q = query_start(s, SQL_meta_get);
    bind_text(&q, sv_c(thinned_key));
    return query_int(&q, before, &found, e);
}

/* ---- mails that nothing is known of any more but that they are done ---- */

/* Mails are numbered as they come in, so that the first one that is young ends the looking. */
static bool thin_mails(struct step *p, bool *over, struct err *e)
{
    int64_t ids[LIST], before = day_before(p->t->newest, p->t->keep_rows);
    size_t n = 0;
    struct query q = query_start(p->s, SQL_thin_mails);
    bind_int(&q, p->t->at);
    bind_int(&q, LIST);
    while (n < LIST && query_row(&q) && col_int(&q, 1) < before)
        ids[n++] = col_int(&q, 0);
    if (!query_end(&q, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!DO(p->s, thin_mail, e, ids[i]))
            return false;
        p->t->mails += (uint64_t)sqlite3_changes(p->s->db);
        p->t->at = ids[i];
    }
    *over = n < LIST;
    return true;
}

/* ---- what is older than sums are kept ---- */

static bool thin_sums(struct step *p, bool *over, struct err *e)
{
    int64_t domain, day;
    bool found = true, has_day;
    while (p->left > 0) {
        if (!ask(p->s, SQL_thin_sum_domain, p->t->at, &domain, &found, e) ||
            (found && !ask(p->s, SQL_thin_sum_day, domain, &day, &has_day, e)))
            return false;
        if (!found)
            break;
        if (day >= gone_before(p->t)) {
            p->t->at = domain;
            continue;
        }
        if (!DO(p->s, thin_sums, e, domain, day))
            return false;
        p->left -= sqlite3_changes(p->s->db);
        p->t->sums += (uint64_t)sqlite3_changes(p->s->db);
    }
    *over = !found;
    return true;
}

/* A statement that takes away at most ?2 rows from before ?1. */
static bool take_away(struct step *p, enum statement which, int64_t before, bool *over, struct err *e)
{
    const int64_t arguments[] = {before, LIST};
    if (!do_with(p->s, which, arguments, COUNT_OF(arguments), e))
        return false;
    *over = sqlite3_changes(p->s->db) < LIST;
    return true;
}

static bool thin_seen(struct step *p, bool *over, struct err *e)
{
    return take_away(p, SQL_thin_forget, -gone_before(p->t), over, e);
}

static bool thin_origins(struct step *p, bool *over, struct err *e)
{
    return take_away(p, SQL_thin_origins, gone_before(p->t), over, e);
}

static bool thin_failures(struct step *p, bool *over, struct err *e)
{
    return take_away(p, SQL_thin_failures, gone_before(p->t) * DAY_SECONDS, over, e);
}

static bool thin_tls(struct step *p, bool *over, struct err *e)
{
    int64_t ids[LIST];
    size_t n = 0;
    struct query q = query_start(p->s, SQL_thin_tls);
    bind_int(&q, gone_before(p->t) * DAY_SECONDS);
    bind_int(&q, LIST);
    while (n < LIST && query_row(&q))
        ids[n++] = col_int(&q, 0);
    if (!query_end(&q, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!DO(p->s, thin_tls_failure, e, ids[i]) || !DO(p->s, thin_tls_policy, e, ids[i]) ||
            !DO(p->s, thin_tls_report, e, ids[i]))
            return false;
    *over = n < LIST;
    return true;
}

/* ---- room ---- */

static bool measure(struct store *s, enum statement which, int64_t *out, struct err *e)
{
    bool found;
    struct query q = query_start(s, which);
    return query_int(&q, out, &found, e);
}

/* A file of before the first version that gives room back keeps it for what comes. */
static bool give_back(struct store *s, struct store_thinning *t, bool *more, struct err *e)
{
    int64_t all, unused, left;
    *more = false;
    if (!measure(s, SQL_space_all, &all, e) || !measure(s, SQL_space_free, &unused, e))
        return false;
    if (unused <= SLACK_OCTETS || unused <= all / SLACK)
        return true;
    struct query q = query_start(s, SQL_space_give_back);
    if (!query_run(&q, e) || !measure(s, SQL_space_all, &left, e))
        return false;
    *more = left < all;
    t->octets += (uint64_t)(all - left);
    return true;
}

/* ---- steps ---- */

static bool step(struct step *p, bool *over, struct err *e)
{
    switch ((enum phase)p->t->phase) {
    case PHASE_REPORTS:
        return thin_reports(p, over, e);
    case PHASE_MAILS:
        return thin_mails(p, over, e);
    case PHASE_SUMS:
        return thin_sums(p, over, e);
    case PHASE_SEEN:
        return thin_seen(p, over, e);
    case PHASE_ORIGINS:
        return thin_origins(p, over, e);
    case PHASE_TLS:
        return thin_tls(p, over, e);
    case PHASE_FAILURES:
        return thin_failures(p, over, e);
    case PHASE_SPACE:
        break;
    }
    return err_set(e, ERR_BUG, "%s: a step of thinning that there is not", p->s->path);
}

bool store_thin(struct store *s, struct store_thinning *t, bool *more, struct err *e)
{
    struct step p = {.s = s, .t = t, .left = (int64_t)s->limits.thin_rows};
    bool over = false;
    err_clear(e);
    *more = true;
    if (t->phase == PHASE_SPACE)
        return give_back(s, t, more, e);
    if (!tx_begin(s, TX_SHORT, e))
        return false;
    heads_init(&p.heads, &s->limits);
    bool ok = step(&p, &over, e);
    heads_free(&p.heads);
    if (!ok) {
        tx_rollback(s);
        return false;
    }
    if (over) {
        t->phase++;
        t->at = 0;
    }
    return tx_commit(s, e);
}
