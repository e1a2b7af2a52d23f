#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "model/domain.h"
#include "shown.h"

void tally_init(struct tally *t)
{
    *t = (struct tally){0};
    arena_init(&t->arena, SIZE_MAX / 4);
    others_init(&t->others);
    reject_list_init(&t->rejects);
}

void tally_free(struct tally *t)
{
    for (size_t i = 0; i < t->n_reporters; i++)
        free(t->reporters[i]->reports);
    free(t->reporters);
    arena_free(&t->arena);
}

/* Room for one more item behind *items; false (and t->failed) when memory is out. */
static bool grow(struct tally *t, void *items, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : 16;
    void *p = reallocarray(*(void **)items, more, size);
    if (p == NULL) {
        t->failed = true;
        return false;
    }
    *(void **)items = p;
    *cap = more;
    return true;
}

static int row_key_cmp(const struct tally_row *a, const struct tally_row *b)
{
    int c = ip_cmp(&a->ip, &b->ip);
    if (c == 0)
        c = sv_cmp(a->header_from, b->header_from);
    if (c == 0)
        c = sv_cmp(word_text(DISPOSITION_LIST, a->disposition), word_text(DISPOSITION_LIST, b->disposition));
    if (c == 0)
        c = sv_cmp(word_text(VERDICT_LIST, a->dkim), word_text(VERDICT_LIST, b->dkim));
    if (c == 0)
        c = sv_cmp(word_text(VERDICT_LIST, a->spf), word_text(VERDICT_LIST, b->spf));
    if (c == 0)
        c = sv_cmp(a->dkim_results, b->dkim_results);
    return c ? c : sv_cmp(a->spf_results, b->spf_results);
}

static int by_key(const void *a, const void *b)
{
    return row_key_cmp(a, b);
}

static int by_count(const void *a, const void *b)
{
    const struct tally_row *x = a, *y = b;
    if (x->passes != y->passes)
        return x->passes ? 1 : -1;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return row_key_cmp(x, y);
}

static int by_ip(const void *a, const void *b)
{
    return ip_cmp(a, b);
}

static size_t merge_same(struct tally_row *rows, size_t n)
{
    size_t kept = 0;
    if (n == 0) /* qsort takes no NULL */
        return 0;
    qsort(rows, n, sizeof *rows, by_key);
    for (size_t i = 0; i < n; i++) {
        if (kept && row_key_cmp(&rows[kept - 1], &rows[i]) == 0)
            rows[kept - 1].count = sat_add(rows[kept - 1].count, rows[i].count);
        else
            rows[kept++] = rows[i];
    }
    qsort(rows, kept, sizeof *rows, by_count);
    return kept;
}

static uint64_t count_different(struct ip *ips, size_t n)
{
    uint64_t different = 0;
    if (n == 0)
        return 0;
    qsort(ips, n, sizeof *ips, by_ip);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || ip_cmp(&ips[i - 1], &ips[i]) != 0)
            different++;
    return different;
}

/* Scratch lists of one report. */
struct gather {
    const struct output *o;
    const struct report *report;
    struct tally_row *rows;
    size_t n_rows, rows_cap;
    struct ip *passing;
    size_t n_passing, passing_cap;
};

/* "example.com/s1 pass, example.net fail" */
static sv dkim_in_words(arena *a, const struct record *r)
{
    sv all = SV_ABSENT;
    for (size_t i = 0; i < r->n_dkims; i++) {
        const struct dkim_auth *d = &r->dkims[i];
        sv result = word_text(DKIM_LIST, d->result);
        all = arena_printf(a, "%.*s%s%.*s%s%.*s %.*s", SV_ARG(all), i ? ", " : "",
                           SV_ARG(shown_domain(a, d->domain)), d->selector.n ? "/" : "",
                           SV_ARG(shown_text(a, d->selector)), SV_ARG(shown_text(a, result)));
    }
    return all;
}

static sv spf_in_words(arena *a, const struct record *r)
{
    sv all = SV_ABSENT;
    for (size_t i = 0; i < r->n_spfs; i++) {
        sv result = word_text(SPF_LIST, r->spfs[i].result);
        all = arena_printf(a, "%.*s%s%.*s %.*s", SV_ARG(all), i ? ", " : "",
                           SV_ARG(shown_domain(a, r->spfs[i].domain)), SV_ARG(shown_text(a, result)));
    }
    return all;
}

static struct tally_row row_of(arena *a, const struct output *o, const struct report *r,
                               const struct record *record)
{
    bool raw = o->options.auth_results;
    return (struct tally_row){
        .ip = record->source_ip,
        .count = record->count,
        .passes = record_passes(record),
        .disposition = shown_word(a, record->disposition),
        .dkim = shown_word(a, record->dkim),
        .spf = shown_word(a, record->spf),
        .header_from = shown_domain(a, record->header_from),
        .sender = arena_sv(a, output_label_of(o, r, record).sender),
        .dkim_results = raw ? dkim_in_words(a, record) : SV_ABSENT,
        .spf_results = raw ? spf_in_words(a, record) : SV_ABSENT,
    };
}

static void add_record(struct tally *t, struct gather *g, struct tally_report *to, const struct record *r)
{
    if (record_passes(r)) {
        to->passing = sat_add(to->passing, r->count);
        if (grow(t, &g->passing, g->n_passing, &g->passing_cap, sizeof *g->passing))
            g->passing[g->n_passing++] = r->source_ip;
        if (!g->o->options.all_rows)
            return;
    } else {
        to->failing = sat_add(to->failing, r->count);
    }
    if (grow(t, &g->rows, g->n_rows, &g->rows_cap, sizeof *g->rows))
        g->rows[g->n_rows++] = row_of(&t->arena, g->o, g->report, r);
}

/* Reporters are told apart by folded name and mail domain: names change their spelling. */
static sv reporter_key(arena *a, const struct report *r)
{
    sv name = domain_fold(a, r->org_name, NULL), mail = domain_fold(a, domain_of_address(r->email), NULL);
    return arena_printf(a, "%.*s %.*s", SV_ARG(name), SV_ARG(mail));
}

static struct tally_reporter *reporter_of(struct tally *t, const struct report *r)
{
    sv key = reporter_key(&t->arena, r);
    /* From the back: reports of one reporter tend to follow each other. */
    for (size_t i = t->n_reporters; i-- > 0;)
        if (sv_eq(t->reporters[i]->key, key))
            return t->reporters[i];
    struct tally_reporter *new = arena_alloc(&t->arena, sizeof *new);
    if (new == NULL || !grow(t, &t->reporters, t->n_reporters, &t->cap, sizeof(struct tally_reporter *)))
        return NULL;
    sv mail = domain_of_address(r->email);
    *new = (struct tally_reporter){
        .name = shown_text(&t->arena, r->org_name.n ? r->org_name
                                      : mail.n      ? mail
                                                    : SV("(no name)")),
        .email = shown_text(&t->arena, r->email),
        .key = key,
    };
    t->reporters[t->n_reporters++] = new;
    return new;
}

static struct tally_report *report_new(arena *a, const struct output *o, sv file, const struct report *r)
{
    struct tally_report *to = arena_alloc(a, sizeof *to);
    if (to == NULL)
        return NULL;
    to->file = arena_sv(a, file);
    to->report_id = shown_text(a, r->report_id);
    to->domain = shown_domain(a, r->domain);
    to->policy.p = shown_word(a, r->policy.p);
    to->policy.sp = shown_word(a, r->policy.sp);
    to->notes = r->notes;
    to->lint = o->lint;
    to->dialect = r->dialect;
    report_period(r, &to->begin, &to->end);
    return to;
}

void tally_report(struct tally *t, const struct output *o, sv file, const struct report *r,
                  struct record_cursor *records)
{
    struct tally_reporter *who = reporter_of(t, r);
    struct tally_report *to = report_new(&t->arena, o, file, r);
    if (who == NULL || to == NULL ||
        !grow(t, &who->reports, who->n_reports, &who->cap, sizeof(struct tally_report *))) {
        t->failed = true;
        return;
    }
    struct gather g = {.o = o, .report = r};
    struct record record;
    while (records->next(records, &record))
        add_record(t, &g, to, &record);
    to->n_rows = merge_same(g.rows, g.n_rows);
    to->rows = arena_array(&t->arena, to->n_rows, sizeof *to->rows);
    if (to->rows && g.rows)
        memcpy(to->rows, g.rows, to->n_rows * sizeof *to->rows);
    to->passing_sources = count_different(g.passing, g.n_passing);
    free(g.rows);
    free(g.passing);
    if (o->options.hide_empty && to->passing == 0 && to->failing == 0)
        return;
    who->reports[who->n_reports++] = to;
    who->messages = sat_add(who->messages, sat_add(to->passing, to->failing));
    who->failing = sat_add(who->failing, to->failing);
    t->failed = t->failed || t->arena.failed;
}

static int by_begin(const void *a, const void *b)
{
    const struct tally_report *x = *(struct tally_report *const *)a, *y = *(struct tally_report *const *)b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    int c = sv_cmp(x->domain, y->domain);
    return c ? c : sv_cmp(x->file, y->file);
}

static int by_name(const void *a, const void *b)
{
    const struct tally_reporter *x = *(struct tally_reporter *const *)a,
                                *y = *(struct tally_reporter *const *)b;
    return sv_cmp(x->key, y->key);
}

void tally_sort(struct tally *t)
{
    if (t->n_reporters)
        qsort(t->reporters, t->n_reporters, sizeof *t->reporters, by_name);
    for (size_t i = 0; i < t->n_reporters; i++)
        qsort(t->reporters[i]->reports, t->reporters[i]->n_reports, sizeof(struct tally_report *), by_begin);
}
